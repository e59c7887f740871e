"""The one way in which curated rows change: proposed, decided, applied, undone; knows no file and no form."""
