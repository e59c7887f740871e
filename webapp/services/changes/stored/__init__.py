"""What is stored of changes and read of rows by as few statements as do, as every save waits for each of them."""
