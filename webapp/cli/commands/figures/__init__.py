"""How the commands about figures are called.

A file a command, by its name; `chosen` asks them all for companies alike.
"""
