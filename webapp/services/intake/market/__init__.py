"""Prices of files beside the stored ones: what a vendor has adjusted, and what is odd about a day."""
