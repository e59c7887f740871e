"""What became of a company's shares, and how many there are; prices of days are beside this room."""
