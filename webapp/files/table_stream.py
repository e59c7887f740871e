"""Rows of a long table that people have edited, one after the other: as text for COPY where their cells are plain."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain
from operator import itemgetter
from typing import BinaryIO

from webapp.files import encodings
from webapp.files.grids import MOST_COLUMNS, SEPARATORS, records_of, without_decimal_commas
from webapp.files.rows import WrongFile
from webapp.files.scanning import Scan
from webapp.rules import calendar

# As many as years of statements of every company.
MOST_ROWS = 2_000_000
DAY = re.compile(r"(?P<year>[0-9]{4})[-/](?P<month>[0-9]{1,2})[-/](?P<day>[0-9]{1,2})", re.ASCII)
MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}[+]09:00", re.ASCII)
RECORD = re.compile(r"(?:(?P<number>[0-9]{1,18})@(?P<version>[0-9]{1,9}))?", re.ASCII)
WORDS, DAYS, MOMENTS, PLAIN = "words", "days", "moments", "plain"

# Rows are handed over in pieces of so many.
PIECE = 500

Texts = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TakenColumn:
    """A column that is taken: where it stands, and what its cells look like that are handed on as they are.

    `spelled`: of words, what each spelling stands for.
    """

    place: int
    kind: str
    shape: str = ""
    spelled: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Taken:
    """What is taken of a table: its columns, where a row says which record it is, and where that it is to go."""

    columns: Sequence[TakenColumn]
    record: int
    marker: int | None
    takes_new: bool


@dataclass(frozen=True, slots=True)
class Head:
    """The headings of a table."""

    headings: list[str]


@dataclass(frozen=True, slots=True)
class Unusual:
    """A row that asks for a second look, by its cells."""

    line: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Tail:
    """How many rows of a table hold anything."""

    total_rows: int


def head(file: BinaryIO, scan: Scan) -> Iterator[Head]:
    """The headings of a scanned text; raises WrongFile."""
    with _records(file, scan) as records:
        yield Head(_headings(next(records, [])))


def parts(file: BinaryIO, scan: Scan, taken: Taken) -> Iterator[bytes | Unusual | Tail]:
    """The rows of a scanned text: lines as COPY takes them, those that ask for a second look, its tail.

    A line is a row's number, the cells of these columns in their order, number and version of its record. A row of
    which a cell is not plain asks for a second look, and one that is marked or, without `takes_new`, of no record.
    """
    with _records(file, scan) as records:
        plain = _Plain(taken, len(_headings(next(records, []))))
        total_rows = 0
        lines: list[str] = []
        for line, cells in enumerate(records, start=2):
            if not any(cells):
                continue
            total_rows += 1
            if total_rows > MOST_ROWS:
                raise WrongFile(expected="at most %(most)s rows", found="more", most=f"{MOST_ROWS:,}")
            texts = plain.read(line, cells)
            if texts is None or not (taken.takes_new or texts[-1]):
                yield Unusual(line, cells)
                continue
            lines.append("\t".join(texts))
            if len(lines) == PIECE:
                yield _piece(lines)
                lines.clear()
        yield _piece(lines)
        yield Tail(total_rows)


def _piece(lines: Sequence[str]) -> bytes:
    return "".join(line + "\n" for line in lines).encode()


class _Plain:
    """What cells look like that need no second look."""

    def __init__(self, taken: Taken, width: int) -> None:
        columns, record = taken.columns, taken.record
        self._width, self._marker = width, taken.marker
        self._looked_up = [column for column in columns if column.kind != PLAIN]
        self._known: list[dict[str, str]] = [dict(column.spelled) for column in self._looked_up]
        matched = [column for column in columns if column.kind == PLAIN]
        # With one place too many, so that there is always a tuple.
        self._matched: Callable[[Sequence[str]], Texts] = itemgetter(
            *(column.place for column in matched), record, record
        )
        self._shape = re.compile("\t".join((*(column.shape for column in matched), RECORD.pattern)))
        in_turn = [*self._looked_up, *matched]
        self._in_order: Callable[[Sequence[str]], Texts] = itemgetter(
            0, *(1 + in_turn.index(column) for column in columns), -2, -1
        )

    def read(self, line: int, cells: Sequence[str]) -> Texts | None:
        """The row, if all its cells are plain."""
        if len(cells) != self._width or (self._marker is not None and cells[self._marker]):
            return None
        matched = self._matched(cells)[:-1]
        match = self._shape.fullmatch("\t".join(matched))
        if match is None:
            return None
        looked_up = []
        for column, known in zip(self._looked_up, self._known, strict=True):
            cell = cells[column.place]
            text = known.get(cell)
            if text is None:
                text = READS[column.kind](cell)
                if text is None:
                    return None
                if column.kind == DAYS:
                    known[cell] = text
            looked_up.append(text)
        number, version = match["number"] or "", match["version"] or ""
        return self._in_order((str(line), *looked_up, *matched[:-1], number, version))


def _day(cell: str) -> str | None:
    if not cell:
        return ""
    match = DAY.fullmatch(cell)
    try:
        return match and date(int(match["year"]), int(match["month"]), int(match["day"])).isoformat()
    except ValueError:
        return None


def _moment(cell: str) -> str | None:
    if not cell:
        return ""
    try:
        return cell if MOMENT.fullmatch(cell) and calendar.told(datetime.fromisoformat(cell)) else None
    except ValueError:
        return None


READS: Mapping[str, Callable[[str], str | None]] = {
    WORDS: lambda _cell: None,
    DAYS: _day,
    MOMENTS: _moment,
}


def _headings(cells: Sequence[str]) -> list[str]:
    headings = [cell.strip() for cell in cells]
    while headings and not headings[-1]:
        headings.pop()
    if not headings:
        raise WrongFile(expected="a table with headings in its first row", found="an empty first row")
    if len(headings) > MOST_COLUMNS:
        raise WrongFile(
            expected="a table of at most %(most)s columns",
            found="one of %(number)s",
            most=MOST_COLUMNS,
            number=len(headings),
        )
    return headings


@contextmanager
def _records(file: BinaryIO, scan: Scan) -> Iterator[Iterator[list[str]]]:
    """The records of a scanned text; the first one is the headings. What is no such text raises WrongFile later."""
    file.seek(0)
    mark, _encodings = encodings.candidates(file.read(4))
    file.seek(len(mark))
    text = io.TextIOWrapper(file, encoding=scan.encoding, newline="")
    start = text.readline()
    while start and not start.strip():
        start = text.readline()
    separator = max(SEPARATORS, key=start.count) if any(map(start.count, SEPARATORS)) else ","
    records = records_of(csv.reader(chain([start], text), delimiter=separator, strict=True))
    try:
        yield without_decimal_commas(records, separator)
    finally:
        # The file is whoever's who opened it, whatever came of its rows.
        text.detach()
