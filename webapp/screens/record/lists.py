"""How every list behaves: two statements a page, a bounded count, one row rule, and nothing typed that breaks it."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from flask import abort, flash, g, request
from flask_babel import gettext
from sqlalchemy import ColumnElement, Select, and_, func, inspect, literal, select

from webapp import db
from webapp.forms import lookups
from webapp.lists import counting, pager, paging, search, start_at
from webapp.lists.counting import Count
from webapp.lists.pager import Window
from webapp.lists.paging import FIRST, LAST, Order, Place
from webapp.rules.fields import CONTROL
from webapp.screens.record import orders, view_menu
from webapp.screens.record.facets import FacetsView
from webapp.services.changes import row_codec
from webapp.words import keys, labels, units

# Counting further costs more than it tells.
COUNTED_UP_TO = 10_000
# An address with a page number skips at most so many rows; links lead to any depth.
FURTHEST = 100_000
PLACES = (pager.AFTER, pager.BEFORE, pager.FINAL, pager.AT)
# The name in an address of the columns to show, and how many there may be.
COLUMNS, MOST_COLUMNS = "columns", 100
# Names in an address that would reach Flask's url_for as something else than a query.
MISLEADING = frozenset({"endpoint", "export_type", "values"})


class ListView(FacetsView):
    """The list of one kind of record, over Flask-Admin's own list view."""

    column_auto_select_related = False
    column_display_pk = True
    can_view_details = True
    can_set_page_size = True
    page_size = 50
    page_size_options = (20, 50, 100, 200)
    list_template = "admin/model/list.html"
    details_template = "admin/model/details.html"

    def page(self, template: str, **context: Any) -> str:
        """A template of this screen."""
        return str(self.render(template, **context))

    def address(self, endpoint: str, **values: Any) -> str:
        """The address of a view function."""
        return str(self.get_url(endpoint, **values))

    # ---- The rows -------------------------------------------------------------------------------------------

    def visible(self, statement: Select[Any]) -> Select[Any]:
        """The row rule: which rows this reader may see. List, count, export, look-up and every page ask it."""
        return statement

    def get_query(self) -> Select[Any]:
        return self.visible(select(self.model))

    def get_one(self, id: Any) -> Any:
        """The record of a key as typed in an address, or None."""
        key = keys.parse(self.model, id)
        if key is None:
            return None
        statement = self.visible(select(self.model)).where(row_codec.has_key(self.model, [key]))
        return db.session.scalars(statement.options(*lookups.joined(self.model))).one_or_none()

    def get_list(  # noqa: PLR0913, PLR0917  # Flask-Admin's signature
        self,
        page: int | None,
        sort_column: str | None,  # noqa: ARG002 - same
        sort_desc: bool,  # noqa: ARG002 - same
        search: str | None,
        filters: Sequence[Any] | None,
        execute: bool = True,  # noqa: ARG002 - same
        page_size: int | None = None,
    ) -> tuple[int, list[Any]]:
        """One page and how many rows there are, counted up to 10,000."""
        conditions = self.conditions(search, filters)
        order = self.asked_order(g.list_asked)
        size = page_size or self.page_size
        place = self._place(order, (page or 0) * size)
        count = self._count(conditions, order, place)
        read = pager.window(place, count, size)
        rows, has_more = self._window(conditions, order, read, is_whole=not count.is_capped)
        if not rows and read.place.values is not None:
            # Whatever was past the place is gone, or never was.
            read = Window(FIRST if place.is_backward or place.is_inclusive else LAST, size, None)
            rows, has_more = self._window(conditions, order, read, is_whole=False)
        if place.is_inclusive and not read.place.is_inclusive and not count.past:
            flash(
                gettext("Nothing stands at “%(value)s” or after it.", value=request.args[pager.AT]), "warning"
            )
        sides = pager.sides(read, len(rows), count, has_more=has_more)
        base = self._get_list_url(g.list_asked.clone(page=0))
        self._template_args.update(
            self._frame(order)
            | {
                "grid": self.rows_of_a_page(rows, self._back()),
                "count_words": count.words(),
                "pager": pager.addresses(base, order, rows, read, sides=sides),
            }
        )
        return count.number, rows

    def _frame(self, order: Order) -> dict[str, Any]:
        """What stands around the rows: heads, menus, panel and chips."""
        columns = self.get_column_names(g.list_columns, None)
        levels = self.asked_levels(g.list_asked)
        return {
            "list_columns": columns,
            "heads": self.heads(columns, levels, self._without_order()),
            "sort_levels": None if self.is_large else orders.write(levels),
            "sort_choices": self.sort_choices(levels),
            "offered_columns": self.said_once("columns", self.offered_columns),
            "units": self._units(),
            "chips": self.chips(),
            "filter_panel": self.filter_panel() if self._filters else None,
            "filter_any": self.filter_groups(),
            "facets_url": self.facets_url(),
            "jump_kind": start_at.kind(order.columns[0]),
            "jump_column": labels.say(labels.of_column(order.columns[0])),
        }

    def _place(self, order: Order, offset: int) -> Place:
        """Where the page begins that the address asks for; the first page where it asks for nothing that is there."""
        for name in (pager.AFTER, pager.BEFORE):
            values = paging.read(order, request.args.get(name, ""))
            if values is not None:
                return Place(values, is_backward=name == pager.BEFORE)
        if request.args.get(pager.FINAL) == "1":
            return LAST
        text = request.args.get(pager.AT, "")
        if not text.strip():
            return Place(offset=min(offset, FURTHEST))
        place = start_at.place(order, text)
        if place is None:
            flash(gettext("The list cannot begin at “%(value)s”.", value=text[: search.LONGEST]), "error")
        return place or FIRST

    def _count(self, conditions: Sequence[ColumnElement[bool]], order: Order, place: Place) -> Count:
        is_within = place.values is not None
        wanted = order.columns if is_within else (literal(1).label("one"),)
        chosen = self.visible(select(*wanted).select_from(self.model))
        # The whole table's statistics say nothing about a part of it.
        is_part = bool(conditions) or chosen.whereclause is not None
        estimate = literal(None) if is_part else counting.estimated(self.model)
        # PostgreSQL asks this once, and then does not read the table at all.
        few = [] if is_part else [estimate <= counting.ESTIMATED_FROM]
        some = chosen.where(*conditions, *few).limit(COUNTED_UP_TO + 1).subquery()
        past = func.count().filter(paging.beyond(order, place, some)) if is_within else literal(0)
        row = db.session.execute(select(func.count(), past, estimate).select_from(some)).one()
        is_capped = row[0] > COUNTED_UP_TO or (row[2] or 0) > counting.ESTIMATED_FROM
        number = COUNTED_UP_TO if is_capped else row[0]
        return Count(number, is_capped, row[1], None if row[2] is None else int(row[2]))

    def _window(
        self, conditions: Sequence[ColumnElement[bool]], order: Order, read: Window, *, is_whole: bool
    ) -> tuple[list[Any], bool]:
        """The rows of a window in the order of the list, and whether there are more in the direction of reading.

        Keys first, so that neither joins nor wide rows are sorted.
        """
        size = read.size if is_whole else read.size + 1
        chosen = paging.page(
            lambda *columns: self.visible(select(*columns)).where(*conditions), order, read.place, size
        ).subquery()
        same = and_(*(column == chosen.c[column.name] for column in row_codec.key_columns(self.model)))
        statement = select(self.model).join(chosen, same).options(*self._loading(order))
        statement = statement.order_by(*order.clauses(is_backward=read.place.is_backward))
        rows = list(db.session.scalars(statement).unique())
        found = rows[: read.size]
        return (found[::-1] if read.place.is_backward else found), len(rows) > read.size

    def _units(self) -> list[tuple[str, str, bool]]:
        """The units to choose from where the list shows money: address, name, and whether it is shown now."""
        if not any(units.is_money(self.columns.get(name)) for name in g.list_columns):
            return []
        if (asked := units.asked()) is not None:
            units.remember(asked)
        choices = []
        for unit in units.UNITS.values():
            other = g.list_asked.clone(extra_args={**g.list_asked.extra_args, units.NAME: unit.word})
            other.place = g.list_asked.place
            choices.append((self._get_list_url(other), labels.say(unit.label), unit is units.chosen()))
        return choices

    def _back(self) -> str:
        return "&url=" + quote(self._get_list_url(g.list_asked), safe="/") if request.query_string else ""

    def _loading(self, order: Order) -> list[Any]:
        names = {name for name in g.list_columns if name in self.columns} | set(self.also_loads)
        names |= {column.name for column in order.columns} | ({"version"} if self.can_edit_cells else set())
        shown = [name for name in g.list_columns if name in inspect(self.model).relationships]
        return [
            lookups.only(self.model, also=names),
            *lookups.joined(self.model, {*shown, "company"}),
        ]

    # ---- What the address says ------------------------------------------------------------------------------

    def _get_list_extra_args(self) -> Any:
        for name, value in request.args.items(multi=True):
            if CONTROL.search(name) or CONTROL.search(value) or name in MISLEADING or name.startswith("_"):
                abort(400)
        given = super()._get_list_extra_args()
        given.page = min(max(given.page or 0, 0), FURTHEST)
        unit = units.asked()
        order = self.order_in_address(
            given, request.args.getlist(orders.NAME), request.args.getlist(orders.TURNED)
        )
        given.sort = given.sort_desc = None
        given.extra_args = {} if order is None else {orders.NAME: order}
        given.extra_args |= {} if unit is None else {units.NAME: unit.word}
        names = [name for text in request.args.getlist(COLUMNS)[:MOST_COLUMNS] for name in text.split(",")]
        g.list_columns = self.chosen_columns(names[:MOST_COLUMNS])
        if g.list_columns != self.column_list:
            given.extra_args[COLUMNS] = ",".join(g.list_columns)
        given.extra_args |= view_menu.in_address()
        # Not for the addresses of other orders and conditions, which are made from copies.
        given.place = {name: request.args[name] for name in PLACES if name in request.args}
        g.list_asked = given
        text = given.search or ""
        if len(text) > search.LONGEST or len(text.split()) > search.MOST_TERMS:
            flash(gettext("The search took only the first 8 words, of at most 200 characters."), "warning")
            given.search = " ".join(search.terms(text))
        return given
