"""What follows from a change: former names in the same change set; whose word each field is, which findings hold."""
