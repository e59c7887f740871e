"""How the commands about whose word a field is are called."""
