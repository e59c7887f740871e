"""The one door: every entrance hands in what it wants, and is told what came of it.

The door opens the transaction and ends it. What is refused anywhere behind it comes back as a value, and nothing of it
is written.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from webapp import db
from webapp.label import Label
from webapp.models.change_set import ChangeSet
from webapp.models.change_set_item import ChangeSetItem
from webapp.rules import change
from webapp.rules.findings import Finding
from webapp.services.changes import (
    applying,
    approving,
    proposing,
    rebasing,
    resubmission,
    rivals,
    row_conflicts,
    row_sql,
    row_writing,
    undoing,
)
from webapp.services.changes.approving import NotPending, NotYours, SavedAlready
from webapp.services.changes.feeds import applying as feeds
from webapp.services.changes.feeds import keeping as feed_rows
from webapp.services.changes.feeds.applying import Feed, Holding
from webapp.services.changes.proposals import Author, Conflict, Intent, Moved, Proposal, Refused, Wish
from webapp.services.changes.rebasing import Keeping
from webapp.services.changes.row_writing import OnRows
from webapp.services.changes.undoing import CannotUndo, Overtaken, UndoneAlready

__all__ = [
    "Applied", "DatabaseRefused", "NotPending", "NotYours", "Outcome", "Refusal", "SentBefore", "Unchanged", "Waiting",
    "Written", "carry", "decide", "decline", "sent_before", "settle", "store", "undo", "undo_sitting",
    "write",
]  # fmt: skip

Done = TypeVar("Done")


@dataclass(frozen=True, slots=True)
class Applied:
    """The rows are written: the change set's number, what was remarked, and the keys of new rows, as text.

    `meanwhile`: what others had changed since the editor looked, which stays beside the editor's own changes.
    """

    number: int
    findings: Sequence[Finding] = ()
    created: tuple[str, ...] = ()
    # What its row is called, where it has just one.
    record: Label | None = None
    meanwhile: Sequence[Conflict] = ()
    # Which indicators have moved, as the change set keeps it.
    moves: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """The change set is stored, and waits for somebody else to decide on it."""

    number: int
    record: Label | None = None


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Every row is as wanted already; nothing is stored."""


@dataclass(frozen=True, slots=True)
class SentBefore:
    """The form was sent before, and made this change set; `is_same`: it wanted the same then."""

    change_set: ChangeSet
    is_same: bool


@dataclass(frozen=True, slots=True)
class DatabaseRefused:
    """PostgreSQL did not do it, for a reason that is in no row: it is full, restarting, locked, read-only."""

    error: SQLAlchemyError


Written = Applied | Waiting | Unchanged
# Why nothing was written. Moved, Refused and the reasons against undoing are raised behind the door, and values here.
Refusal = Moved | Refused | NotPending | NotYours | CannotUndo | UndoneAlready | Overtaken | DatabaseRefused
Outcome = Written | SentBefore | Refusal


def carry(wishes: Sequence[Wish], intent: Intent) -> Outcome:
    """Carry wishes out, all of them or none.

    What somebody else changed meanwhile stays as it is, in all fields but those that the wishes change.
    """
    outcome = _settled(lambda: _carried(wishes, intent))
    if isinstance(outcome, SavedAlready | Moved | Unchanged):
        # Of a form that comes a second time the rows have moved, or are as it wants them: by its own first coming.
        before = sent_before(wishes, intent)
        if before is not None and (before.is_same or isinstance(outcome, SavedAlready)):
            return before
    assert not isinstance(outcome, SavedAlready)  # its token led to what was saved
    return _explained(outcome, wishes) if isinstance(outcome, Moved) else outcome


def sent_before(wishes: Sequence[Wish], intent: Intent) -> SentBefore | None:
    """What the form of this intent made when it was sent before, if it was."""
    earlier = resubmission.earlier(intent.save_token)
    return None if earlier is None else SentBefore(earlier, resubmission.is_same(earlier, wishes))


def undo(
    number: int,
    author: Author,
    reason: str,
    *,
    leaves_touched: bool = False,
    on_rows: OnRows = row_writing.in_silence,
) -> Outcome:
    """Carry out the inverse of an applied change set, all of it or nothing.

    `leaves_touched`: rows that somebody has changed since stay as they are, and the others go back. `on_rows` is told
    how far the writing has come.
    Raises LookupError where there is no such change set.
    """
    return settle(
        lambda: _written(
            undoing.carry_out(number, author, reason, leaves_touched=leaves_touched, on_rows=on_rows)
        )
    )


def undo_sitting(number: int, author: Author, reason_of: Callable[[int], str]) -> Outcome:
    """Undo all cells of a sitting, or none; the number is that of the first undoing.

    Raises LookupError where there is no such change set.
    """
    return settle(lambda: _written(undoing.carry_out_sitting(number, author, reason_of)))


def settle(work: Callable[[], Done], *, is_rehearsal: bool = False) -> Done | Refusal:
    """Do work that goes through `write`, `store`, `decide` or `decline` in one transaction: its result, or why not.

    A rehearsal writes like the performance, so that the database's own refusals are met, and takes all of it back.
    """
    outcome = _settled(work, is_rehearsal=is_rehearsal)
    assert not isinstance(outcome, SavedAlready)  # only forms have tokens
    return outcome


def write(proposal: Proposal) -> Written:
    """Carry out a proposal inside the transaction of `settle`; raises what `settle` returns."""
    change_set = applying.carry_out(proposal)
    if change_set is None:
        return Unchanged()
    return _written(change_set, proposal.findings, proposal.record)


def _written(
    change_set: ChangeSet, findings: Sequence[Finding] = (), record: Label | None = None
) -> Applied | Waiting:
    if change_set.status != "applied":
        return Waiting(change_set.id, record)
    return Applied(change_set.id, findings, record=record, moves=_moves(change_set))


def _moves(change_set: ChangeSet) -> Mapping[str, Any] | None:
    """Which indicators it has moved, where this has just been noted; asking costs nothing."""
    return vars(change_set).get("indicator_moves")


def store(proposal: Proposal) -> ChangeSet:
    """Store a proposal that its author wants to look at before deciding, inside the transaction of `settle`."""
    return approving.submit(proposal)


def store_feed(feed: Feed) -> ChangeSet:
    """Store a feed that its author wants to look at before deciding, inside the transaction of `settle`."""
    return feeds.store(feed)


def write_feed(feed: Feed, on_rows: OnRows) -> ChangeSet:
    """Carry out a feed that was classified inside this very transaction of `settle`; raises what `settle` returns."""
    return feeds.carry_out(feed, on_rows)


def decide_feed(number: int, by: Author, *, holding: Holding, on_rows: OnRows) -> Applied:
    """Approve and apply a feed that was stored, as far as it is what was shown, inside the transaction of `settle`."""
    change_set = db.session.get_one(ChangeSet, number)
    approving.approve(change_set, by)
    return Applied(number, feeds.apply(change_set, holding, on_rows))


def decide(
    number: int, by: Author, *, keeping: Keeping | None = None, on_rows: OnRows = row_writing.in_silence
) -> Applied:
    """Approve and apply what was stored, inside the transaction of `settle`.

    `keeping` says what is kept of rows on which somebody has worked since; without it such rows refuse the whole,
    unless the fields that are written did not move. `on_rows` is told how far the writing has come.
    """
    change_set = db.session.get_one(ChangeSet, number)
    approving.approve(change_set, by)
    remarks = rebasing.rebase(change_set, keeping)
    applying.apply(change_set, on_rows)
    return Applied(change_set.id, tuple(remarks), moves=_moves(change_set))


def decline(number: int, by: Author) -> None:
    """End what was stored without writing anything, inside the transaction of `settle`."""
    change_set = db.session.get_one(ChangeSet, number)
    approving.reject(change_set, by)
    if change_set.feed is not None:
        feed_rows.forget(number)


def _carried(wishes: Sequence[Wish], intent: Intent) -> Written:
    """What `write` says of what is proposed, what others changed meanwhile, and the keys of new rows."""
    with row_sql.planned_for_few_to_the_end() if len(wishes) <= row_sql.FEW else nullcontext():
        proposal = proposing.propose(wishes, intent)
        outcome = write(proposal)
    if not isinstance(outcome, Applied):
        return outcome
    outcome = replace(outcome, meanwhile=tuple(proposal.meanwhile))
    if all(item.action != change.CREATE for item in proposal.items):
        return outcome
    created = select(ChangeSetItem.row_key).where(
        ChangeSetItem.change_set_id == outcome.number, ChangeSetItem.action == change.CREATE
    )
    return replace(
        outcome, created=tuple(map(str, db.session.scalars(created.order_by(ChangeSetItem.position))))
    )


def _settled(work: Callable[[], Done], *, is_rehearsal: bool = False) -> Done | Refusal | SavedAlready:
    try:
        with db.transaction():
            outcome = work()
            if is_rehearsal:
                db.session.rollback()
            return outcome
    except Refused as refusal:
        return _naming_rival(refusal)
    except (
        SavedAlready,
        NotPending,
        NotYours,
        Moved,
        CannotUndo,
        UndoneAlready,
        Overtaken,
    ) as refusal:
        return refusal
    except SQLAlchemyError as error:
        return DatabaseRefused(error)


def _naming_rival(refusal: Refused) -> Refused:
    """The refusal with the record that has the key already, where the database can be asked for it."""
    try:
        return rivals.named(refusal)
    except SQLAlchemyError:
        db.session.rollback()
        return refusal


def _explained(moved: Moved, wishes: Sequence[Wish]) -> Moved:
    """What moved, also where two saves met in the very same moment and the database could only say that one lost."""
    of_stored = [wish for wish in wishes if wish.key is not None and wish.base_version is not None]
    if moved.version is not None or not of_stored:
        return moved
    stored = [(wish, proposing.fetch(wish.model, [wish.key]).get(wish.key)) for wish in of_stored if wish.key]
    not_as_seen = (pair for pair in stored if pair[1] is None or pair[1]["version"] != pair[0].base_version)
    return row_conflicts.moved(*next(not_as_seen, stored[0]))
