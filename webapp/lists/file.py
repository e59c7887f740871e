"""A list as CSV: its columns as it shows them, or every column as stored.

PostgreSQL writes the rows, so that any number of them takes no memory here. Numbers have no signs of reading (1,234
and ▲), because spreadsheets are to count with them. `stored` is for programs: whole yen, stored words, TRUE and FALSE,
and moments with their offset.
"""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from typing import Any, BinaryIO

from markupsafe import Markup
from sqlalchemy import Column, ColumnElement, Subquery, Text, and_, cast, func, literal, null, select

from webapp import db
from webapp.lists import headings, reading
from webapp.lists import plan as plans
from webapp.lists.paging import Order
from webapp.lists.query import ListQuery
from webapp.models import references
from webapp.models.columns import Curated
from webapp.services.changes import row_codec
from webapp.services.lists import exporting
from webapp.words import csv_sql, record_names
from webapp.words.speech import Speech
from webapp.words.units import Unit

CHUNK = 2000
# The most that a function of PostgreSQL takes.
ARGUMENTS = 100
NAME_OF = "name of {}"
# Of a record whose name is led by a code.
CODE_OF, BARE_NAME_OF = "code of {}", "bare name of {}"
# What keeps a text from being taken for a formula, where the format does not.
Guard = Callable[[ColumnElement[Any]], ColumnElement[Any]]


@dataclass(frozen=True, slots=True)
class Written:
    """One column of a file."""

    head: str
    # What it is made of, and how, from a row of a subquery; a special cell is made in Python instead.
    column: Column[Any] | None = None
    text: Callable[[Any], ColumnElement[Any]] | None = None
    # The language of the names of records, where it holds them.
    named_in: Speech | None = None
    cell: Callable[[Any], Any] | None = None


def record(query: ListQuery, speech: Speech) -> list[Written]:
    """The column by which a file is known again that comes back: record and version; none where rows have none."""
    model = query.plan.model
    if not issubclass(model, Curated):
        return []
    head = headings.of_record(model, speech, query.basis)
    return [Written(head, row_codec.table_of(model).c.version, partial(_record, model))]


def _record(model: type[db.Base], row: Any) -> ColumnElement[Any]:
    keys = (cast(row[key.name], Text) for key in row_codec.key_columns(model))
    return func.concat(func.concat_ws(",", *keys), "@", row.version)


def known(query: ListQuery, speech: Speech) -> list[Written]:
    """The column that says of each row as of which day it was known so; none of what is stored today."""
    if query.known is None:
        return []
    words = literal(query.known.in_words(speech), Text)
    return [Written(speech.gettext("Day of knowledge"), text=lambda _row: words)]


def stored(query: ListQuery, speech: Speech) -> list[Written]:
    """Every column of the table, as programs read it."""
    written: list[Written] = []
    for column in query.plan.table_columns:
        head = headings.of_stored(column, speech)
        if column.name in query.plan.hidden:
            continue
        if column.foreign_keys:
            written += referred(head, column, speech, csv_sql.guarded)
        else:
            written.append(Written(head, column, partial(_as, csv_sql.stored, column)))
    return written


def shown(query: ListQuery, speech: Speech, unit: Unit) -> list[Written]:
    """The columns that the list shows, as it shows them; money in this unit."""
    return [
        written
        for name in query.columns
        for written in shown_column(query, name, speech, unit, csv_sql.guarded)
    ]


def write(file: BinaryIO, written: Sequence[Written], query: ListQuery) -> None:
    """The file from its byte order mark on, read from its beginning afterwards."""
    head = io.StringIO(newline="")
    csv.writer(head, lineterminator="\n").writerow(csv_sql.harmless(one.head) for one in written)
    file.write(head.getvalue().encode("utf-8-sig"))
    order = query.order()
    selected = rows(written, query, order)
    if any(one.cell for one in written):
        _write_cells(file, written, query, selected)
    else:
        texts = [one.text(selected.c) for one in written if one.text is not None]
        exporting.copy(select(*texts).order_by(*order.clauses(selected)), file)
    file.seek(0)


def write_objects(file: BinaryIO, query: ListQuery) -> None:
    """The same rows for programs, an object a line (JSON Lines): every column by its name, as PostgreSQL writes it.

    Numbers keep their digits, and moments their offset; a text that begins like a formula is what it is.
    """
    shown = [column for column in query.plan.table_columns if column.name not in query.plan.hidden]
    chosen = rows([Written("", column) for column in shown], query, query.order())
    pairs = [part for column in shown for part in (literal(column.name), chosen.c[column.name])]
    pairs += [literal(part, Text) for pair in (query.known.pairs() if query.known else ()) for part in pair]
    # So many arguments a function takes; an object of parts is their sum.
    parts: list[Any] = [
        func.jsonb_build_object(*pairs[start : start + ARGUMENTS])
        for start in range(0, len(pairs), ARGUMENTS)
    ]
    whole: Any = reduce(lambda left, right: left.op("||")(right), parts)
    statement = select(cast(whole, Text)).order_by(*query.order().clauses(chosen))
    exporting.copy(statement, file, is_raw=True)
    file.seek(0)


def _write_cells(file: BinaryIO, written: Sequence[Written], query: ListQuery, rows: Subquery) -> None:
    """The same where some cells are made in Python from the record."""
    model, order = query.plan.model, query.order()
    same = and_(*(key == rows.c[key.name] for key in row_codec.key_columns(model)))
    texts = [
        (null() if one.text is None else cast(one.text(rows.c), Text)).label(f"cell {place}")
        for place, one in enumerate(written)
    ]
    statement = select(model, *texts).join(rows, same).options(*reading.loading(query, order))
    records = db.session.execute(
        statement.order_by(*order.clauses(rows)), execution_options={"yield_per": CHUNK}
    )
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    writer = csv.writer(text, lineterminator="\n")
    cells = [one.cell for one in written]
    for record, *values in records:
        writer.writerow(
            value if cell is None else _plain(cell(record)) for cell, value in zip(cells, values, strict=True)
        )
    text.detach()


def rows(written: Sequence[Written], query: ListQuery, order: Order) -> Subquery:
    """The columns that the file and its order need, with the names of the records that they refer to."""
    needed = [one.column for one in written if one.column is not None]
    needed += [*order.columns, *row_codec.key_columns(query.plan.model)]
    own = query.plan.visible(select(*dict.fromkeys(needed))).where(*query.conditions())
    chosen = own.subquery()
    named = {one.column: one.named_in for one in written if one.column is not None and one.named_in}
    if not named:
        return chosen
    joined: Any = chosen
    names = []
    for column, speech in named.items():
        referred = _names(references.target_of(column), speech).subquery()
        joined = joined.outerjoin(referred, referred.c.key == chosen.c[column.name])
        names += [
            referred.c[part].label(label.format(column.name))
            for part, label in (("name", NAME_OF), ("code", CODE_OF), ("bare", BARE_NAME_OF))
            if part in referred.c
        ]
    return select(chosen, *names).select_from(joined).order_by(*order.clauses(chosen)).subquery()


def _names(model: type[db.Base], speech: Speech) -> Any:
    plan = plans.of_model(model)
    names = record_names.as_sql(model, speech)
    if model.naming.is_led_by_code:
        names = names.add_columns(*record_names.code_and_rest(model, speech))
    return names if plan is None else plan.visible(names)


def shown_column(query: ListQuery, name: str, speech: Speech, unit: Unit, guard: Guard) -> Sequence[Written]:
    """One column of the list: two where it refers to records whose names are led by a code."""
    plan = query.plan
    if name in plan.special:
        special = plan.special[name]
        head = speech.say(special.label)
        comes_back = issubclass(plan.model, Curated)
        return [
            Written(
                headings.of_remark(head, speech) if comes_back else head, cell=special.in_language(speech)
            )
        ]
    column = plan.column_of(name)
    assert column is not None, name
    if name not in plan.table_columns:
        return referred(headings.of_stored(column, speech), column, speech, guard)
    head = headings.of_value(column, speech, unit, query.basis)
    return [Written(head, column, partial(_as, partial(csv_sql.shown, speech=speech, unit=unit), column))]


def referred(head: str, column: Column[Any], speech: Speech, guard: Guard) -> list[Written]:
    """What a row refers to: its name, and the code that leads it in a column of its own."""
    if not references.target_of(column).naming.is_led_by_code:
        return [Written(head, column, partial(_guarded, guard, NAME_OF, column), named_in=speech)]
    return [
        Written(
            headings.of_code(head, speech),
            column,
            lambda row: guard(row[CODE_OF.format(column.name)]),
            named_in=speech,
        ),
        Written(head, column, partial(_guarded, guard, BARE_NAME_OF, column), named_in=speech),
    ]


def _guarded(guard: Guard, label: str, column: Column[Any], row: Any) -> ColumnElement[Any]:
    """What the record that a row refers to is called; one that is not for this reader is told by its key."""
    return guard(func.coalesce(row[label.format(column.name)], cast(row[column.name], Text)))


def _as(write_sql: Callable[[Column[Any], Any], ColumnElement[Any]], column: Column[Any], row: Any) -> Any:
    return write_sql(column, row[column.name])


def _plain(cell: Any) -> str:
    """A cell of a list without its markup."""
    text = cell.striptags() if isinstance(cell, Markup) else "" if cell is None else str(cell)
    return csv_sql.harmless(text)
