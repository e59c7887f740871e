"""The rows of a list as CSV, in two kinds: exactly the view on screen, or every column as it is stored.

The view has the columns that the list shows, in its order, under its search and filters, headed in the reader's
language. Words, flags, dates and other records read as they do on the screen: a steward who takes a list along
wants 上場, not `listed`, and money in the unit of the list, cut off as there, with the unit in the head. Only numbers
lose the marks of reading (1,234 and ▲), because spreadsheets are to count with them. `all` is for programs: every
column of the table with whole yen, stored words, TRUE and FALSE, and moments with their offset.
"""

import csv
import io
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, BinaryIO, ClassVar

from flask import abort, flash, g, redirect, send_file
from flask.typing import ResponseReturnValue
from flask_admin.base import expose
from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy import Column, ColumnElement, Subquery, Text, and_, cast, func, null, select

from webapp import db
from webapp.forms import lookups
from webapp.forms.fields import JST
from webapp.lists.paging import Order
from webapp.screens.record.lists import ListView
from webapp.services.changes import row_codec
from webapp.services.lists import exporting
from webapp.words import csv_sql, labels, record_names

VIEW, ALL = "csv", "all"
# Under the minute after which proxies give up on an answer without telling why.
SECONDS = 50
CHUNK = 2000
NAME_OF = "name of {}"


@dataclass(frozen=True, slots=True)
class Written:
    """One column of a file."""

    head: str
    # What it is made of, and how, from a row of a subquery; a special cell is made in Python instead.
    column: Column[Any] | None = None
    text: Callable[[Any], ColumnElement[Any]] | None = None
    is_named: bool = False
    cell: Callable[[Any], Any] | None = None


class ExportView(ListView):
    """A list that can be taken away as a file."""

    export_types = [VIEW, ALL]
    # Columns that no file holds.
    never_exported: ClassVar[frozenset[str]] = frozenset()
    # Whether str() of a record begins with the name of its company, where it has one.
    is_named_by_company: ClassVar[bool] = True
    # The columns of name_columns that str() of a record does not write plainly: name -> the same in SQL.
    name_texts: ClassVar[Mapping[str, Callable[[Any], ColumnElement[Any]]]] = {}

    @expose("/export/<export_type>/")
    def export(self, export_type: str) -> ResponseReturnValue:
        """The rows that the list's search and filters find, in its order; sent only when all are there."""
        if export_type not in self.export_types:
            abort(404)
        given = self._get_list_extra_args()
        written = self._stored() if export_type == ALL else self._shown()
        # Closed by the answer that sends it.
        file = tempfile.TemporaryFile()  # noqa: SIM115 - sent after this function has ended
        try:
            with exporting.within(SECONDS):
                self._write(file, written, given)
        except exporting.TooSlow:
            file.close()
            return self._without_file(given)
        except BaseException:
            file.close()
            raise
        name = f"{labels.say(self.label)}_{datetime.now(UTC).astimezone(JST):%Y%m%d_%H%M%S}.csv"
        answer = send_file(file, mimetype="text/csv", as_attachment=True, download_name=name)
        answer.call_on_close(file.close)
        return answer

    def _without_file(self, given: Any) -> ResponseReturnValue:
        sentence = gettext(
            "The file was not ready after %(seconds)s seconds, so nothing was sent. Narrow the list by filters.",
            seconds=SECONDS,
        )
        flash(sentence, "error")
        return redirect(self._get_list_url(given))

    def _write(self, file: BinaryIO, written: Sequence[Written], given: Any) -> None:
        """The file from its byte order mark on, read from its beginning afterwards."""
        head = io.StringIO(newline="")
        csv.writer(head, lineterminator="\n").writerow(csv_sql.harmless(one.head) for one in written)
        file.write(head.getvalue().encode("utf-8-sig"))
        order = self.asked_order(given)
        rows = self._rows(written, given, order)
        if any(one.cell for one in written):
            self._write_cells(file, written, rows, order)
        else:
            made = [one.text(rows.c) for one in written if one.text is not None]
            statement = select(*made).order_by(*order.clauses(rows))
            exporting.copy(statement, file)
        file.seek(0)

    def _write_cells(self, file: BinaryIO, written: Sequence[Written], rows: Subquery, order: Order) -> None:
        """The same where some cells are made in Python from the record."""
        same = and_(*(key == rows.c[key.name] for key in row_codec.key_columns(self.model)))
        made = [
            (null() if one.text is None else cast(one.text(rows.c), Text)).label(f"cell {place}")
            for place, one in enumerate(written)
        ]
        statement = select(self.model, *made).join(rows, same).options(*self._loading(order))
        found = db.session.execute(
            statement.order_by(*order.clauses(rows)), execution_options={"yield_per": CHUNK}
        )
        text = io.TextIOWrapper(file, encoding="utf-8", newline="")
        writer = csv.writer(text, lineterminator="\n")
        cells = [one.cell for one in written]
        for record, *values in found:
            writer.writerow(
                value if cell is None else _plain(cell(record))
                for cell, value in zip(cells, values, strict=True)
            )
        text.detach()

    def _rows(self, written: Sequence[Written], given: Any, order: Order) -> Subquery:
        """The columns that the file and its order need, with the names of the records that they refer to."""
        needed = [one.column for one in written if one.column is not None]
        needed += [*order.columns, *row_codec.key_columns(self.model)]
        own = self.visible(select(*dict.fromkeys(needed))).where(
            *self.conditions(given.search, given.filters)
        )
        rows = own.subquery()
        if not (named := {one.column for one in written if one.is_named and one.column is not None}):
            return rows
        found: Any = rows
        names = []
        for column in named:
            referred = record_names.names(lookups.target_of(column)).subquery()
            found = found.outerjoin(referred, referred.c.key == rows.c[column.name])
            names.append(referred.c.name.label(NAME_OF.format(column.name)))
        return select(rows, *names).select_from(found).order_by(*order.clauses(rows)).subquery()

    def _exported(self) -> list[Column[Any]]:
        return [column for column in self.columns if column.name not in self.never_exported]

    def _stored(self) -> list[Written]:
        """Every column, as programs read it."""
        return [
            (
                _reference(labels.say(labels.of_column(column)), column)
                if column.foreign_keys
                else Written(
                    labels.say(labels.of_column(column)), column, partial(_as, csv_sql.stored, column)
                )
            )
            for column in self._exported()
        ]

    def _shown(self) -> list[Written]:
        """The columns that the list shows, as it shows them."""
        return [self._shown_column(name) for name in g.list_columns]

    def _shown_column(self, name: str) -> Written:
        unit = self.head_unit(name)
        head = str(self.get_column_name(name))
        if unit is not None:
            head = gettext("%(name)s (%(unit)s)", name=head, unit=unit)
        if name in self.special_cells:
            return Written(head, cell=self.special_cells[name])
        column = self.column_of(name)
        assert column is not None, name
        if name not in self.columns:
            return _reference(head, column)
        return Written(head, column, partial(_as, csv_sql.shown, column))


def _reference(head: str, column: Column[Any]) -> Written:
    return Written(head, column, partial(_name, column), is_named=True)


def _name(column: Column[Any], row: Any) -> ColumnElement[Any]:
    # A record that is not for this reader is told by its key.
    name = func.coalesce(row[NAME_OF.format(column.name)], cast(row[column.name], Text))
    return csv_sql.guarded(name)


def _as(write: Callable[[Column[Any], Any], ColumnElement[Any]], column: Column[Any], row: Any) -> Any:
    return write(column, row[column.name])


def _plain(shown: Any) -> str:
    """A cell of a list without its markup."""
    text = shown.striptags() if isinstance(shown, Markup) else "" if shown is None else str(shown)
    return csv_sql.harmless(text)
