"""What operators ask of figures: whether the rules of accounting hold, and the indicators computed anew."""
