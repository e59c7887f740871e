"""What people type into: a field for each kind of column, and the form of a record; nothing is saved here."""
