"""What runs later: a job is a name and a service call. Who starts them, and when, is no business of theirs."""
