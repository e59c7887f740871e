"""A statement laid out as its standard prints it."""
