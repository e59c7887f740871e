"""stockcode verify and release: whose word a field of a record is; and which record an operator names."""
