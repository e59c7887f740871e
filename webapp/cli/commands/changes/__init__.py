"""How the commands about whole change sets are called."""
