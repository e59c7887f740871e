"""When which report is due, and which figures it is expected to hold. Pure."""
