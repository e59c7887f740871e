"""The words of a finding at rest: how grave it is, in which state, and what people decide on it."""

from webapp.rules.fields import OneOf, Pattern, Text

BLOCKS, REVIEW, NOTE = "blocks", "review", "note"
SEVERITY = OneOf((BLOCKS, REVIEW, NOTE))
# waived: somebody has accepted these very figures, until a day. closed: it no longer holds.
OPEN, WAIVED, CLOSED = "open", "waived", "closed"
STATUS = OneOf((OPEN, WAIVED, CLOSED))
RULE = Pattern("[A-Za-z0-9_.-]{1,40}", "the name of a rule")
REASON = Text(500)
DIGEST = Pattern("[0-9a-f]{64}", "64 hexadecimal digits")
# A value of a steward's beside another one of the source that it would otherwise follow.
STEWARD_AGAINST_SOURCE = "steward_against_source"
# A value of a source that a rule of ours does not take, so that its row was not written.
REFUSED_FROM_SOURCE = "refused_from_source"
# What is filed of a source, with what is stored and what it says.
OF_SOURCES = (STEWARD_AGAINST_SOURCE, REFUSED_FROM_SOURCE)
