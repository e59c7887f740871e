"""stockcode undo, and how far a writing has come on a terminal."""
