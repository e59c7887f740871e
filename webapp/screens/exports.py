"""The rows of a list as CSV: streamed from the database into a file that is sent only when it is whole."""

import csv
import io
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, BinaryIO, ClassVar

from flask import Response, abort, send_file
from flask_admin.base import expose
from sqlalchemy import Column, select

from webapp import db
from webapp.screens import labels, lookups
from webapp.screens.fields import JST
from webapp.screens.lists import ListView

CHUNK = 2000
Cell = Callable[[Any], Any]
# Programs for tables take a text that begins so for a formula (OWASP ASVS 5.0, 1.2.10).
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class ExportView(ListView):
    """A list that can be taken away as a file."""

    export_types = ["csv"]
    # Columns that no file holds.
    never_exported: ClassVar[frozenset[str]] = frozenset()

    @expose("/export/<export_type>/")
    def export(self, export_type: str) -> Response:
        """The rows that the list's search and filters find, in its order."""
        if export_type not in self.export_types:
            abort(404)
        given = self._get_list_extra_args()
        named = self._get_column_by_idx(given.sort)
        statement = self.visible(select(*self._exported())).where(
            *self.conditions(given.search, given.filters)
        )
        order = self.order(str(named[0]) if named else None, is_descending=bool(given.sort_desc))
        rows = db.session.execute(statement.order_by(*order), execution_options={"yield_per": CHUNK})
        # Closed by the answer that sends it.
        file = tempfile.TemporaryFile()  # noqa: SIM115 - sent after this function has ended
        try:
            write(file, self._exported(), rows.partitions())
        except BaseException:
            file.close()
            raise
        name = f"{labels.say(self.label)}_{datetime.now(UTC).astimezone(JST):%Y%m%d_%H%M%S}.csv"
        answer = send_file(file, mimetype="text/csv", as_attachment=True, download_name=name)
        answer.call_on_close(file.close)
        return answer

    def _exported(self) -> list[Column[Any]]:
        return [column for column in self.columns if column.name not in self.never_exported]


def write(file: BinaryIO, columns: Sequence[Column[Any]], chunks: Iterator[Sequence[Any]]) -> None:
    """Rows of these columns as CSV in UTF-8 with a byte order mark, headed in the reader's language."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=False)
    writer = csv.writer(text)
    writer.writerow([safe(labels.say(labels.of_column(column))) for column in columns])
    references = {place: lookups.target_of(c) for place, c in enumerate(columns) if c.foreign_keys}
    names: dict[int, dict[Any, str]] = {place: {} for place in references}
    cells = [
        _named(names[place]) if place in names else _written(column) for place, column in enumerate(columns)
    ]
    for rows in chunks:
        for place, model in references.items():
            new = {row[place] for row in rows} - names[place].keys() - {None}
            names[place] |= lookups.names_of(model, new) if new else {}
        writer.writerows(
            ["" if value is None else cell(value) for cell, value in zip(cells, row, strict=True)]
            for row in rows
        )
    text.flush()
    text.detach()
    file.seek(0)


def safe(text: str) -> str:
    """A text that no program takes for a formula."""
    return "'" + text if text.startswith(FORMULA) else text


def _named(names: dict[Any, str]) -> Cell:
    return lambda key: safe(names.get(key, str(key)))


def _written(column: Column[Any]) -> Cell:
    """How a column's values are written; chosen once, because a file has millions."""
    return next(write for kind, write in WRITERS if issubclass(column.type.python_type, kind))


# The first that fits, so that a flag is no number and a moment no date.
WRITERS: tuple[tuple[type[Any], Cell], ...] = (
    (str, safe),
    (bool, lambda value: "TRUE" if value else "FALSE"),
    (int, int),
    (Decimal, lambda value: format(value, "f")),
    (datetime, lambda value: value.astimezone(JST).isoformat(sep=" ", timespec="seconds")),
    (date, date.isoformat),
    (object, lambda value: safe(json.dumps(value, ensure_ascii=False, sort_keys=True))),
)
