"""How many rows each value of a short list has, under the search and all other conditions: fetched by the panel."""

from collections.abc import Iterable
from typing import Any

from flask import g, jsonify, request
from flask.typing import ResponseReturnValue
from flask_admin.base import expose
from flask_babel import gettext
from sqlalchemy import Select, Text, cast, func, literal, select, union_all

from webapp import db
from webapp.screens import filters, lookups, registry
from webapp.screens.filters import ColumnFilter
from webapp.screens.narrowing import NarrowedView

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
        counts = self._counted(facets.values())
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

    def _counted(self, facets: Iterable[ColumnFilter]) -> dict[str, Counts]:
        """The rows of each value of each facet, in one statement."""
        parts = [self._counting(made) for made in facets]
        found: dict[str, Counts] = {made.arg: {} for made in facets}
        if parts:
            for name, value, number in db.session.execute(union_all(*parts)):
                found[name][value] = number
        return found

    def _counting(self, made: ColumnFilter) -> Any:
        asked = g.list_asked
        wanted: Select[Any] = self.visible(select(made.column.label("value")).select_from(self.model))
        wanted = wanted.where(*self.conditions(asked.search, asked.filters, but=made.column.name))
        some = wanted.limit(COUNTED_UP_TO + 1).subquery()
        return select(literal(made.arg), cast(some.c.value, Text), func.count()).group_by(some.c.value)

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
