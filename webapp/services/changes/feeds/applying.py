"""Store a feed as a change set without items, and write its rows."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.rules.findings import Finding
from webapp.services.changes import approving, file_bytes, policy
from webapp.services.changes.feeds import classifying, electing, keeping, receiving, summarizing, writing
from webapp.services.changes.feeds.plan import FeedPlan
from webapp.services.changes.feeds.summarizing import Summary
from webapp.services.changes.proposals import Intent
from webapp.services.changes.row_writing import COMPARING, OnRows

# How much of comparing them once more is over after each step, of a hundred; as measured with prices.
BROUGHT_BACK, CLASSIFIED, REFUSED = 35, 65, 90

# Keep what stewards set among the classified rows, and remark on it.
Holding = Callable[[FeedPlan], tuple[int, list[Finding]]]


@dataclass(slots=True)
class Feed:
    """A file's rows as they are classified in this transaction, and what a change set is to say of them.

    `reader` names what has read the file, with its version; `sha256` is the file's.
    """

    plan: FeedPlan
    intent: Intent
    reader: str
    sha256: str
    summed: Summary
    counts: Mapping[str, Any]
    findings: Sequence[Finding] = field(default_factory=tuple)

    @property
    def digest(self) -> str:
        """The hash of the file, of what has read it and of what it does: what a confirmation covers."""
        document = [self.sha256, self.reader, self.plan.as_json(), self.summed.as_json(), dict(self.counts)]
        return hashlib.sha256(json.dumps(document, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def store(feed: Feed) -> ChangeSet:
    """Store a feed that its author wants to look at before deciding, with its rows."""
    change_set = _head(feed)
    approving.begin(change_set, is_let_through=False)
    keeping.keep(feed.plan, change_set.id)
    return change_set


def carry_out(feed: Feed, on_rows: OnRows) -> ChangeSet:
    """Store a feed, and write what is classified at once where the policy lets it through."""
    if not policy.lets_through(feed.intent.author, feed.intent.kind):
        return store(feed)
    change_set = _head(feed)
    approving.begin(change_set, is_let_through=True)
    writing.write(feed.plan, change_set.id, feed.summed, on_rows)
    _finish(change_set)
    return change_set


def apply(change_set: ChangeSet, hold: Holding, on_rows: OnRows) -> list[Finding]:
    """Write the rows of an approved feed that waited, compared anew; what is remarked on that.

    Raises Moved where what would be written is not what was shown, and Refused.
    """
    assert change_set.feed is not None
    plan = FeedPlan.from_json(change_set.feed["plan"])
    rows = int(change_set.counts.get("created", 0)) + int(change_set.counts.get("updated", 0))
    receiving.allow(rows)
    on_rows(0, 100, COMPARING)
    keeping.bring_back(plan, change_set.id)
    on_rows(BROUGHT_BACK, 100, COMPARING)
    classifying.classify(plan)
    on_rows(CLASSIFIED, 100, COMPARING)
    keeping.leave_gone(change_set.id)
    kept, remarks = hold(plan)
    keeping.require_as_shown(plan, change_set.id)
    classifying.refuse(plan)
    electing.settle(plan)
    on_rows(REFUSED, 100, COMPARING)
    summed = summarizing.summary(plan)
    writing.write(plan, change_set.id, summed, on_rows)
    _recount(change_set, summed, kept)
    keeping.forget(change_set.id)
    change_set.status, change_set.applied_at = "applied", datetime.now(UTC)
    _finish(change_set)
    return remarks


def _head(feed: Feed) -> ChangeSet:
    change_set = approving.head_of(feed.intent, [feed.plan.table])
    change_set.counts = dict(feed.counts)
    change_set.findings = [finding.as_json() for finding in feed.findings[: approving.MOST_FINDINGS]]
    change_set.feed = {"reader": feed.reader, "plan": feed.plan.as_json(), **feed.summed.as_json()}
    change_set.digest = feed.digest
    return change_set


def _recount(change_set: ChangeSet, summed: Summary, kept: int) -> None:
    """The counts as they are now; rows that need no writing any more are as the file has them."""
    assert change_set.feed is not None
    new, changed = summed.verdicts["new"], summed.verdicts["changed"]
    before = int(change_set.counts.get("created", 0)) + int(change_set.counts.get("updated", 0))
    refused = summed.verdicts["refused"]
    change_set.counts = {
        **change_set.counts,
        "created": new,
        "updated": changed,
        "unchanged": change_set.counts.get("unchanged", 0) + before - new - changed - refused,
        "kept": change_set.counts.get("kept", 0) + kept,
        "rejected": change_set.counts.get("rejected", 0) + refused,
    }
    change_set.feed = {**change_set.feed, **summed.as_json()}


def _finish(change_set: ChangeSet) -> None:
    file_bytes.forget_of(change_set)
    db.session.flush()
    for row in [row for row in db.session if row is not change_set]:
        db.session.expire(row)
