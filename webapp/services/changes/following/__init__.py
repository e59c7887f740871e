"""What follows from a change set once its rows are written: whose word each field is, and which findings still hold."""
