"""How many rows each value of a short list has, under the search and all other conditions: fetched by the panel."""

from collections.abc import Sequence
from typing import Any

from flask import g, jsonify, request
from flask.typing import ResponseReturnValue
from flask_admin.base import expose
from flask_babel import gettext
from sqlalchemy import CTE, Column, Select, Text, cast, func, literal, select, union_all

from webapp import db
from webapp.forms import lookups
from webapp.lists import filters
from webapp.lists.filters import ColumnFilter
from webapp.screens.record import registry
from webapp.screens.record.narrowing import NarrowedView

# Counting further costs more than it tells.
COUNTED_UP_TO = 50_000
# A list of records that is longer is not offered.
MOST_VALUES = 40

Counts = dict[str | None, int]


class FacetsView(NarrowedView):
    """A list whose short columns can be narrowed by ticking values."""

    @expose("/facets/")
    def facets_view(self) -> ResponseReturnValue:
        """By the name of each facet: whether there are more rows than were counted, and [name, value, label, count] of
        each value that it has; the name tells a value from having none."""
        self._get_list_extra_args()
        facets = {made.arg: made for made in self._filters or [] if filters.is_facet(made)}
        counts = self._counted(list(facets.values()))
        return jsonify(
            {
                name: {
                    "has_more": sum(counts[name].values()) > COUNTED_UP_TO,
                    "values": self._told(made, counts[name]),
                }
                for name, made in facets.items()
            }
        )

    def facets_url(self) -> str | None:
        """Where the counts of the list that is shown are; None where it has no facets."""
        if not any(filters.is_facet(made) for made in self._filters or []):
            return None
        query = self.canonical_query()
        return f"{request.script_root}{self.url}/facets/" + (f"?{query}" if query else "")

    def _counted(self, facets: Sequence[ColumnFilter]) -> dict[str, Counts]:
        """The rows of each value of each facet, in one statement: the rows that fulfil everything are read once, and
        once more for each facet that is itself in use."""
        asked = [one for one in g.list_asked.filters or [] if not one.group]
        used = {self._filters[one.place].column.name for one in asked}
        columns = {made.column.name: made.column for made in facets}
        whole = self._values_of([column for name, column in columns.items() if name not in used], None)
        found: dict[str, Counts] = {made.arg: {} for made in facets}
        parts = []
        for made in facets:
            name = made.column.name
            some = self._values_of([made.column], name) if name in used else whole
            value = some.c[name]
            parts.append(select(literal(made.arg), cast(value, Text), func.count()).group_by(value))
        if parts:
            for arg, kept, number in db.session.execute(union_all(*parts)):
                found[arg][kept] = number
        return found

    def _values_of(self, columns: Sequence[Column[Any]], but: str | None) -> CTE:
        """These columns of the rows that fulfil everything, or everything but what is asked of one column."""
        asked = g.list_asked
        wanted: Select[Any] = self.visible(select(*columns).select_from(self.model))
        wanted = wanted.where(*self.conditions(asked.search, asked.filters, but=but))
        return wanted.limit(COUNTED_UP_TO + 1).cte()

    def _told(self, made: ColumnFilter, counts: Counts) -> list[tuple[str, str, str, int]]:
        told = [(made.arg, *value, counts.get(_stored(made, value[0]), 0)) for value in self._values(made)]
        if made.column.nullable:
            told.append((self._name_of_empty(made), "1", gettext("(empty)"), counts.get(None, 0)))
        return told

    def _values(self, made: ColumnFilter) -> list[tuple[str, str]]:
        options = [(str(value), str(label)) for value, label in made.get_options() or ()]
        if options or not isinstance(made, filters.ReferenceFilter):
            return options
        target = lookups.target_of(made.column)
        view = registry.view_of(target)
        rows = view.visible(select(target)).order_by(*view.order(None, is_descending=False))
        records = db.session.scalars(rows.options(*lookups.name_loading(target)).limit(MOST_VALUES + 1)).all()
        if len(records) > MOST_VALUES:
            return []
        return [(str(view.get_pk_value(record)), str(record)) for record in records]

    def _name_of_empty(self, made: ColumnFilter) -> str:
        others = (other for other in self._filters if other.column is made.column)
        return str(next(other.arg for other in others if other.question is filters.EMPTY))


def _stored(made: ColumnFilter, value: str) -> str:
    """A value of an address as PostgreSQL writes it as text."""
    if isinstance(made, filters.YesNoFilter):
        return "true" if value == "1" else "false"
    return value
