"""Read a table that people have edited: headings and rows of cells, out of a CSV, a text with tabs or a workbook.

Unlike the lists of public sources, such tables hold texts of several lines, and a workbook's numbers stay numbers: a
spreadsheet's 0.1047 under a percentage is not the text 0.1047.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from webapp.files import archives, encodings, workbooks
from webapp.files.rows import MasterList, WrongFile
from webapp.rules import calendar

Cell = str | int | float | bool | None
# As many as a person's spreadsheet; what is larger is imported as what it is, by its own kind of file.
MOST_ROWS = 200_000
MOST_COLUMNS = 250
# What a cell of a spreadsheet holds.
MOST_CHARACTERS = 32_767
WORKBOOK = "workbook"
SEPARATORS = ("\t", ",", ";")
SEMICOLON = ";"
# Spreadsheets put semicolons between columns where a comma is a decimal one: 12,345 is twelve there.
MAY_BE_DECIMAL = re.compile(r"[^\w]?[0-9]{1,3},[0-9]{3}[^\w]?", re.ASCII)


@dataclass(frozen=True, slots=True)
class GridRow:
    """The cells of a row, which counts from 1 as a spreadsheet shows it, headings included."""

    line: int
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Grid(MasterList[GridRow]):
    """Headings, and the rows below them that hold anything."""

    headings: tuple[str, ...] = ()

    @property
    def is_workbook(self) -> bool:
        """Whether its numbers, days and truths are typed."""
        return self.encoding == WORKBOOK


def read(content: bytes, _name: str) -> Grid:
    """The table of a CSV, of a text with tabs or of a workbook's first sheet; raises WrongFile."""
    if archives.is_zip(content):
        records: Iterator[Sequence[Cell]] = iter(workbooks.typed_sheet(content))
        encoding = WORKBOOK
    elif workbooks.is_workbook(content):
        raise WrongFile(expected="an .xlsx workbook or a CSV", found="a workbook of the old format, .xls")
    else:
        text, encoding = encodings.decode(content)
        records = _records(text)
    headings = _headings(next(records, ()))
    rows = _below(records)
    return Grid(calendar.today(), rows, (), {}, len(rows), encoding, headings=headings)


def _headings(cells: Sequence[Cell]) -> tuple[str, ...]:
    headings = tuple("" if cell is None else str(cell).strip() for cell in cells)
    while headings and not headings[-1]:
        headings = headings[:-1]
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


def _below(rows: Iterator[Sequence[Cell]]) -> list[GridRow]:
    """The rows that hold anything; those of a sheet are as long as its longest."""
    held = []
    for line, cells in enumerate(rows, start=2):
        if any(cell not in (None, "") for cell in cells):
            held.append(GridRow(line, cells))
        if len(held) > MOST_ROWS:
            raise WrongFile(expected="at most %(most)s rows", found="more", most=f"{MOST_ROWS:,}")
    return held


def records_of(reader: Any) -> Iterator[list[str]]:
    """The records of a reader of csv; raises WrongFile, with the line, where they cannot be told apart."""
    while True:
        try:
            record: list[str] = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise WrongFile(
                expected="quotation marks that match, and cells of at most %(most)s characters",
                found="something else in line %(line)s",
                most=f"{MOST_CHARACTERS:,}",
                line=reader.line_num,
            ) from None
        yield record


def without_decimal_commas(records: Iterator[list[str]], separator: str) -> Iterator[list[str]]:
    """The records; raises WrongFile where a number between semicolons may be one with a decimal comma."""
    for line, record in enumerate(records, start=1):
        for place, cell in enumerate(record if separator == SEMICOLON else ()):
            if MAY_BE_DECIMAL.fullmatch(cell.strip()):
                raise WrongFile(
                    expected="numbers without a comma where semicolons separate the columns",
                    found="“%(number)s” in line %(line)s, column %(column)s",
                    number=cell.strip(),
                    line=line,
                    column=workbooks.letters(place),
                )
        yield record


def _records(text: str) -> Iterator[list[str]]:
    """Records of a text, whose cells may hold line breaks between quotation marks."""
    separator = _separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    for record in without_decimal_commas(records_of(reader), separator):
        if max(map(len, record), default=0) > MOST_CHARACTERS:
            raise WrongFile(
                expected="cells of at most %(most)s characters",
                found="a longer one in line %(line)s",
                most=f"{MOST_CHARACTERS:,}",
                line=reader.line_num,
            )
        yield record


def _separator(text: str) -> str:
    """What stands most often between the headings."""
    head = text.lstrip("\r\n").partition("\n")[0]
    return max(SEPARATORS, key=head.count) if any(map(head.count, SEPARATORS)) else ","
