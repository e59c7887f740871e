"""Formulas on plain numbers. Pure."""
