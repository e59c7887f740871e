"""How the commands about figures are called."""
