"""What each command is called with: arguments, options, and the mistakes in them; no Flask, no SQLAlchemy."""
