"""The words of a statement that is expected and not there."""

from webapp.rules.fields import OneOf

# ahead: it is not due yet. missing: it was due, and no document is known. unread: a document is there, and its figures
# have not been imported.
AHEAD, MISSING, UNREAD = "ahead", "missing", "unread"
STATE = OneOf((AHEAD, MISSING, UNREAD))
