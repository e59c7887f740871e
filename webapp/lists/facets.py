"""How many rows each value of a short column has, under the search and all other conditions of a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, Column, Select, Text, cast, func, literal, select, union_all

from webapp import db
from webapp.lists import conditions, filters, records
from webapp.lists import plan as plans
from webapp.lists.conditions import ColumnFilter
from webapp.lists.query import ListQuery
from webapp.models import references
from webapp.services.changes import row_codec
from webapp.words import keys, record_names
from webapp.words.speech import Speech

# Counting further costs more than it tells.
COUNTED_UP_TO = 50_000
# A list of records that is longer is not offered.
MOST_VALUES = 40

Counts = dict[str | None, int]


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a facet: the name of its filter in the address, value, label, and how many rows have it."""

    name: str
    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Facet:
    """The values of a facet, and whether there are more rows than were counted."""

    values: Sequence[Value]
    has_more: bool


def counted(query: ListQuery, speech: Speech) -> dict[str, Facet]:
    """Every facet of a list by its name in the address, in one statement beside those that name other records."""
    facets = query.plan.facets
    counts = _counts(query, list(facets.values()))
    return {
        name: Facet(_values(query, one, counts[name], speech), sum(counts[name].values()) > COUNTED_UP_TO)
        for name, one in facets.items()
    }


def _counts(query: ListQuery, facets: Sequence[ColumnFilter]) -> dict[str, Counts]:
    """The rows of each value of each facet: the rows that fulfil everything are read once, and once more for each
    facet that is itself in use."""
    used = {one.filter.column.name for one in query.asked if not one.group}
    unused = [facet for facet in facets if facet.column.name not in used]
    whole = _values_of(query, [column for facet in unused for column in facet.columns_counted()], None)
    counts: dict[str, Counts] = {facet.arg: {} for facet in facets}
    parts = []
    for facet in facets:
        name = facet.column.name
        some = _values_of(query, facet.columns_counted(), name) if name in used else whole
        value = facet.values_in(some).subquery().c.value
        parts.append(select(literal(facet.arg), cast(value, Text), func.count()).group_by(value))
    if parts:
        for arg, kept, number in db.session.execute(union_all(*parts)):
            counts[arg][kept] = number
    return counts


def _values_of(query: ListQuery, columns: Sequence[Column[Any]], but: str | None) -> CTE:
    """These columns of the rows that fulfil everything, or everything but what is asked of one column."""
    chosen: Select[Any] = query.plan.visible(select(*columns).select_from(query.plan.model))
    return chosen.where(*query.conditions(but=but)).limit(COUNTED_UP_TO + 1).cte()


def _values(query: ListQuery, facet: ColumnFilter, counts: Counts, speech: Speech) -> list[Value]:
    values = [
        Value(facet.arg, value, label, counts.get(_stored(facet, value), 0))
        for value, label in _offered(facet, speech)
    ]
    if facet.column.nullable:
        of_empty = next(
            one.arg
            for one in query.plan.filters.values()
            if one.column is facet.column and one.question is conditions.EMPTY
        )
        values.append(Value(of_empty, "1", speech.gettext("(empty)"), counts.get(None, 0)))
    return values


def _offered(facet: ColumnFilter, speech: Speech) -> list[tuple[str, str]]:
    options = [(value, speech.say(label)) for value, label in facet.options().items()]
    if options or not isinstance(facet, filters.ReferenceFilter):
        return options
    target = references.target_of(facet.column)
    plan = plans.of_model(target)
    order = row_codec.key_columns(target) if plan is None else plan.order(plan.usual_levels).clauses()
    rows = records.visible(target).order_by(*order).options(*record_names.loading(target))
    referred = db.session.scalars(rows.limit(MOST_VALUES + 1)).all()
    if len(referred) > MOST_VALUES:
        return []
    return [(keys.write(keys.of_row(record)), record_names.of(record, speech)) for record in referred]


def _stored(facet: ColumnFilter, value: str) -> str:
    """A value of an address as PostgreSQL writes it as text."""
    if isinstance(facet, filters.YesNoFilter):
        return "true" if value == "1" else "false"
    return value
