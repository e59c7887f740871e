"""How every list behaves: two statements a page, a bounded count, one row rule, and nothing typed that breaks it."""

from collections.abc import Callable, Mapping, Sequence
from math import ceil
from typing import Any, ClassVar

from flask import abort, flash, request
from flask_admin.contrib.sqla.view import ModelView
from flask_babel import gettext
from flask_babel.speaklater import LazyString
from sqlalchemy import Column, ColumnElement, Select, and_, func, inspect, literal, or_, select

from webapp import db
from webapp.rules.fields import CONTROL
from webapp.screens import filters, formatters, keys, labels, lookups, registry, search
from webapp.services import encoding

# Counting further costs more than it tells.
COUNTED_UP_TO = 10_000
LAST_PAGE = 200_000
# Names in an address that would reach Flask's url_for as something else than a query.
MISLEADING = frozenset({"endpoint", "export_type", "values"})
Order = tuple[ColumnElement[Any], ...]


# Flask-Admin annotates for all its back ends at once: ours is narrower everywhere, and says so itself.
AnyModelView: Any = ModelView


class ListView(AnyModelView):  # type: ignore[misc]  # see above
    """The list of one kind of record, over Flask-Admin's own list view."""

    label: db.Label
    model: type[db.Base]
    column_list: tuple[str, ...] = ()
    column_searchable_list: tuple[str, ...] = ()
    column_filters: tuple[str, ...] = ()
    column_default_sort: tuple[str, bool]
    # Columns that str() of a record reads.
    name_columns: ClassVar[tuple[str, ...]] = ()
    # What the list can be sorted by: column of the list -> columns of an index, in its order.
    sorts: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    # Cells that are no column: name -> how a row shows it; `also_loads` names the columns that they read.
    special_cells: ClassVar[Mapping[str, Callable[[Any], Any]]] = {}
    special_labels: ClassVar[Mapping[str, db.Label]] = {}
    also_loads: ClassVar[tuple[str, ...]] = ()
    link_column: ClassVar[str | None] = None

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

    def get_count_query(self) -> Select[Any]:
        return self.visible(select(literal(1)).select_from(self.model))

    def get_one(self, id: Any) -> Any:
        """The record of a key as typed in an address, or None."""
        key = keys.parse(self.model, id)
        if key is None:
            return None
        statement = self.visible(select(self.model)).where(encoding.has_key(self.model, [key]))
        return db.session.scalars(statement.options(*lookups.joined(self.model))).one_or_none()

    def get_list(  # noqa: PLR0913, PLR0917  # Flask-Admin's signature
        self,
        page: int | None,
        sort_column: str | None,
        sort_desc: bool,
        search: str | None,
        filters: Sequence[Any] | None,
        execute: bool = True,  # noqa: ARG002
        page_size: int | None = None,
    ) -> tuple[int, list[Any]]:
        """One page and how many rows there are, counted up to 10,000."""
        size = page_size or self.page_size
        conditions = self.conditions(search, filters)
        count = self._count(conditions)
        is_capped = count > COUNTED_UP_TO
        number = page or 0
        if not is_capped:
            number = min(number, max(0, ceil(count / size) - 1))
        self._template_args["page"] = number
        self._template_args["count_is_capped"] = is_capped
        if is_capped:
            self._template_args["num_pages"] = None
        order = self.order(sort_column, is_descending=bool(sort_desc))
        return min(count, COUNTED_UP_TO), self._rows(conditions, order, (number * size, size))

    def conditions(self, text: str | None, asked: Sequence[Any] | None) -> list[ColumnElement[bool]]:
        """What search and filters demand of a row."""
        found = self.search_conditions(text) if text and self._search_supported else []
        return found + [self._filters[index].condition(value) for index, _name, value in asked or []]

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

    def order(self, name: str | None, *, is_descending: bool) -> Order:
        """An order that an index has, ended by the key so that it is total."""
        if name not in self.sorts:
            name, is_descending = self.column_default_sort
        columns = [self.columns[part] for part in self.sorts[str(name)]]
        columns += [key for key in encoding.key_columns(self.model) if key not in columns]
        return tuple(_directed(column, is_descending=is_descending) for column in columns)

    def _count(self, conditions: Sequence[ColumnElement[bool]]) -> int:
        some = self.get_count_query().where(*conditions).limit(COUNTED_UP_TO + 1).subquery()
        return int(db.session.scalar(select(func.count()).select_from(some)) or 0)

    def _rows(
        self, conditions: Sequence[ColumnElement[bool]], order: Order, window: tuple[int, int]
    ) -> list[Any]:
        """The rows of a window (offset, size): keys first, so that neither joins nor wide rows are sorted."""
        key = encoding.key_columns(self.model)
        chosen = self.visible(select(*key)).where(*conditions).order_by(*order)
        page = chosen.offset(window[0]).limit(window[1]).subquery()
        same = and_(*(column == page.c[column.name] for column in key))
        statement = select(self.model).join(page, same).order_by(*order).options(*self._loading())
        return list(db.session.scalars(statement).unique())

    def _loading(self) -> list[Any]:
        names = {name for name in self.column_list if name in self.columns} | set(self.also_loads)
        shown = [name for name in self.column_list if name in inspect(self.model).relationships]
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
        given.page = min(max(given.page or 0, 0), LAST_PAGE)
        given.extra_args = {}
        text = given.search or ""
        if len(text) > search.LONGEST or len(text.split()) > search.MOST_TERMS:
            flash(gettext("The search took only the first 8 words, of at most 200 characters."), "warning")
            given.search = " ".join(search.terms(text))
        return given

    def _get_list_filter_args(self) -> list[tuple[int, str, str]]:
        """The filters in the address, in their order; the panel sends blank ones where it has no script."""
        places = {self.get_filter_arg(index, made): index for index, made in enumerate(self._filters)}
        asked = []
        for name, value in request.args.items():
            place, _, arg = name.removeprefix("flt").partition("_")
            if not name.startswith("flt") or arg not in places or not value.strip():
                continue
            made = self._filters[places[arg]]
            if made.validate(value):
                asked.append((place.zfill(3), (places[arg], str(made.name), value)))
            else:
                flash(self.get_invalid_value_msg(value, made), "error")
        return [one for _place, one in sorted(asked, key=lambda pair: pair[0])]

    def get_invalid_value_msg(self, value: str, filter: Any) -> str:
        return gettext(
            "The filter “%(name)s” does not understand “%(value)s”.", name=filter.name, value=value
        )

    # ---- What Flask-Admin asks about columns ----------------------------------------------------------------

    @property
    def columns(self) -> Any:
        """The table's columns by name."""
        return encoding.table_of(self.model).columns

    def column_of(self, name: str) -> Column[Any] | None:
        """The column behind a name of the list, if it is one or a relation over one."""
        if name in self.columns:
            column: Column[Any] = self.columns[name]
            return column
        relation: Any = inspect(self.model).relationships.get(name)
        return None if relation is None else next(iter(relation.local_columns))

    def column_is_number(self, name: str) -> bool:
        """Whether a column is set to the right."""
        column = self.columns.get(name)
        return column is not None and formatters.is_number(column)

    def column_unit(self, name: str) -> str | None:
        """The unit in a column's head."""
        column = self.columns.get(name)
        unit = labels.unit_of(column) if column is not None else None
        return None if unit is None else labels.say(unit)

    def record_label(self, row: Any) -> str:
        """What people call a record."""
        return str(row)

    def get_column_name(self, field: str) -> Any:
        if field in self.special_labels:
            return labels.later(self.special_labels[field])
        column = self.column_of(field)
        return field if column is None else labels.later(labels.of_column(column))

    def get_column_names(  # Flask-Admin's signature
        self, only_columns: Any, excluded_columns: Any  # noqa: ARG002
    ) -> list[Any]:
        return [(name, self.get_column_name(name)) for name in only_columns]

    def get_sortable_columns(self) -> Any:
        return dict(self.sorts)

    def init_search(self) -> bool:
        return bool(self.column_searchable_list)

    def search_placeholder(self) -> Any:
        names = [self.get_column_name(name) for name in self.column_searchable_list]
        return LazyString(lambda: ", ".join(str(name) for name in names))

    def get_filters(self) -> Any:
        return [made for name in self.column_filters for made in filters.for_column(self.columns[name])]

    def get_filter_arg(self, index: int, flt: Any) -> str:  # noqa: ARG002  # Flask-Admin's signature
        return str(flt.arg)

    # ---- Cells ----------------------------------------------------------------------------------------------

    def get_list_value(self, model: Any, name: str) -> Any:
        return self._cell(name, is_exact=False)(model)

    def get_detail_value(self, model: Any, name: str) -> Any:
        return self._cell(name, is_exact=True)(model)

    def _cell(self, name: str, *, is_exact: bool) -> Callable[[Any], Any]:
        cells: dict[Any, Callable[[Any], Any]] = self.__dict__.setdefault("_cells", {})
        cell = cells.get((name, is_exact))
        if cell is None:
            cell = cells[name, is_exact] = self._make_cell(name, is_exact=is_exact)
        return cell

    def _make_cell(self, name: str, *, is_exact: bool) -> Callable[[Any], Any]:
        if name in self.special_cells:
            return self.special_cells[name]
        if name in self.columns:
            show = formatters.for_column(self.columns[name], exact=is_exact)
            return lambda row: show(getattr(row, name))
        return lambda row: _named(getattr(row, name))


def _directed(column: Column[Any], *, is_descending: bool) -> ColumnElement[Any]:
    if not is_descending:
        return column.asc()
    # Rows without a value come last either way; where there are none the plain order is the index's.
    return column.desc().nulls_last() if column.nullable else column.desc()


def _named(record: Any) -> Any:
    if record is None:
        return None
    url = registry.details_url(record)
    return formatters.link(url, str(record)) if url else str(record)
