"""What is done with whole lists: views that people keep, and files that they take away."""
