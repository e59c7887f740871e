"""The menu of administrators: users and releases; a file a screen."""
