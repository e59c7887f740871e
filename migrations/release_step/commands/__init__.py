"""What each command does with its call, in files by what they load; every function returns what --json prints."""
