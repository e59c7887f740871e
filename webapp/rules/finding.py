"""The words of a finding at rest: how grave it is, in which state, and what people decide on it."""

from collections.abc import Mapping
from dataclasses import dataclass

from webapp.label import Label
from webapp.rules.fields import OneOf, Pattern, Saying, Text

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


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRule:
    """What is filed of a source, with what is stored and what it says; our own rule, so that its id means nothing."""

    id: str
    label: Label
    source: str
    severity: str = REVIEW


SOURCE_RULES = (
    SourceRule(
        id=STEWARD_AGAINST_SOURCE,
        label=Label("担当者の値と出典の相違", "Steward’s value against the source"),
        source=Saying("what a steward has set stays until it is released to its source").message,
    ),
    SourceRule(
        id=REFUSED_FROM_SOURCE,
        label=Label("出典の値を取り込めず", "Value of the source not taken"),
        source=Saying("what the rule of a field refuses is not stored, whoever says it").message,
    ),
)
OF_SOURCES: Mapping[str, SourceRule] = {rule.id: rule for rule in SOURCE_RULES}
