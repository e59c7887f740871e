"""What each command is called with: arguments, options, and the mistakes in them; no Flask, no SQLAlchemy.

What a command does stands in the file of the same name one room up, and is loaded when it is called.
"""
