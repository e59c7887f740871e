"""How a value becomes a steward's word."""

from webapp.rules.fields import OneOf

# set: typed, chosen or blanked by hand; verified: looked at and found right.
SET, VERIFIED = "set", "verified"
HOW = OneOf((SET, VERIFIED))
