"""The one way in which curated rows change: proposed, decided, applied, undone; knows no file and no form.

Entrances go through `door`. A new kind of change is a new intent and a line of `policy`, no second way; how a file is
read, what a form said, and how an outcome is told are the business of whoever calls.
"""
