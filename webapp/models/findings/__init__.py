"""What is wrong with stored rows, and what people decide on it."""
