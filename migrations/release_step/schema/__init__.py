"""What the models declare, what a database holds, and how the two differ; the only room that knows the models."""
