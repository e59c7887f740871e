"""What narrows a list: its search and its conditions, as an address says them and as its panel and chips show them."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import flash, g, render_template, request
from flask_babel import gettext
from flask_babel.speaklater import LazyString
from markupsafe import Markup
from sqlalchemy import ColumnElement, or_

from webapp.lists import conditions, filters, panel, search
from webapp.lists.conditions import Asked
from webapp.screens.record import orders
from webapp.screens.record.orders import OrderedView

# Of a name that nobody knows, so much is repeated.
REPEATED = 60
# What an address may hold as it is.
TIDY = "!$'()*,/:;?@"


class Chip(NamedTuple):
    """A condition in words, and the address of the list without it."""

    name: str
    says: str
    value: str
    address: str


class NarrowedView(OrderedView):
    """A list that can be searched and filtered."""

    column_searchable_list: tuple[str, ...] = ()
    column_filters: tuple[str, ...] = ()

    # ---- Rows -----------------------------------------------------------------------------------------------

    def conditions(
        self, text: str | None, asked: Sequence[Asked] | None, *, but: str | None = None
    ) -> list[ColumnElement[bool]]:
        """What search and filters demand of a row; `but` leaves out what is asked of a facet."""
        found = self.search_conditions(text) if text and self._search_supported else []
        return found + conditions.combined(asked or [], self._filters or [], but=but)

    def search_conditions(self, text: str) -> list[ColumnElement[bool]]:
        """What a search demands: every word must be found somewhere."""
        return [self.search_condition(term) for term in search.terms(text)]

    def search_condition(self, term: str) -> ColumnElement[bool]:
        """Where one word may be found."""
        columns = self.columns
        return or_(
            *(
                (
                    search.of_companies(columns["company_id"], term)
                    if name == "company"
                    else search.contains(columns[name], search.plain(term))
                )
                for name in self.column_searchable_list
            )
        )

    # ---- What the address says ------------------------------------------------------------------------------

    def _get_list_filter_args(self) -> list[Asked]:
        """The conditions in the address, in their order; the panel sends blank ones where it has no script."""
        known = conditions.places(self._filters or [])
        typed, strange = conditions.read(request.args.items(multi=True))
        asked = []
        for one in typed:
            if one.arg not in known:
                strange.append(one.arg)
                continue
            made = self._filters[known[one.arg]]
            if made.validate(one.value):
                asked.append(Asked(known[one.arg], str(made.name), one.value, one.group))
            else:
                flash(self.get_invalid_value_msg(one.value, made), "error")
        for name in strange[:1]:
            flash(gettext("This list has no filter “%(name)s”.", name=name[:REPEATED]), "error")
        return list(dict.fromkeys(asked))

    def get_invalid_value_msg(self, value: str, filter: Any) -> str:
        return gettext(
            "The filter “%(name)s” does not understand “%(value)s”.", name=filter.name, value=value
        )

    def _get_filters(self, filters: Sequence[Asked] | None) -> dict[str, str]:
        return dict(conditions.write(filters or [], self._filters or []))

    def canonical_query(self) -> str:
        """What the address asks for, always written the same way: search, filters, order, columns, unit and size.

        Also which saved view it came from, but not where the page begins.
        """
        return urlencode(self._query(g.list_asked), safe=TIDY)

    def _query(self, asked: Any) -> list[tuple[str, str]]:
        pairs = [("search", asked.search)] if asked.search else []
        pairs += conditions.write(asked.filters or [], self._filters or [])
        pairs += [(name, str(value)) for name, value in asked.extra_args.items()]
        size = self.get_safe_page_size(asked.page_size)
        return pairs if size == self.page_size else [*pairs, ("page_size", str(size))]

    def _without_order(self) -> str:
        rest = {name: value for name, value in g.list_asked.extra_args.items() if name != orders.NAME}
        return self._get_list_url(g.list_asked.clone(page=0, extra_args=rest))

    def _get_list_url(self, view_args: Any) -> str:
        pairs = self._query(view_args)
        pairs += [("page", str(view_args.page))] if view_args.page else []
        pairs += getattr(view_args, "place", {}).items()
        start = f"{request.script_root}{self.url}/"
        return f"{start}?{urlencode(pairs, safe=TIDY)}" if pairs else start

    # ---- Panel and chips ------------------------------------------------------------------------------------

    def filter_panel(self) -> Markup:
        """The panel's columns: as they always are, but for those in which something is chosen."""
        plain: dict[str, Markup] = self.said_once("panel", self._whole_panel)
        given: dict[str, dict[str, list[str]]] = {}
        for one in g.list_asked.filters or []:
            made = self._filters[one.place]
            if not one.group:
                given.setdefault(made.column.name, {}).setdefault(made.arg, []).append(one.value)
        shown = plain | {
            name: self._part_of_panel(name, values) for name, values in given.items() if name in plain
        }
        return Markup().join(shown.values())

    def filter_groups(self) -> list[tuple[str, list[tuple[str, str, str]]]]:
        """The groups of which any condition is enough: letter, and name in the address, value and words of each."""
        names = conditions.write(g.list_asked.filters or [], self._filters or [])
        found: dict[str, list[tuple[str, str, str]]] = {}
        for one, (name, value) in zip(g.list_asked.filters or [], names, strict=True):
            if one.group:
                words = panel.in_words(self._filters[one.place], one.value)
                found.setdefault(one.group, []).append((name, value, " ".join(words)))
        return list(found.items())

    def chips(self) -> list[list[Chip]]:
        """What narrows the list, each with the address without it; of those together any is enough."""
        given = g.list_asked
        asked = list(given.filters or [])
        found = []
        if given.search:
            rest = self._get_list_url(given.clone(page=0, search=None))
            found.append([Chip(gettext("Search") + ":", "", given.search, rest)])
        for some in conditions.alternatives(asked, self._filters or []):
            found.append([self._chip(one, asked) for one in some])
        return found

    def _chip(self, one: Asked, asked: Sequence[Asked]) -> Chip:
        rest = [other for other in asked if other is not one]
        address = self._get_list_url(g.list_asked.clone(page=0, filters=rest))
        return Chip(*panel.in_words(self._filters[one.place], one.value), address)

    def _whole_panel(self) -> dict[str, Markup]:
        names = dict.fromkeys(made.column.name for made in self._filters or [])
        return {name: self._part_of_panel(name, {}) for name in names}

    def _part_of_panel(self, name: str, values: dict[str, list[str]]) -> Markup:
        placed = [(place, made) for place, made in enumerate(self._filters) if made.column.name == name]
        html = render_template("admin/model/filter.html", part=panel.part(placed, values))
        return Markup(html)  # noqa: S704  # the template escapes

    # ---- What Flask-Admin asks ------------------------------------------------------------------------------

    def init_search(self) -> bool:
        return bool(self.column_searchable_list)

    def search_placeholder(self) -> Any:
        names = [self.get_column_name(name) for name in self.column_searchable_list]
        return LazyString(lambda: ", ".join(str(name) for name in names))

    def get_filters(self) -> Any:
        return [made for name in self.column_filters for made in filters.for_column(self.columns[name])]

    def _get_filter_groups(self) -> Any:
        return None  # the panel is made here

    def get_filter_arg(self, index: int, flt: Any) -> str:  # noqa: ARG002  # Flask-Admin's signature
        return str(flt.arg)
