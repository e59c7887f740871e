"""Cells that one person edits in one sitting: one entry in lists of change sets, each still a change set of its own."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, case, func, select, text
from sqlalchemy.orm import aliased

from webapp import db
from webapp.models.change_set import ChangeSet

# Who pauses for longer begins a new sitting.
PAUSE = "30 minutes"
# How far back among somebody's change sets a sitting that goes on is looked for: forms and undoings lie between.
LOOKED_THROUGH = 20

# The author's latest cell of this table, for this reason, if it is not long ago. Whoever undoes its first change set at
# this very moment holds it: then a new sitting begins, and nobody waits.
GOES_ON = text(
    "UPDATE change_sets SET sitting_size = sitting_size + 1 WHERE id = ("
    " SELECT first.id FROM change_sets first WHERE first.id = ("
    "  SELECT coalesce(latest.sitting_id, latest.id) FROM ("
    "   SELECT c.* FROM change_sets c WHERE c.author_id = :author_id ORDER BY c.id DESC LIMIT :looked_through) latest"
    "  WHERE (latest.sitting_id IS NOT NULL OR latest.sitting_size IS NOT NULL) AND latest.table_name = :table_name"
    "  AND latest.reason IS NOT DISTINCT FROM :reason AND latest.created_at > now() - CAST(:pause AS interval)"
    "  ORDER BY latest.id DESC LIMIT 1) FOR NO KEY UPDATE SKIP LOCKED) RETURNING id"
)


def join(change_set: ChangeSet) -> None:
    """Let the change set of a cell, which is not stored yet, go on with its author's sitting, or begin one."""
    if change_set.author_id is None:
        return
    facts = {
        "author_id": change_set.author_id,
        "table_name": change_set.table_name,
        "reason": change_set.reason,
        "pause": PAUSE,
        "looked_through": LOOKED_THROUGH,
    }
    change_set.sitting_id = db.session.scalar(GOES_ON, facts)
    change_set.sitting_size = 1 if change_set.sitting_id is None else None


def is_entry() -> ColumnElement[bool]:
    """The condition that a change set is an entry of its own: not a further one of a sitting."""
    return ChangeSet.sitting_id.is_(None)


def last_applied_at(change_set: Any = ChangeSet) -> ColumnElement[Any]:
    """When an entry was last added to: the moment of the last cell of a sitting."""
    further = aliased(ChangeSet)
    last = select(func.max(further.applied_at)).where(further.sitting_id == change_set.id)
    of_sitting = case((change_set.sitting_size > 1, last.correlate(change_set).scalar_subquery()))
    return func.greatest(change_set.applied_at, of_sitting)


def of(change_set: ChangeSet) -> Sequence[int]:
    """The numbers of the change sets of the sitting that this one is of, in their order; none for any other."""
    first = change_set.sitting_id or change_set.id
    if change_set.sitting_id is None and (change_set.sitting_size or 0) < 2:
        return ()
    further = select(ChangeSet.id).where(ChangeSet.sitting_id == first).order_by(ChangeSet.id)
    return (first, *db.session.scalars(further))


def not_undone(change_set: ChangeSet) -> Sequence[int]:
    """Those of them that have not been undone."""
    numbers = of(change_set)
    if not numbers:
        return ()
    undone = {*db.session.scalars(select(ChangeSet.undoes_id).where(ChangeSet.undoes_id.in_(numbers)))}
    return [number for number in numbers if number not in undone]
