"""The inverse of a change set, and what stands in its way."""
