"""What people type into: a field for each kind of column, and the form of a record; nothing is saved here.

A field reads strictly and shows what it was given back. Whether a value is right is a rule of its column; what becomes
of a form, and which page it stands on, is for `screens.record`.
"""
