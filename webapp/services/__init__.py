"""Verbs on curated data; the only writers."""
