"""Read one page of a list: two statements, a bounded count, and rows by their keys first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import Column, ColumnElement, Result, Select, and_, func, literal, select

from webapp import db
from webapp.lists import counting, days, paging, search, start_at
from webapp.lists.counting import COUNTED_UP_TO, Count
from webapp.lists.paging import FIRST, LAST, Order, Place
from webapp.lists.plan import ListPlan
from webapp.lists.query import FURTHEST, ListQuery
from webapp.naming import OWNER
from webapp.rules.findings import Finding
from webapp.services.changes import row_codec
from webapp.services.lists import record_values
from webapp.services.lists.record_values import Reader
from webapp.words import record_names

# Choices of columns and orders make some hundreds.
KEPT = 1000
# Whoever edits a cell says what it was made from; amounts in another currency than the head's say so.
ALWAYS = {"version", "currency"}

Conditions = Sequence[ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Window:
    """What is to be read: where it begins, how many rows at most, and how many come before where that is known."""

    place: Place
    size: int
    passed: int | None


@dataclass(frozen=True, slots=True)
class ListPage:
    """The rows of a page, what lies before and after them, how many there are, and what was not understood."""

    rows: Sequence[Any]
    order: Order
    count: Count
    window: Window
    has_before: bool
    has_after: bool
    remarks: Sequence[Finding] = ()


def page_of(query: ListQuery) -> ListPage:
    """The page that a query asks for."""
    plan, order, conditions = query.plan, query.order(), query.conditions()
    place, remarks = _place(query, order)
    count = _count(plan, conditions, order, place)
    window = window_of(place, count, query.size)
    rows, has_more = _rows(query, conditions, order, window, count)
    if not rows and window.place.values is not None:
        # Whatever was past the place is gone, or never was.
        start = FIRST if place.is_backward or place.is_inclusive else LAST
        window = Window(start, query.size, None)
        rows, has_more = _rows(query, conditions, order, window, count)
    if place.is_inclusive and not window.place.is_inclusive and not count.past:
        text = dict(query.place)[paging.AT]
        facts = {"value": text}
        remarks.append(Finding(None, "Nothing stands at “%(value)s” or after it.", facts, is_blocking=False))
    has_before, has_after = _sides(window, len(rows), count, has_more=has_more)
    return ListPage(rows, order, count, window, has_before, has_after, remarks)


def window_of(place: Place, count: Count, size: int) -> Window:
    """What to read; where all rows were counted, no page is short but the last one."""
    if count.is_capped:
        return Window(place, size, None if place.values or place.is_backward else place.offset)
    total = count.number
    if place.values is None:
        passed = max(0, (total - 1) // size * size)
        passed = passed if place.is_backward else min(place.offset, passed)
    elif place.is_backward:
        passed = max(0, count.past - size)
    elif count.past == 0 and not place.is_inclusive:
        return window_of(LAST, count, size)
    else:
        passed = total - count.past if count.past else 0
    return _at(place, passed, total, size)


def _sides(read: Window, number: int, count: Count, *, has_more: bool) -> tuple[bool, bool]:
    """Whether there are rows before and after so many that were read."""
    if read.passed is not None and not count.is_capped:
        return read.passed > 0, read.passed + number < count.number
    if read.place.is_backward:
        return has_more, read.place != LAST
    return read.place != FIRST, has_more


def loading(query: ListQuery, order: Order) -> tuple[Any, ...]:
    """Loader options for what the rows of a list show: nothing else is read, and reading more raises."""
    return _loading(query.plan, query.columns, order.columns)


@lru_cache(maxsize=KEPT)
def _loading(plan: ListPlan, shown: tuple[str, ...], ordered: tuple[Column[Any], ...]) -> tuple[Any, ...]:
    columns, relations = _read_of(plan, shown, ordered)
    more = [option for name in shown if name in plan.special for option in plan.special[name].loads()]
    return (record_names.only(plan.model, also=columns), *record_names.joined(plan.model, relations), *more)


def _read_of(
    plan: ListPlan, shown: tuple[str, ...], ordered: tuple[Column[Any], ...]
) -> tuple[set[str], set[str]]:
    """The columns that the rows of a list are read with, and the records that they refer to."""
    columns = {column.name for column in ordered} | (ALWAYS & set(plan.table_columns.keys()))
    relations = {OWNER}
    for name in shown:
        if name in plan.special:
            columns |= set(plan.special[name].reads)
        elif name in plan.table_columns:
            columns.add(name)
        else:
            relations.add(name)
    return columns, relations


def _place(query: ListQuery, order: Order) -> tuple[Place, list[Finding]]:
    """Where the page begins that the address asks for; the first page where it asks for nothing that is there."""
    asked = dict(query.place)
    for name in (paging.AFTER, paging.BEFORE):
        values = paging.read(order, asked.get(name, ""))
        if values is not None:
            return Place(values, is_backward=name == paging.BEFORE), []
    if asked.get(paging.FINAL) == "1":
        return LAST, []
    text = asked.get(paging.AT, "")
    if not text.strip():
        return Place(offset=min(query.page * query.size, FURTHEST)), []
    place = start_at.place(order, text)
    if place is None:
        facts = {"value": text[: search.LONGEST]}
        return FIRST, [Finding(None, "The list cannot begin at “%(value)s”.", facts)]
    return place, []


def _count(plan: ListPlan, conditions: Conditions, order: Order, place: Place) -> Count:
    # Where the rows begin matters here only past a row.
    asked, edge = (FIRST if place.values is None else place).handed_in()
    is_kept = _is_kept(plan, conditions, place)
    counted = _counted_all(plan, order, asked) if is_kept else _counted(plan, conditions, order, asked)
    row = db.session.execute(counted, edge).one()
    is_capped = row[0] > COUNTED_UP_TO or (row[2] or 0) > counting.ESTIMATED_FROM
    number = COUNTED_UP_TO if is_capped else row[0]
    estimate = None if row[2] is None else int(row[2])
    return Count(number, is_capped, row[1], estimate, {} if plan.days is None else days.told(row))


def _is_kept(plan: ListPlan, conditions: Conditions, place: Place) -> bool:
    """Whether statements are kept, as making them anew costs a page more than its SQL: where a list is whole.

    A place that somebody typed may be looked up, and is asked for seldom.
    """
    return plan.shows_all and not conditions and not place.is_inclusive


@lru_cache(maxsize=KEPT)
def _counted_all(plan: ListPlan, order: Order, place: Place) -> Select[Any]:
    """The count of a list that nothing narrows."""
    return _counted(plan, (), order, place)


def _counted(plan: ListPlan, conditions: Conditions, order: Order, place: Place) -> Select[Any]:
    is_within = place.values is not None
    selected = order.columns if is_within else (literal(1).label("one"),)
    chosen = plan.visible(select(*selected).select_from(plan.model))
    # The whole table's statistics say nothing about a part of it.
    is_part = bool(conditions) or chosen.whereclause is not None
    estimate = literal(None) if is_part else counting.estimated(plan.model)
    within = () if plan.days is None else days.within(plan)
    # PostgreSQL asks this once, and then does not read the table at all.
    few = [] if is_part else [estimate <= counting.ESTIMATED_FROM, *within]
    some = chosen.where(*conditions, *few).limit(COUNTED_UP_TO + 1).subquery()
    past = func.count().filter(paging.beyond(order, place, some)) if is_within else literal(0)
    ends = () if plan.days is None else days.ends(plan)
    return select(func.count(), past, estimate, *ends).select_from(some)


def _rows(
    query: ListQuery, conditions: Conditions, order: Order, window: Window, count: Count
) -> tuple[list[Any], bool]:
    """The rows of a window in the order of the list, and whether there are more in the direction of reading."""
    plan, place = query.plan, window.place
    asked, edge = place.handed_in()
    # Where all rows were counted, and nothing has gone since.
    is_whole = window.passed is not None and not count.is_capped
    read = Window(asked, window.size if is_whole else window.size + 1, None)
    statement = (
        _page_of_all(plan, query.columns, order, read)
        if _is_kept(plan, conditions, place)
        else _page(plan, query.columns, order, read, conditions)
    )
    rows = _records(plan, query.columns, order, db.session.execute(statement, {**count.days, **edge}))
    shown = rows[: window.size]
    return (shown[::-1] if place.is_backward else shown), len(rows) > window.size


@lru_cache(maxsize=KEPT)
def _page_of_all(plan: ListPlan, shown: tuple[str, ...], order: Order, window: Window) -> Select[Any]:
    """A page of a list that nothing narrows."""
    return _page(plan, shown, order, window, ())


def _page(
    plan: ListPlan, shown: tuple[str, ...], order: Order, window: Window, conditions: Conditions
) -> Select[Any]:
    """The rows of a page: keys first, so that neither joins nor wide rows are sorted."""
    between = () if plan.days is None else days.between(plan, order)

    def choose(*columns: Any) -> Select[Any]:
        return plan.visible(select(*columns)).where(*conditions, *between)

    place = window.place
    chosen = paging.page(choose, order, place, window.size).subquery()
    same = and_(*(column == chosen.c[column.name] for column in row_codec.key_columns(plan.model)))
    if _has_special(plan, shown):
        statement = select(plan.model).join(chosen, same).options(*_loading(plan, shown, order.columns))
    else:
        bare = select().select_from(plan.model).join(chosen, same)
        statement = _reader(plan, shown, order.columns).selected(bare)
    return statement.order_by(*order.clauses(is_backward=place.is_backward))


def _records(plan: ListPlan, shown: tuple[str, ...], order: Order, rows: Result[Any]) -> list[Any]:
    """Records as values; as what they are where a special cell is shown, which may ask anything of them."""
    if _has_special(plan, shown):
        return list(rows.scalars().unique())
    records = list(map(_reader(plan, shown, order.columns).make, rows))
    record_values.keep(records)
    return records


def _has_special(plan: ListPlan, shown: tuple[str, ...]) -> bool:
    return not plan.special.keys().isdisjoint(shown)


@lru_cache(maxsize=KEPT)
def _reader(plan: ListPlan, shown: tuple[str, ...], ordered: tuple[Column[Any], ...]) -> Reader:
    return record_values.reader(plan.model, *_read_of(plan, shown, ordered))


def _at(place: Place, passed: int, total: int, size: int) -> Window:
    if passed == 0:
        return Window(FIRST, size, 0)
    if place.values is None and not place.is_backward:
        place = replace(place, offset=passed)
    if place == LAST:
        size = total - passed
    return Window(place, size, passed)
