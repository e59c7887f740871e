"""Decide on findings: who looks after them and until when, and which figures are accepted. Through the door."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import and_, select

from webapp import db
from webapp.models.findings.finding import IDENTITY, FiledFinding
from webapp.models.findings.finding_decision import FindingDecision
from webapp.rules import change
from webapp.services.changes import door
from webapp.services.changes.door import Outcome
from webapp.services.changes.proposals import Intent, Wish

# What goes on from one decision to the next, where only the figures became others.
GOES_ON = ("owner_id", "due_on")


def decide(numbers: Sequence[int], values: Mapping[str, Any], intent: Intent) -> Outcome:
    """Set these fields of the decisions on these findings; those that nobody has decided on get a decision."""
    return door.carry(_wishes(numbers, values), intent)


def _wishes(numbers: Sequence[int], values: Mapping[str, Any]) -> list[Wish]:
    same = and_(
        FindingDecision.digest == FiledFinding.digest,
        *(
            getattr(FindingDecision, name).is_not_distinct_from(getattr(FiledFinding, name))
            for name in IDENTITY
        ),
    )
    pairs = (
        select(FiledFinding, FindingDecision)
        .outerjoin(FindingDecision, same)
        .where(FiledFinding.id.in_(numbers))
        .order_by(FiledFinding.id)
    )
    return [_wish(finding, decision, values) for finding, decision in db.session.execute(pairs)]


def _wish(finding: FiledFinding, decision: FindingDecision | None, values: Mapping[str, Any]) -> Wish:
    if decision is not None:
        return Wish(FindingDecision, change.UPDATE, values, (decision.id,), decision.version)
    facts = {name: getattr(finding, name) for name in (*IDENTITY, "digest", *GOES_ON)}
    return Wish(FindingDecision, change.CREATE, {**facts, **values})
