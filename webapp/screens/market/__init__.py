"""The menu of market data; a file a screen."""
