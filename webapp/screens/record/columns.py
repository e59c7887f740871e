"""What the columns of a list are called, and how their cells are shown."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from operator import attrgetter
from typing import Any, ClassVar

from flask import g, url_for
from flask_admin.contrib.sqla.view import ModelView
from flask_admin.tools import iterencode
from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy import Column, inspect

from webapp import db
from webapp.screens.record import registry, row_actions, row_markup
from webapp.services.changes import row_codec
from webapp.words import formatters, keys, labels, units

# What takes longer to say than to look up.
SAID = (bool, date, datetime)
# Flask-Admin annotates for all its back ends at once: ours is narrower everywhere, and says so itself.
AnyModelView: Any = ModelView


class ColumnsView(AnyModelView):  # type: ignore[misc]  # see above
    """The columns of one kind of record, over Flask-Admin's view of a model."""

    label: db.Label
    model: type[db.Base]
    column_list: tuple[str, ...] = ()
    # Columns that str() of a record reads.
    name_columns: ClassVar[tuple[str, ...]] = ()
    # Cells that are no column: name -> how a row shows it; `also_loads` names the columns that they read.
    special_cells: ClassVar[Mapping[str, Callable[[Any], Any]]] = {}
    special_labels: ClassVar[Mapping[str, db.Label]] = {}
    also_loads: ClassVar[tuple[str, ...]] = ()
    link_column: ClassVar[str | None] = None
    # Columns that neither a list nor a file holds.
    never_exported: ClassVar[frozenset[str]] = frozenset()

    # ---- What Flask-Admin asks about columns ----------------------------------------------------------------

    @cached_property
    def columns(self) -> Any:
        """The table's columns by name."""
        return row_codec.table_of(self.model).columns

    def column_of(self, name: str) -> Column[Any] | None:
        """The column behind a name of the list, if it is one or a relation over one."""
        if name in self.columns:
            column: Column[Any] = self.columns[name]
            return column
        relation: Any = inspect(self.model).relationships.get(name)
        return None if relation is None else next(iter(relation.local_columns))

    def offered_columns(self) -> dict[str, str]:
        """What a list may show, and how it is called: its own columns, then the others of the table."""
        own = dict.fromkeys(self.column_list)
        references = {column.name for name in own if (column := self.column_of(name)) is not None}
        others = [c.name for c in self.columns if c.name not in references | self.never_exported]
        return {name: str(self.get_column_name(name)) for name in (*own, *others)}

    def said_once(self, what: str, say: Callable[[], Any]) -> Any:
        """What is the same on every page of a language."""
        said: dict[Any, Any] = self.__dict__.setdefault("_said", {})
        known = (what, labels.language())
        if known not in said:
            said[known] = say()
        return said[known]

    def chosen_columns(self, asked: Sequence[str]) -> tuple[str, ...]:
        """Those of the names that may be shown, with the one that leads to the record; the usual ones for no name."""
        offered = self.said_once("columns", self.offered_columns) if asked else {}
        chosen = [name for name in dict.fromkeys(asked) if name in offered]
        link = self.link_column or self.column_list[0]
        if not chosen:
            return self.column_list
        return tuple(chosen if link in chosen else [link, *chosen])

    def column_is_number(self, name: str) -> bool:
        """Whether a column is set to the right."""
        column = self.columns.get(name)
        return column is not None and formatters.is_number(column)

    def column_unit(self, name: str) -> str | None:
        """The unit in a column's head."""
        column = self.columns.get(name)
        unit = labels.unit_of(column) if column is not None else None
        return None if unit is None else labels.say(unit)

    def head_unit(self, name: str) -> str | None:
        """The unit in the head of a list; that of money is the reader's choice."""
        is_money = units.is_money(self.columns.get(name))
        return labels.say(units.chosen().label) if is_money else self.column_unit(name)

    def get_pk_value(self, model: Any) -> str:
        key = keys.of_row(model)
        return str(key[0]) if len(key) == 1 and isinstance(key[0], int) else str(iterencode(key))

    def record_label(self, row: Any) -> str:
        """What people call a record."""
        return str(row)

    def get_column_name(self, field: str) -> Any:
        if field in self.special_labels:
            return labels.later(self.special_labels[field])
        column = self.column_of(field)
        return field if column is None else labels.later(labels.of_column(column))

    def get_column_names(  # Flask-Admin's signature
        self, only_columns: Any, excluded_columns: Any  # noqa: ARG002 - Flask-Admin's signature
    ) -> list[Any]:
        return [(name, self.get_column_name(name)) for name in only_columns]

    # ---- Cells ----------------------------------------------------------------------------------------------

    def get_list_value(self, model: Any, name: str) -> Any:
        return self._cell(name, is_exact=False)(model)

    def cell_of_a_page(self, name: str) -> Callable[[Any], Any]:
        """How a list's rows show this column, for one page: words, dates and other records are said once each."""
        cell = self._cell(name, is_exact=False)
        column = self.columns.get(name)
        relation = inspect(self.model).relationships.get(name)
        if name not in self.special_cells and units.is_money(column):
            unit = units.chosen()
            return cell if unit is units.YEN else lambda row: formatters.amount(getattr(row, name), unit)
        is_said = column is not None and (labels.words_of(column) or column.type.python_type in SAID)
        if name in self.special_cells or not (is_said or relation is not None):
            return cell
        said: dict[Any, Any] = {}

        def show(row: Any) -> Any:
            value = getattr(row, name)
            if value not in said:
                said[value] = cell(row)
            return said[value]

        return show

    def rows_of_a_page(self, rows: Sequence[Any], back: str) -> Markup:
        """The body of the list's table; `back` is added to addresses."""
        link = self.link_column or self.column_list[0]
        details = self.address(".details_view") + "?id="
        columns = [
            row_markup.Column(
                self.cell_of_a_page(name),
                is_number=self.column_is_number(name),
                details=details if name == link else None,
                is_pinned=name == link,
            )
            for name in g.list_columns
        ]
        frame = row_markup.Frame(
            sprite=url_for("static", filename="icons.svg"),
            words={"edit": gettext("Edit"), "delete": gettext("Delete"), "select": gettext("Select")},
            edit=self.address(".edit_view") + "?id=" if self.can_edit else None,
            delete=self.address(".confirm_delete_view") + "?id=" if self.can_delete else None,
            can_choose=bool(self.get_actions_list()[0]),
            offers=row_actions.offers(self, self.column_extra_row_actions or ()),
            version_of=attrgetter("version") if self.can_edit_cells else None,
            back=back,
        )
        return row_markup.rows(rows, columns, frame, self.get_pk_value, self.record_label)

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


def _named(record: Any) -> Any:
    if record is None:
        return None
    url = registry.details_url(record)
    return formatters.link(url, str(record)) if url else str(record)
