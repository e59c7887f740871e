"""One session with the database: reached, found fit, locked, read, and its errors told; knows no revision file.

What the release step left in a database about itself (`recorded`, `ledger`) is read and written here.
"""
