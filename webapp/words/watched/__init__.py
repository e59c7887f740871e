"""What rules and indicators say: their formulas as people read them, and which indicators a change has moved."""
