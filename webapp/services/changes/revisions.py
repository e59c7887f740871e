"""Which revision of a statement is the current one: settled here alone, for forms, imports and undoing alike.

A filer corrects a statement by another one (訂正報告書, 金融商品取引法 第24条の2): a row of its own with the next
revision number. Of one identity one row at most is current; what makes another one current lets the one before go in
the same change set.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select, tuple_

from webapp import db
from webapp.models.financial_statement import IDENTITY, FinancialStatement
from webapp.rules import change
from webapp.rules.findings import Finding
from webapp.services.changes import row_codec
from webapp.services.changes.proposals import Item, KeyOf, Wish
from webapp.services.changes.row_codec import Key

NUMBER, IS_CURRENT = "revision_no", "is_current"
READ = frozenset({*IDENTITY, NUMBER, IS_CURRENT})
CHUNK = 1000
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """A statement that a change set touches, as it was and as it is wanted: None where there is none."""

    before: Row | None
    after: Row | None
    key: Key | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """What is current in the end: by the place of each change, and of stored statements that nobody else touches."""

    of_changes: Mapping[int, bool]
    of_others: Sequence[tuple[Row, bool]]


@dataclass(slots=True)
class _Revision:
    """A statement among those of its identity; `wanted` is None where it goes, `was` where it is new here."""

    number: int
    was: bool | None
    wanted: bool | None
    change: int | None = None
    other: Row | None = None


def settle(changes: Sequence[Change]) -> Settled:
    """Which statements are to be current otherwise than they are wanted, or are; the stored ones are locked."""
    by_identity: dict[tuple[Any, ...], list[_Revision]] = {}
    for place, changed in enumerate(changes):
        for identity, revision in _revisions(place, changed):
            by_identity.setdefault(identity, []).append(revision)
    keys = [changed.key for changed in changes if changed.key is not None]
    for row in _others(by_identity, keys):
        revision = _Revision(row[NUMBER], row[IS_CURRENT], row[IS_CURRENT], other=row)
        by_identity[_identity(row)].append(revision)
    of_changes, of_others = {}, []
    for revisions in by_identity.values():
        elected = _elected(revisions)
        for revision in revisions:
            is_current = revision is elected
            if revision.wanted is None or revision.wanted == is_current:
                continue
            if revision.change is not None:
                of_changes[revision.change] = is_current
            elif revision.other is not None:
                of_others.append((revision.other, is_current))
    return Settled(of_changes, of_others)


def wish_for(row: Row, *, is_current: bool) -> Wish:
    """The wish by which a stored statement that nobody else touches becomes current, or is so no more."""
    return Wish(FinancialStatement, change.UPDATE, {IS_CURRENT: is_current}, (row["id"],), row["version"])


def being(item: Item, row: Row, *, is_current: bool) -> Item | None:
    """An item of this row that leaves it current, or not; None where it then changes nothing."""
    before, after = dict(item.before), {**item.after, IS_CURRENT: is_current}
    if item.action != change.CREATE:
        before.setdefault(IS_CURRENT, row[IS_CURRENT])
        if before[IS_CURRENT] == is_current:
            del before[IS_CURRENT], after[IS_CURRENT]
    return replace(item, before=before, after=after) if after else None


def remarks(*, is_current: bool) -> list[Finding]:
    """What is said at a statement that is not current although it was wanted to be."""
    message = "another revision is the current one"
    return [] if is_current else [Finding(IS_CURRENT, message, is_blocking=False)]


def _revisions(place: int, changed: Change) -> Iterator[tuple[tuple[Any, ...], _Revision]]:
    """A change among the statements of the identity that it leaves, and of the one that it comes to."""
    before, after = changed.before, changed.after
    stays = before is not None and after is not None and _identity(before) == _identity(after)
    if before is not None and not stays:
        yield _identity(before), _Revision(before[NUMBER], before[IS_CURRENT], None)
    if after is not None:
        was = before[IS_CURRENT] if before is not None and stays else None
        yield _identity(after), _Revision(after[NUMBER], was, after[IS_CURRENT], change=place)


def _identity(row: Row) -> tuple[Any, ...]:
    """What a statement is of; a company that the same change set makes is told from others by its wish."""
    values = (row[name] for name in IDENTITY)
    return tuple(("new", id(value.wish)) if isinstance(value, KeyOf) else value for value in values)


def _others(identities: Iterable[tuple[Any, ...]], keys: Sequence[Key]) -> Iterator[Row]:
    """The stored statements of these identities that are none of these keys."""
    table = row_codec.table_of(FinancialStatement)
    asked = [identity for identity in identities if not isinstance(identity[0], tuple)]
    own = {key[0] for key in keys}
    for start in range(0, len(asked), CHUNK):
        rows = (
            select(table)
            .where(tuple_(*(table.c[name] for name in IDENTITY)).in_(asked[start : start + CHUNK]))
            .order_by(table.c.id)
            .with_for_update(key_share=True)
        )
        for row in db.session.execute(rows).mappings():
            if row["id"] not in own:
                yield {str(name): value for name, value in row.items()}


def _elected(revisions: Sequence[_Revision]) -> _Revision | None:
    """The one that is current in the end: whichever somebody makes so, then the latest correction."""
    there = sorted((one for one in revisions if one.wanted is not None), key=lambda one: -one.number)
    wanted = [one for one in there if one.wanted]
    made_so = [one for one in wanted if one.was is False]
    corrections = [one for one in wanted if one.was is None and one.number == there[0].number]
    staying = [one for one in wanted if one.was]
    if choice := [*made_so, *corrections, *staying, *wanted]:
        return choice[0]
    # The current one goes: the latest of the others takes its place.
    has_gone = any(one.was and one.wanted is None for one in revisions)
    return there[0] if has_gone and there else None
