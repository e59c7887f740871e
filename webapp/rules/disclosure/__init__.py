"""When which report is due, which figures it is expected to hold, and what is odd about what files say. Pure."""
