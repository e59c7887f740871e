"""Between which days the rows of a list stand, so that no page walks over rows that are not committed yet.

Only lists whose days are kept ask this: those whose plan names the column that has them.

A feed of a million rows stands at the newer end of the index by days while nobody may see it. Where the days are kept
in a table of their own, a page begins at the newest of those that may be seen, and ends at the oldest.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Column, ColumnElement, bindparam, func, select

from webapp import db
from webapp.lists.paging import Order
from webapp.lists.plan import ListPlan

FIRST, LAST = "first_day", "last_day"
Days = Mapping[str, date | None]


def ends(plan: ListPlan) -> tuple[ColumnElement[Any], ...]:
    """The first and the last day, to be selected."""
    return tuple(
        select(end(plan.days)).scalar_subquery().label(name)
        for end, name in ((func.min, FIRST), (func.max, LAST))
    )


def within(plan: ListPlan) -> tuple[ColumnElement[bool], ...]:
    """The rows between these days, where one statement asks for both."""
    day = _day(plan)
    first, last = (select(end(plan.days)).scalar_subquery() for end in (func.min, func.max))
    return day >= first, day <= last


def between(plan: ListPlan, order: Order) -> tuple[ColumnElement[bool], ...]:
    """The rows between days that are handed in: what is known of them decides on how PostgreSQL looks for rows."""
    if order.columns[0] is not _day(plan):
        return ()
    day = order.columns[0]
    return day >= bindparam(FIRST, type_=day.type), day <= bindparam(LAST, type_=day.type)


def of(plan: ListPlan) -> Days:
    """The days to be handed in."""
    return told(db.session.execute(select(*ends(plan))).one())


def told(row: Any) -> Days:
    """The same of a row that has them."""
    return {FIRST: row.first_day, LAST: row.last_day}


def _day(plan: ListPlan) -> Column[Any]:
    assert plan.days is not None
    column: Column[Any] = plan.table_columns[plan.days.key]
    return column
