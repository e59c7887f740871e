"""How the whole stands: what is missing, what is due, which rules hold, and how findings come and go."""
