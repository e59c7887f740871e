"""What is done with whole lists: their records as values, views that people keep, and files that they take away."""
