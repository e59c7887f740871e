"""The days on which Tokyo trades, and how far a price may move on one."""
