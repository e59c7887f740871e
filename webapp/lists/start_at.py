"""Where a list begins when somebody types a code, a name or a date of the column that it is sorted by."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Column, func, select

from webapp.lists import conditions, filters, search
from webapp.lists.paging import Order, Place
from webapp.models import references
from webapp.models.company import Company
from webapp.rules import names
from webapp.rules.fields import CONTROL
from webapp.rules.people import account
from webapp.words import keys, labels

DAY, TEXT = "date", "text"


def kind(column: Column[Any]) -> str | None:
    """The kind of input that asks for a value of this column; None where nobody would jump."""
    if column.foreign_keys:
        return TEXT
    if labels.words_of(column) is not None or column.type.python_type is bool:
        return None
    if column.type.python_type in (date, datetime):
        return DAY
    # An address is no code to be put in upper case.
    is_code = labels.is_code(column) and column.info.get("rule") is not account.EMAIL
    return TEXT if is_code or _is_folded(column) or column.identity is not None else None


def place(order: Order, text: str) -> Place | None:
    """The first row from what somebody typed on, in the order of the list; None where that is no such value."""
    column = order.columns[0]
    if kind(column) is None or not search.plain(text) or len(text) > search.LONGEST or CONTROL.search(text):
        return None
    try:
        value = _read(column, text, is_end=order.is_descending)
    except ValueError:
        return None
    return None if value is None else Place((value,), is_inclusive=True)


def _read(column: Column[Any], text: str, *, is_end: bool) -> Any:
    if column.foreign_keys and references.target_of(column) is Company:
        return select(func.min(Company.id)).where(search.company_named(text)).scalar_subquery()
    if column.type.python_type is datetime:
        # A day as a whole: a list that goes back in time begins with its last moment.
        start = filters.InstantFilter(column, conditions.SINCE).value_of(text)
        return start + timedelta(days=1) if is_end else start
    if column.type.python_type is date:
        return filters.DayFilter(column, conditions.SINCE).value_of(text)
    if _is_folded(column):
        return names.key(text)
    if column.type.python_type is int:
        return keys.parse_value(column, search.plain(text))
    return search.code(column, text)


def _is_folded(column: Column[Any]) -> bool:
    return "folds" in column.info
