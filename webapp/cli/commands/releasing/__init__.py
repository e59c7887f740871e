"""How the commands of the release step are called."""
