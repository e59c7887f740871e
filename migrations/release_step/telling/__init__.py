"""What a command is asked and what it answers: options, lines, JSON, failures, signals; no library, no database.

A sentence that an operator reads stands in `messages.py`. What makes it true is found elsewhere.
"""
