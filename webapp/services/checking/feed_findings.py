"""File what a feed says against stored rows: by sets, in the transaction in which it is written."""

from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.services.changes.feeds import saying
from webapp.services.changes.feeds.plan import FeedPlan
from webapp.services.changes.following import source_findings


def tell(plan: FeedPlan, origin: str, change_set: ChangeSet | None) -> None:
    """Gather what the rows say that are classified in this transaction, and file it unless its change set waits."""
    source_findings.begin()
    if saying.gather(plan, origin):
        _hold(change_set)


def tell_of_waiting(change_set: ChangeSet, origin: str) -> None:
    """File what a feed that waited said when it was shown, and what of its rows is held or refused since."""
    assert change_set.feed is not None
    plan = FeedPlan.from_json(change_set.feed["plan"])
    source_findings.bring_back(change_set.id)
    if saying.gather(plan, origin):
        _hold(change_set)


def _hold(change_set: ChangeSet | None) -> None:
    if change_set is not None:
        source_findings.keep(change_set.id)
        db.session.expire(change_set, ["source_says"])
    if change_set is None or change_set.status == "applied":
        source_findings.file(None if change_set is None else change_set.id)
