"""What counts as correct. Pure: no Flask, no SQLAlchemy, no WTForms."""
