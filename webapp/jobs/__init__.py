"""What runs later: a job name is a service call."""
