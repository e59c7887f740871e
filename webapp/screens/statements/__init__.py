"""The menu of statements: figures, the documents they come from, what is computed from them; a file a screen."""
