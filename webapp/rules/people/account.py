"""What makes a person's account acceptable."""

from webapp.rules.fields import OneOf, Pattern, Text

EMAIL = Pattern(r"[^@\s]{1,64}@[^@\s]{1,189}", "an e-mail address")
ROLES = ("viewer", "steward", "approver", "admin")
ROLE = OneOf(ROLES)
NAME = Text(100)
LANGUAGE = OneOf(("ja", "en"))
# Where somebody has chosen none, the system's colours and the usual height of a row.
THEME = OneOf(("light", "dark"))
DENSITY = OneOf(("compact", "roomy"))
# OWASP ASVS 5.0, 6.2.1: at least 8, and 15 advised; we ask for 12.
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 128
