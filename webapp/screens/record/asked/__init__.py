"""What the script of a page asks while somebody types, answered in JSON. Nothing here writes."""
