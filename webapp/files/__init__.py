"""Foreign formats to and from plain rows. Pure: no Flask, no SQLAlchemy."""
