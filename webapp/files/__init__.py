"""Foreign formats to and from plain rows. Pure: no Flask, no SQLAlchemy.

A format is one file that yields `rows`; what several need to open a file without trusting it is here too. What a row
means for the stored ones, and whether a file may be taken at all, is for `services.intake` to say.
"""
