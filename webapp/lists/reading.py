"""Read one page of a list: two statements, a bounded count, and rows by their keys first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, select

from webapp import db
from webapp.lists import counting, pager, paging, search, start_at
from webapp.lists.counting import COUNTED_UP_TO, Count
from webapp.lists.pager import Window
from webapp.lists.paging import FIRST, LAST, Order, Place
from webapp.lists.plan import ListPlan
from webapp.lists.query import FURTHEST, ListQuery
from webapp.naming import OWNER
from webapp.rules.findings import Finding
from webapp.services.changes import row_codec
from webapp.words import record_names

Conditions = Sequence[ColumnElement[bool]]


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
    window = pager.window(place, count, query.page_size)
    rows, has_more = _rows(query, conditions, order, window, is_whole=not count.is_capped)
    if not rows and window.place.values is not None:
        # Whatever was past the place is gone, or never was.
        start = FIRST if place.is_backward or place.is_inclusive else LAST
        window = Window(start, query.page_size, None)
        rows, has_more = _rows(query, conditions, order, window, is_whole=False)
    if place.is_inclusive and not window.place.is_inclusive and not count.past:
        text = dict(query.place)[pager.AT]
        told = {"value": text}
        remarks.append(Finding(None, "Nothing stands at “%(value)s” or after it.", told, is_blocking=False))
    has_before, has_after = pager.sides(window, len(rows), count, has_more=has_more)
    return ListPage(rows, order, count, window, has_before, has_after, remarks)


def loading(query: ListQuery, order: Order, also: Sequence[str] = ()) -> list[Any]:
    """Loader options for what the rows of a list show: nothing else is read, and reading more raises."""
    plan = query.plan
    names = set(also) | {column.name for column in order.columns}
    shown: list[str] = []
    for name in query.shown_columns:
        if name in plan.special:
            names |= set(plan.special[name].reads)
        elif name in plan.table_columns:
            names.add(name)
        else:
            shown.append(name)
    return [record_names.only(plan.model, also=names), *record_names.joined(plan.model, {*shown, OWNER})]


def _place(query: ListQuery, order: Order) -> tuple[Place, list[Finding]]:
    """Where the page begins that the address asks for; the first page where it asks for nothing that is there."""
    asked = dict(query.place)
    for name in (pager.AFTER, pager.BEFORE):
        values = paging.read(order, asked.get(name, ""))
        if values is not None:
            return Place(values, is_backward=name == pager.BEFORE), []
    if asked.get(pager.FINAL) == "1":
        return LAST, []
    text = asked.get(pager.AT, "")
    if not text.strip():
        return Place(offset=min(query.page * query.page_size, FURTHEST)), []
    place = start_at.place(order, text)
    if place is None:
        told = {"value": text[: search.LONGEST]}
        return FIRST, [Finding(None, "The list cannot begin at “%(value)s”.", told)]
    return place, []


def _count(plan: ListPlan, conditions: Conditions, order: Order, place: Place) -> Count:
    is_within = place.values is not None
    selected = order.columns if is_within else (literal(1).label("one"),)
    chosen = plan.visible(select(*selected).select_from(plan.model))
    # The whole table's statistics say nothing about a part of it.
    is_part = bool(conditions) or chosen.whereclause is not None
    estimate = literal(None) if is_part else counting.estimated(plan.model)
    # PostgreSQL asks this once, and then does not read the table at all.
    few = [] if is_part else [estimate <= counting.ESTIMATED_FROM]
    some = chosen.where(*conditions, *few).limit(COUNTED_UP_TO + 1).subquery()
    past = func.count().filter(paging.beyond(order, place, some)) if is_within else literal(0)
    row = db.session.execute(select(func.count(), past, estimate).select_from(some)).one()
    is_capped = row[0] > COUNTED_UP_TO or (row[2] or 0) > counting.ESTIMATED_FROM
    number = COUNTED_UP_TO if is_capped else row[0]
    return Count(number, is_capped, row[1], None if row[2] is None else int(row[2]))


def _rows(
    query: ListQuery, conditions: Conditions, order: Order, window: Window, *, is_whole: bool
) -> tuple[list[Any], bool]:
    """The rows of a window in the order of the list, and whether there are more in the direction of reading.

    Keys first, so that neither joins nor wide rows are sorted.
    """
    plan, size = query.plan, window.size if is_whole else window.size + 1

    def choose(*columns: Any) -> Select[Any]:
        return plan.visible(select(*columns)).where(*conditions)

    chosen = paging.page(choose, order, window.place, size).subquery()
    same = and_(*(column == chosen.c[column.name] for column in row_codec.key_columns(plan.model)))
    also = ["version"] if "version" in plan.table_columns else []
    statement = select(plan.model).join(chosen, same).options(*loading(query, order, also))
    statement = statement.order_by(*order.clauses(is_backward=window.place.is_backward))
    rows = list(db.session.scalars(statement).unique())
    shown = rows[: window.size]
    return (shown[::-1] if window.place.is_backward else shown), len(rows) > window.size
