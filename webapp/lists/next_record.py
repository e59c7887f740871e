"""The record after or before another one in a list: with its search, filters and order."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, not_, select

from webapp import db
from webapp.lists import days, paging
from webapp.lists.paging import Order, Place
from webapp.lists.plan import ListPlan
from webapp.lists.query import ListQuery
from webapp.services.changes import row_codec
from webapp.services.changes.row_codec import Key


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a record stands in a list: the list's order and conditions, and the record's values in that order."""

    plan: ListPlan
    order: Order
    conditions: tuple[ColumnElement[bool], ...]
    values: tuple[Any, ...]
    key: Key

    def moved_to(self, record: Mapping[str, Any]) -> "Standing":
        """Where the record stood with these values."""
        known = zip(self.order.columns, self.values, strict=True)
        return replace(self, values=tuple(record.get(column.name, value) for column, value in known))


def standing(query: ListQuery, record: Mapping[str, Any]) -> Standing:
    """The place of a record, given by its values, in a list."""
    order = query.order()
    values = tuple(record[column.name] for column in order.columns)
    key = row_codec.key_of(query.plan.model, record)
    return Standing(query.plan, order, tuple(query.conditions()), values, key)


def beside(here: Standing, *, is_backward: bool = False) -> Key | None:
    """The key of the next record, or of the one before; None at the end of the list.

    The record itself is left out: what was saved may have moved it on.
    """
    plan = here.plan
    is_itself = row_codec.has_key(plan.model, [here.key])
    between = () if plan.days is None else days.between(plan, here.order)
    conditions = (*here.conditions, not_(is_itself), *between)
    statement = paging.page(
        lambda *columns: plan.visible(select(*columns)).where(*conditions),
        here.order,
        Place(here.values, is_backward=is_backward),
        1,
    )
    known = {} if plan.days is None else days.of(plan)
    row = db.session.execute(statement, known).mappings().first()
    if row is None:
        return None
    return row_codec.key_of(plan.model, {str(name): value for name, value in row.items()})
