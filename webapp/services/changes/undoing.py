"""Undo an applied change set: its inverse, through the one door, while every field holds what it left there."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, tuple_

from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.change_set_item import ChangeSetItem
from webapp.rules import change
from webapp.rules.fields import Saying
from webapp.rules.findings import Finding
from webapp.services.changes import proposing, references, row_codec, table_order
from webapp.services.changes.proposals import Author, Intent, Proposal, Refused, Wish
from webapp.services.changes.proposing import StoredByModel
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

    table_name: str
    label: str
    fields: tuple[str, ...]
    changed_by: str | None
    change_set_id: int | None


class Overtaken(Exception):
    """Somebody has changed the rows since."""

    def __init__(self, rows: Iterable[Overtaking]) -> None:
        self.rows = list(rows)
        super().__init__(f"{len(self.rows)} rows have changed since")


def propose_locked(number: int, author: Author, reason: str) -> Proposal:
    """The inverse of an applied change set, to be carried out: its rows are kept from others meanwhile.

    Raises LookupError where there is no such change set, and whatever `propose` raises.
    """
    change_set = db.session.get(ChangeSet, number, with_for_update=True, populate_existing=True)
    if change_set is None:
        raise LookupError(number)
    intent = Intent("undo", author, reason=reason, undoes_id=number)
    return propose(change_set, intent, is_locking=True)


def propose(change_set: ChangeSet, intent: Intent, *, is_locking: bool = False) -> Proposal:
    """What undoing a change set would write. Raises CannotUndo, UndoneAlready, Overtaken, Refused."""
    _require_open(change_set)
    items = _in_turn(change_set)
    stored = _stored(items, is_locking=is_locking)
    rows = [_Row(item, stored[_model_of(item)].get(_key_of(item))) for item in items]
    if overtaken := [row for row in rows if not row.is_as_left]:
        raise Overtaken(_overtakings(change_set, overtaken))
    if _are_referred_to(rows):
        raise Refused([Finding(None, "other rows refer to this one")])
    return proposing.propose([row.wish for row in rows], intent, stored=stored)


def _model_of(item: ChangeSetItem) -> type[db.Base]:
    return row_codec.model_of(item.table_name)


def _key_of(item: ChangeSetItem) -> Key:
    return row_codec.key_from(_model_of(item), str(item.row_key))


def _stored(items: Sequence[ChangeSetItem], *, is_locking: bool) -> StoredByModel:
    """The rows of these items as they are; locked in the order in which forms and imports lock theirs."""
    keys: dict[type[db.Base], list[Key]] = {}
    for item in table_order.sorted_by(items, _model_of):
        keys.setdefault(_model_of(item), []).append(_key_of(item))
    return {
        model: proposing.fetch(model, of_model, is_locking=is_locking) for model, of_model in keys.items()
    }


def _require_open(change_set: ChangeSet) -> None:
    if change_set.status != "applied":
        raise CannotUndo(Saying("only a change set that was applied can be undone"))
    by = db.session.scalar(select(ChangeSet).where(ChangeSet.undoes_id == change_set.id))
    if by is not None:
        raise UndoneAlready(by)


def _in_turn(change_set: ChangeSet) -> list[ChangeSetItem]:
    """The items, last written first: what was closed let go of its code before others took it."""
    of_change_set = select(ChangeSetItem).where(ChangeSetItem.change_set_id == change_set.id)
    items = db.session.scalars(of_change_set.order_by(ChangeSetItem.position.desc()).limit(MOST + 1)).all()
    if not items:
        raise CannotUndo(Saying("it holds no items to undo"))
    if len(items) > MOST:
        raise CannotUndo(Saying("it touches more than %(most)s rows", {"most": MOST}))
    return sorted(items, key=lambda item: item.action == change.CLOSE)


@dataclass(frozen=True, slots=True)
class _Row:
    """An item to undo, beside the row as it is stored now."""

    item: ChangeSetItem
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
        left = row_codec.decode(_model_of(self.item), self.item.after)
        return tuple(name for name, value in left.items() if self.stored[name] != value)

    @property
    def wish(self) -> Wish:
        action, model = INVERSE[self.item.action], _model_of(self.item)
        values = {} if action == change.DELETE else row_codec.decode(model, self.item.before)
        return Wish(model, action, values, _key_of(self.item))


def _overtakings(change_set: ChangeSet, rows: Sequence[_Row]) -> Iterator[Overtaking]:
    later = _later(change_set, rows)
    for row in rows:
        touching = (
            (author, number)
            for of_row, fields, author, number in later
            if of_row == _name_of(row.item) and (not row.differing or not fields or fields & {*row.differing})
        )
        author, number = next(touching, (None, None))
        yield Overtaking(row.item.table_name, row.item.label_text, row.differing, author, number)


def _name_of(item: ChangeSetItem) -> tuple[str, str | None]:
    return item.table_name, item.row_key


def _later(
    change_set: ChangeSet, rows: Sequence[_Row]
) -> list[tuple[tuple[str, str | None], frozenset[str], str, int]]:
    """What has been applied to these rows since, newest first: table and key, fields, author, change set's number."""
    of_rows = (
        select(
            ChangeSetItem.table_name,
            ChangeSetItem.row_key,
            ChangeSetItem.after,
            ChangeSet.author_name,
            ChangeSet.id,
        )
        .join(ChangeSetItem.change_set)
        .where(
            tuple_(ChangeSetItem.table_name, ChangeSetItem.row_key).in_([_name_of(row.item) for row in rows]),
            ChangeSet.id != change_set.id,
            ChangeSet.applied_at >= change_set.applied_at,
        )
        .order_by(ChangeSet.applied_at.desc(), ChangeSet.id.desc())
    )
    return [
        ((table_name, key), frozenset(after), author, number)
        for table_name, key, after, author, number in db.session.execute(of_rows)
    ]


def _are_referred_to(rows: Sequence[_Row]) -> bool:
    """Whether anything but these rows themselves hangs on those of them that would go."""
    going: dict[type[db.Base], list[Key]] = {}
    own: dict[type[db.Base], list[Key]] = {}
    for row in rows:
        own.setdefault(_model_of(row.item), []).append(_key_of(row.item))
        if row.item.action == change.CREATE:
            going.setdefault(_model_of(row.item), []).append(_key_of(row.item))
    return any(
        references.count(
            child, refers if child not in own else refers & ~row_codec.has_key(child, own[child]), up_to=1
        )
        for model, keys in going.items()
        for child, refers in references.to(model, keys)
    )
