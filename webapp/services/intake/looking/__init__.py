"""What a file would do before anything is written: one shape for items and for feeds."""
