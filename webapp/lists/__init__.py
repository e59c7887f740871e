"""A list as a value: its query, conditions, order, place and count; needs neither Flask-Admin nor a request."""
