"""Which of the records that a search finds was meant most likely: by its code, by its name, by how its name begins."""

from typing import Any

from sqlalchemy import Column, ColumnElement, String, case, func, or_

from webapp.lists import search
from webapp.lists.plan import ListPlan
from webapp.naming import OWNER
from webapp.rules import company as company_rules
from webapp.rules.fields import Text


def ranks(plan: ListPlan, text: str) -> list[ColumnElement[Any]]:
    """What to order by first; nothing for lists that are searched by their companies, as those are many rows."""
    columns = [plan.table_columns[name] for name in plan.searched if name in plan.table_columns]
    columns = [column for column in columns if isinstance(column.type, String)]
    if OWNER in plan.searched or not columns or not search.plain(text):
        return []
    codes = [column for column in columns if not isinstance(column.info.get("rule"), Text)]
    # The first of them is what a record is called; how it is read or called in English comes after.
    names = [column for column in columns if column not in codes]
    order = (
        [_is(column, text) for column in codes],
        [_is(column, text) for column in names],
        [] if plan.had_before is None else [plan.had_before(text)],
        [_begins(column, text) for column in names[:1]],
        [_begins(column, text) for column in names[1:]],
        [_begins(column, text) for column in codes],
    )
    steps = [(or_(*conditions), place) for place, conditions in enumerate(order) if conditions]
    return [case(*steps, else_=len(order))]


def _is(column: Column[Any], text: str) -> ColumnElement[bool]:
    written, typed = _compared(column, text)
    condition: ColumnElement[bool] = written == typed
    return condition


def _begins(column: Column[Any], text: str) -> ColumnElement[bool]:
    written, typed = _compared(column, text)
    condition: ColumnElement[bool] = written.like(f"{search.escaped(typed)}_%", escape="\\")
    return condition


def _compared(column: Column[Any], text: str) -> tuple[Any, str]:
    """What to compare: a name as it is found by, where that is stored beside it, otherwise the text in one case."""
    folded = column.table.columns.get(f"{column.name}_folded")
    typed = "" if folded is None else company_rules.fold_name(text)
    return (folded, typed) if typed else (func.lower(column), search.plain(text).lower())
