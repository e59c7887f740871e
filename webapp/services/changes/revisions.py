"""Which revision of a statement is the current one: settled here alone, for every entrance, and for withdrawals.

A filer corrects a statement by another one (訂正報告書, 金融商品取引法 第24条の2), or restates it beside next year's: a
row of its own with the next revision number. Of one identity one row at most is current: the one that was announced
last, whatever came in last; what makes another one current lets the one before go in the same change set. What was
withdrawn (取下げ) is never current, nor is what is laid over it: the rest of its figures are of the withdrawn document.

A restatement changes single figures; all others it has taken from the row over which it is laid. Whoever corrects such
a figure there means that our copy was wrong, on every day on which it was known: it holds in the rows above, too.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, tuple_

from webapp import db
from webapp.models import figures
from webapp.models.filing import Filing
from webapp.models.financial_statement import IDENTITY, FinancialStatement
from webapp.rules import change, filing
from webapp.rules.findings import Finding
from webapp.services.changes import row_codec
from webapp.services.changes.proposals import Item, KeyOf, Wish
from webapp.services.changes.row_codec import Key

NUMBER, IS_CURRENT, ANNOUNCED, DOCUMENT = "revision_no", "is_current", "announced_at", "filing_doc_id"
BASE = "based_on_id"
READ = frozenset({*IDENTITY, NUMBER, IS_CURRENT, ANNOUNCED, DOCUMENT, BASE})
CHUNK = 1000
# What somebody corrects without a day is of today, and comes after all that has one.
LAST = datetime.max.replace(tzinfo=UTC)
Row = Mapping[str, Any]
FIGURES = figures.NAMES
# Documents that the same change set withdraws, or lets stand again.
Withdrawn = Mapping[str, bool]
Rank = tuple[datetime, int]


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

    row: Row
    was: bool | None
    wanted: bool | None
    change: int | None = None
    stands: bool = True

    @property
    def rank(self) -> Rank:
        return rank(self.row)


def rank(row: Row) -> Rank:
    """By what the revisions of a statement follow one another: the moment of their announcement, then their number."""
    return row.get(ANNOUNCED) or LAST, row[NUMBER]


def settle(
    changes: Sequence[Change], withdrawn: Withdrawn | None = None, *, is_locking: bool = True
) -> Settled:
    """Which statements are to be current otherwise than they are wanted, or are; the stored ones are locked."""
    withdrawn = withdrawn or {}
    by_identity: dict[tuple[Any, ...], list[_Revision]] = {}
    for place, changed in enumerate(changes):
        for identity, revision in _revisions(place, changed):
            by_identity.setdefault(identity, []).append(revision)
    own = {changed.key[0] for changed in changes if changed.key is not None}
    for row in _of_documents(withdrawn):
        by_identity.setdefault(_identity(row), [])
    for row in _of_identities(by_identity, is_locking=is_locking):
        if row["id"] not in own:
            by_identity[_identity(row)].append(_Revision(row, row[IS_CURRENT], row[IS_CURRENT]))
    _let_fall([one for revisions in by_identity.values() for one in revisions], withdrawn)
    of_changes, of_others = {}, []
    for revisions in by_identity.values():
        elected = _elected(revisions)
        for revision in revisions:
            is_current = revision is elected
            if revision.change is None:
                if revision.row[IS_CURRENT] != is_current:
                    of_others.append((revision.row, is_current))
            elif revision.wanted is not None and revision.row[IS_CURRENT] != is_current:
                of_changes[revision.change] = is_current
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


def is_of_statement(item: Item) -> bool:
    """Whether it changes a statement."""
    return item.model is FinancialStatement and item.action not in change.VOUCHING


def is_touched(item: Item) -> bool:
    """Whether it may matter to which revision of a statement is current."""
    if not is_of_statement(item):
        return False
    return item.action in (change.CREATE, change.DELETE) or not READ.isdisjoint(item.after)


def corrects_figures(item: Item) -> bool:
    """Whether it changes figures of a stored statement."""
    is_update = item.model is FinancialStatement and item.action == change.UPDATE
    return is_update and not FIGURES.isdisjoint(item.after)


def withdrawal(item: Item) -> tuple[str, bool] | None:
    """The document that is withdrawn, or stands again; None where that does not change."""
    if item.model is not Filing or item.action != change.UPDATE or "withdrawal_status" not in item.after:
        return None
    assert item.key is not None
    return item.key[0], item.after["withdrawal_status"] != filing.STANDING


def as_change(item: Item, row: Row) -> Change:
    """A statement before and after, by its item and the row that it leads to."""
    before = None if item.action == change.CREATE else {**row, **item.before}
    return Change(before, None if item.action == change.DELETE else row, item.wish.key)


def remarks(*, is_current: bool) -> list[Finding]:
    """What is said at a statement that is not current although it was wanted to be."""
    message = "another revision is the current one"
    return [] if is_current else [Finding(IS_CURRENT, message, is_blocking=False)]


def rests_on(row: Row, documents: AbstractSet[Any], by_id: Mapping[Any, Row]) -> bool:
    """Whether a statement, or one over which it is laid, is of one of these documents; `by_id`: the stored ones."""
    below: Row | None = row
    # No longer way down than there are rows, whatever a file has laid over what.
    for _step in range(len(by_id) + 1):
        if below is None or below.get(DOCUMENT) in documents:
            break
        base = below.get(BASE)
        below = None if base is None or isinstance(base, KeyOf) else by_id.get(base)
    return below is not None and below.get(DOCUMENT) in documents


def _revisions(place: int, changed: Change) -> Iterator[tuple[tuple[Any, ...], _Revision]]:
    """A change among the statements of the identity that it leaves, and of the one that it comes to."""
    before, after = changed.before, changed.after
    stays = before is not None and after is not None and _identity(before) == _identity(after)
    if before is not None and not stays:
        yield _identity(before), _Revision(before, before[IS_CURRENT], None, change=place)
    if after is not None:
        was = before[IS_CURRENT] if before is not None and stays else None
        yield _identity(after), _Revision(after, was, after[IS_CURRENT], change=place)


def _identity(row: Row) -> tuple[Any, ...]:
    """What a statement is of; a company that the same change set makes is told from others by its wish."""
    values = (row[name] for name in IDENTITY)
    return tuple(("new", id(value.wish)) if isinstance(value, KeyOf) else value for value in values)


def _of_identities(identities: Iterable[tuple[Any, ...]], *, is_locking: bool) -> Iterator[Row]:
    """The stored statements of these identities."""
    table = row_codec.table_of(FinancialStatement)
    asked = [identity for identity in identities if not isinstance(identity[0], tuple)]
    for start in range(0, len(asked), CHUNK):
        rows = (
            select(table)
            .where(tuple_(*(table.c[name] for name in IDENTITY)).in_(asked[start : start + CHUNK]))
            .order_by(table.c.id)
        )
        asking = rows.with_for_update(key_share=True) if is_locking else rows
        for row in db.session.execute(asking).mappings():
            yield {str(name): value for name, value in row.items()}


def _of_documents(documents: Iterable[str]) -> Iterator[Row]:
    """The stored statements of these documents."""
    table = row_codec.table_of(FinancialStatement)
    asked = sorted(documents)
    for start in range(0, len(asked), CHUNK):
        rows = select(table).where(table.c[DOCUMENT].in_(asked[start : start + CHUNK]))
        for row in db.session.execute(rows).mappings():
            yield {str(name): value for name, value in row.items()}


def _let_fall(revisions: Sequence[_Revision], withdrawn: Withdrawn) -> None:
    """Mark what is of withdrawn documents, or laid over that; what stands again counts like what has just come."""
    before = frozenset(_withdrawn({one.row.get(DOCUMENT) for one in revisions} - {None}))
    now = {document for document in before | withdrawn.keys() if withdrawn.get(document, True)}
    by_id = {one.row.get("id"): one.row for one in revisions}
    for one in revisions:
        one.stands = not rests_on(one.row, now, by_id)
        if one.stands and one.wanted is not None and rests_on(one.row, before, by_id):
            one.was, one.wanted = None, True


def _withdrawn(documents: Iterable[Any]) -> Iterator[str]:
    asked = sorted(documents)
    for start in range(0, len(asked), CHUNK):
        rows = select(Filing.doc_id).where(
            Filing.doc_id.in_(asked[start : start + CHUNK]), Filing.withdrawal_status != filing.STANDING
        )
        yield from db.session.scalars(rows)


def _elected(revisions: Sequence[_Revision]) -> _Revision | None:
    """The one that is current in the end: whichever somebody makes so, then what was announced last."""
    there = sorted(
        (one for one in revisions if one.wanted is not None and one.stands), key=lambda one: one.rank
    )
    there.reverse()
    to_be_current = [one for one in there if one.wanted]
    made_so = [one for one in to_be_current if one.was is False]
    latest = [one for one in to_be_current if one.was is None and one is there[0]]
    staying = [one for one in to_be_current if one.was]
    if choice := [*made_so, *latest, *staying, *to_be_current]:
        return choice[0]
    # The current one goes, or is withdrawn: the latest of the others takes its place.
    has_gone = any(one.was and (one.wanted is None or not one.stands) for one in revisions)
    return there[0] if has_gone and there else None


def following(corrected: Mapping[int, tuple[Row, Row]]) -> Iterator[tuple[Wish, Row]]:
    """The wishes for the rows above, each with its stored row: by the keys of corrected rows, as they were and will be.

    A row above that somebody corrects by itself at the same time is left to them.
    """
    left, done = dict(corrected), set(corrected)
    while left:
        above: dict[int, tuple[Row, Row]] = {}
        for row in _above(list(left)):
            before, after = left[row[BASE]]
            values = {
                name: after[name]
                for name in FIGURES
                if before[name] != after[name] and row[name] == before[name] and name not in row["sources"]
            }
            if values and row["id"] not in done:
                yield Wish(FinancialStatement, change.UPDATE, values, (row["id"],), row["version"]), row
                above[row["id"]] = (row, {**row, **values})
        done |= above.keys()
        left = above


def _above(keys: Sequence[int]) -> Iterator[Row]:
    table = row_codec.table_of(FinancialStatement)
    rows = (
        select(table)
        .where(table.c.based_on_id.in_(keys))
        .order_by(table.c.id)
        .with_for_update(key_share=True)
    )
    for row in db.session.execute(rows).mappings():
        yield {str(name): value for name, value in row.items()}
