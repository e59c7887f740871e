"""Changes of many rows that somebody has chosen on a screen: first looked at, then written as one change set."""
