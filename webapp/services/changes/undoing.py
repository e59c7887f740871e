"""Undo an applied change set: its inverse, through the one door, while every field holds what it left there."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, inspect, or_, select

from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.change_set_item import ChangeSetItem
from webapp.rules import change
from webapp.rules.fields import Saying
from webapp.rules.findings import Finding
from webapp.services.changes import applying, proposing, row_codec
from webapp.services.changes.proposals import Author, Intent, Proposal, Refused, Wanted
from webapp.services.changes.row_codec import Key

MOST = 200
INVERSE = {
    change.CREATE: change.DELETE,
    change.UPDATE: change.UPDATE,
    change.CLOSE: change.UPDATE,
    change.DELETE: change.CREATE,
}


class CannotUndo(Exception):
    """The change set is none that can be undone; `saying` tells why."""

    def __init__(self, saying: Saying) -> None:
        self.saying = saying
        super().__init__(str(saying))


class UndoneAlready(Exception):
    """It has been undone before, by this change set."""

    def __init__(self, by: ChangeSet) -> None:
        self.by = by
        super().__init__(f"was undone by change set {by.id}")


@dataclass(frozen=True, slots=True)
class Overtaking:
    """A row that is no longer as the change set left it: in which fields, by whom and with which change set.

    No fields: the row is gone, or is there again. No name: somebody outside this admin, or nobody knows.
    """

    label: str
    fields: tuple[str, ...]
    changed_by: str | None
    change_set_id: int | None


class Overtaken(Exception):
    """Somebody has changed the rows since."""

    def __init__(self, rows: Iterable[Overtaking]) -> None:
        self.rows = list(rows)
        super().__init__(f"{len(self.rows)} rows have changed since")


def undo(number: int, author: Author, reason: str) -> ChangeSet:
    """Carry out the inverse of an applied change set, all of it or nothing.

    Raises LookupError where there is no such change set, and whatever `propose` and applying raise.
    """
    change_set = db.session.get(ChangeSet, number, with_for_update=True, populate_existing=True)
    if change_set is None:
        raise LookupError(number)
    intent = Intent("undo", author, reason=reason, undoes_id=number)
    done = applying.carry_out(propose(change_set, intent, is_locking=True))
    assert done is not None  # every row differs from what it was before
    return done


def propose(change_set: ChangeSet, intent: Intent, *, is_locking: bool = False) -> Proposal:
    """What undoing a change set would write. Raises CannotUndo, UndoneAlready, Overtaken, Refused."""
    _require_open(change_set)
    model = row_codec.model_of(change_set.table_name)
    items = _in_turn(change_set)
    keys = [row_codec.key_from(model, str(item.row_key)) for item in items]
    stored = proposing.fetch(model, keys, is_locking=is_locking)
    rows = [_Row(model, item, key, stored.get(key)) for item, key in zip(items, keys, strict=True)]
    if overtaken := [row for row in rows if not row.is_as_left]:
        raise Overtaken(_overtakings(change_set, overtaken))
    if _is_referred_to(model, [row.key for row in rows if row.item.action == change.CREATE]):
        raise Refused([Finding(None, "other rows refer to this one")])
    return proposing.propose(model, [row.wanted for row in rows], intent, stored=stored)


def _require_open(change_set: ChangeSet) -> None:
    if change_set.status != "applied":
        raise CannotUndo(Saying("only a change set that was applied can be undone"))
    by = db.session.scalar(select(ChangeSet).where(ChangeSet.undoes_id == change_set.id))
    if by is not None:
        raise UndoneAlready(by)


def _in_turn(change_set: ChangeSet) -> list[ChangeSetItem]:
    """The items, last written first: what was closed let go of its code before others took it."""
    wanted = select(ChangeSetItem).where(ChangeSetItem.change_set_id == change_set.id)
    items = db.session.scalars(wanted.order_by(ChangeSetItem.position.desc()).limit(MOST + 1)).all()
    if not items:
        raise CannotUndo(Saying("it holds no items to undo"))
    if len(items) > MOST:
        raise CannotUndo(Saying("it touches more than %(most)s rows", {"most": MOST}))
    return sorted(items, key=lambda item: item.action == change.CLOSE)


@dataclass(frozen=True, slots=True)
class _Row:
    """An item to undo, beside the row as it is stored now."""

    model: type[db.Base]
    item: ChangeSetItem
    key: Key
    stored: Mapping[str, Any] | None

    @property
    def is_as_left(self) -> bool:
        if self.stored is None or self.item.action == change.DELETE:
            return self.stored is None and self.item.action == change.DELETE
        return not self.differing

    @property
    def differing(self) -> tuple[str, ...]:
        """The fields that no longer hold what the change set wrote."""
        if self.stored is None or self.item.action == change.DELETE:
            return ()
        left = row_codec.decode(self.model, self.item.after)
        return tuple(name for name, value in left.items() if self.stored[name] != value)

    @property
    def wanted(self) -> Wanted:
        action = INVERSE[self.item.action]
        values = {} if action == change.DELETE else row_codec.decode(self.model, self.item.before)
        return Wanted(action, values, self.key)


def _overtakings(change_set: ChangeSet, rows: Sequence[_Row]) -> Iterator[Overtaking]:
    later = _later(change_set, rows)
    for row in rows:
        touching = (
            (author, number)
            for key, fields, author, number in later
            if key == row.item.row_key and (not row.differing or not fields or fields & {*row.differing})
        )
        author, number = next(touching, (None, None))
        yield Overtaking(row.item.label_text, row.differing, author, number)


def _later(change_set: ChangeSet, rows: Sequence[_Row]) -> list[tuple[str | None, frozenset[str], str, int]]:
    """What has been applied to these rows since, newest first: key, fields, author, number of the change set."""
    wanted = (
        select(ChangeSetItem.row_key, ChangeSetItem.after, ChangeSet.author_name, ChangeSet.id)
        .join(ChangeSetItem.change_set)
        .where(
            ChangeSetItem.table_name == change_set.table_name,
            ChangeSetItem.row_key.in_([row.item.row_key for row in rows]),
            ChangeSet.id != change_set.id,
            ChangeSet.applied_at >= change_set.applied_at,
        )
        .order_by(ChangeSet.applied_at.desc(), ChangeSet.id.desc())
    )
    return [
        (key, frozenset(after), author, number) for key, after, author, number in db.session.execute(wanted)
    ]


def _is_referred_to(model: type[db.Base], keys: Sequence[Key]) -> bool:
    """Whether anything hangs on rows that would go. Only a key of one column can be referred to."""
    if not keys:
        return False
    for relation in inspect(model).relationships:
        if relation.direction.name != "ONETOMANY":
            continue
        theirs = [
            remote.in_([key[0] for key in keys])
            for _local, remote in relation.local_remote_pairs
            if remote is not None
        ]
        if db.session.scalar(select(exists().where(or_(*theirs)))):
            return True
    return False
