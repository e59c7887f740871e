"""How the whole stands: what is missing, what is due, which rules hold, and how findings come and go.

Pages that read and change nothing, but for the one on which findings are decided on. What they show is found by
services/checking; a list of records is a screen like any other.
"""
