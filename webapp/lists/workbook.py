"""A list as an Excel workbook of typed cells: its columns as it shows them, or every column as stored.

Rows go from a cursor of the server to the file one by one, so that any number of them takes no memory here. Of a
record that a row refers to, code and name have a column each.
"""

import re
import time
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import Any, BinaryIO

import xlsxwriter
from markupsafe import Markup
from sqlalchemy import Column, ColumnElement, Select, and_, null, select
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from webapp import db
from webapp.lists import file, headings, reading
from webapp.lists.file import Written
from webapp.lists.query import ListQuery
from webapp.services.changes import row_codec
from webapp.services.lists import exporting
from webapp.words import typed_cells
from webapp.words.speech import Speech
from webapp.words.typed_cells import Cell
from webapp.words.units import Unit

CHUNK = 2000
# What a sheet holds below its head: the limit of the format.
MOST_ROWS = 1_048_575
NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\']")
LONGEST_NAME = 31
NARROWEST, WIDEST = 9, 40


class TooManyRows(Exception):
    """The list has more rows than a sheet holds."""


@dataclass(frozen=True, slots=True)
class Typed:
    """One column of a sheet: what it is read from, and how a value of it becomes a cell."""

    written: Written
    cell: typed_cells.Write


def record(query: ListQuery, speech: Speech) -> list[Typed]:
    """The column by which a file is known again that comes back."""
    return [Typed(written, Cell) for written in file.record(query, speech)]


def known(query: ListQuery, speech: Speech) -> list[Typed]:
    """The column that says of each row as of which day it was known so."""
    return [Typed(written, Cell) for written in file.known(query, speech)]


def stored(query: ListQuery, speech: Speech) -> list[Typed]:
    """Every column of the table, for programs and formulas."""
    columns = (column for column in query.plan.table_columns if column.name not in query.plan.hidden)
    typed: list[Typed] = []
    for column in columns:
        head = headings.of_stored(column, speech)
        typed += (
            [Typed(written, Cell) for written in file.referred(head, column, speech, _as_it_is)]
            if column.foreign_keys
            else [_plain(head, column, typed_cells.stored(column, speech))]
        )
    return typed


def shown(query: ListQuery, speech: Speech, unit: Unit) -> list[Typed]:
    """The columns that the list shows, as it shows them; money in this unit."""
    typed: list[Typed] = []
    for name in query.columns:
        column = query.plan.column_of(name)
        for written in file.shown_column(query, name, speech, unit, _as_it_is):
            if written.cell is not None:
                typed.append(Typed(written, _of_markup))
            elif written.named_in:
                typed.append(Typed(written, Cell))
            elif column is not None:
                typed.append(_plain(written.head, column, typed_cells.shown(column, speech, unit)))
    return typed


def write(target: BinaryIO, typed: Sequence[Typed], query: ListQuery, *, title: str, until: float) -> None:
    """The whole workbook, read from its beginning afterwards; raises TooManyRows, and TooSlow after a moment of
    `time.monotonic`."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(target, options)
    try:
        sheet = book.add_worksheet(NOT_IN_A_NAME.sub(" ", title)[:LONGEST_NAME])
        pictures: dict[str, Format] = {}
        _head(sheet, typed, book.add_format({"bold": True, "bottom": 1}))
        number = 0
        with closing(_rows(typed, query)) as rows:
            for number, cells in enumerate(rows, start=1):
                if number > MOST_ROWS:
                    raise TooManyRows
                if number % CHUNK == 0 and time.monotonic() > until:
                    raise exporting.TooSlow
                for place, (value, picture) in enumerate(cells):
                    if value is not None:
                        _put(sheet, (number, place), value, _picture(book, pictures, picture))
        sheet.autofilter(0, 0, number, len(typed) - 1)
        # Codes are texts on purpose.
        sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{MOST_ROWS + 1}"})
    finally:
        book.close()
    target.seek(0)


def _head(sheet: Worksheet, typed: Sequence[Typed], bold: Format) -> None:
    for place, one in enumerate(typed):
        head = one.written.head
        width = sum(2 if ord(char) > 0xFF else 1 for char in head) + 4
        sheet.set_column(place, place, min(max(width, NARROWEST), WIDEST))
        sheet.write_string(0, place, head, bold)
    sheet.freeze_panes(1, 0)


def _put(sheet: Worksheet, at: tuple[int, int], value: Any, picture: Format | None) -> None:
    """One cell by the type of its value: never by what a text looks like."""
    if isinstance(value, bool):
        sheet.write_boolean(*at, value, picture)
    elif isinstance(value, str):
        sheet.write_string(*at, typed_cells.cut(value), picture)
    elif hasattr(value, "year"):
        sheet.write_datetime(*at, value, picture)
    else:
        sheet.write_number(*at, value, picture)


def _picture(book: Any, pictures: dict[str, Format], picture: str | None) -> Format | None:
    if picture is None:
        return None
    if picture not in pictures:
        pictures[picture] = book.add_format({"num_format": picture})
    return pictures[picture]


def _rows(typed: Sequence[Typed], query: ListQuery) -> Generator[list[Cell]]:
    """The cells of each row, in the order of the list."""
    statement = _statement([one.written for one in typed], query)
    is_special = any(one.written.cell for one in typed)
    with db.session.execute(statement, execution_options={"yield_per": CHUNK}) as result:
        for row in result:
            record, values = (row[0], row[1:]) if is_special else (None, row)
            yield [
                one.cell(value if one.written.cell is None else one.written.cell(record))
                for one, value in zip(typed, values, strict=True)
            ]


def _statement(written: Sequence[Written], query: ListQuery) -> Select[Any]:
    order = query.order()
    rows = file.rows(written, query, order)
    values = [
        (null() if one.text is None else one.text(rows.c)).label(f"cell {place}")
        for place, one in enumerate(written)
    ]
    if not any(one.cell for one in written):
        return select(*values).order_by(*order.clauses(rows)).limit(MOST_ROWS + 1)
    model = query.plan.model
    same = and_(*(key == rows.c[key.name] for key in row_codec.key_columns(model)))
    statement = select(model, *values).join(rows, same).options(*reading.loading(query, order))
    return statement.order_by(*order.clauses(rows)).limit(MOST_ROWS + 1)


def _plain(head: str, column: Column[Any], cell: typed_cells.Write) -> Typed:
    return Typed(Written(head, column, partial(_value, column)), cell)


def _value(column: Column[Any], rows: Any) -> ColumnElement[Any]:
    value: ColumnElement[Any] = rows[column.name]
    return value


def _as_it_is(value: ColumnElement[Any]) -> ColumnElement[Any]:
    return value


def _of_markup(value: Any) -> Cell:
    """A cell that the list makes in Python, without its markup."""
    text = value.striptags() if isinstance(value, Markup) else "" if value is None else str(value)
    return Cell(text or None)
