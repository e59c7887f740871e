"""The menu of master data: companies and what they are sorted into; declarations, a file a screen."""
