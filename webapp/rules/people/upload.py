"""What becomes of an upload."""

from webapp.rules.fields import OneOf

RECEIVED, COMPARED, REFUSED = "received", "compared", "refused"
STATUS = OneOf((RECEIVED, COMPARED, REFUSED))
