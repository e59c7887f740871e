"""Read the tables of the seed: UTF-8 CSV, one line of headings, dates and numbers as ISO and plain digits.

The seed is our own, so nothing is guessed: whatever is not exactly as expected is a BrokenSeed that says where.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from webapp.files import delimited
from webapp.files.rows import RefusedRow
from webapp.rules import calendar

HEADING = re.compile(r"[a-z][a-z0-9_]*")
NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
TRUTH = {"true": True, "false": False}


class BrokenSeed(Exception):
    """The seed is not as it was made; the message is one line: which file, which line, what is wrong."""


@dataclass(frozen=True, slots=True)
class SeedRow:
    """One row: the cells that hold something, by heading. A blank cell is not there."""

    file: str
    line: int
    cells: Mapping[str, str]

    def value(self, heading: str, kind: type) -> Any:
        """The cell as a str, int, Decimal, bool, date, or datetime in UTC; None where it is blank."""
        text = self.cells.get(heading)
        if text is None:
            return None
        try:
            return PARSERS[kind](text)
        except (ValueError, KeyError):
            raise self.broken(f"{heading} is no {kind.__name__}: {text}") from None

    def needed(self, heading: str) -> str:
        """The text of a cell that must not be blank."""
        if heading not in self.cells:
            raise self.broken(f"{heading} is missing")
        return self.cells[heading]

    def broken(self, reason: str) -> BrokenSeed:
        """What to raise when this row does not fit."""
        return BrokenSeed(f"{self.file}, line {self.line}: {reason}")


def read(file: str, content: bytes) -> list[SeedRow]:
    """The rows of one table, in order; raises BrokenSeed."""
    try:
        records = delimited.records(content.decode())
    except UnicodeDecodeError as error:
        raise BrokenSeed(f"{file}: byte {error.start} is not UTF-8") from None
    if not records:
        raise BrokenSeed(f"{file}: there is not even a line of headings")
    headings = _headings(file, records[0])
    return [_row(file, headings, record) for record in records[1:]]


def _headings(file: str, record: delimited.Record) -> Sequence[str]:
    names = list(record.cells or ())
    if not names or len(set(names)) != len(names) or not all(map(HEADING.fullmatch, names)):
        raise BrokenSeed(f"{file}, line {record.line}: these are no headings")
    return names


def _row(file: str, headings: Sequence[str], record: delimited.Record) -> SeedRow:
    try:
        cells = record.fitted(len(headings))
    except RefusedRow as refusal:
        raise BrokenSeed(f"{file}, line {record.line}: {refusal}") from None
    return SeedRow(
        file, record.line, {name: cell for name, cell in zip(headings, cells, strict=True) if cell}
    )


def _number(text: str) -> Decimal:
    if not NUMBER.fullmatch(text):
        raise ValueError(text)
    return Decimal(text)


def _whole(text: str) -> int:
    number = _number(text)
    if number != int(number):
        raise ValueError(text)
    return int(number)


def _instant(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("an instant without its offset could be anywhere")
    return calendar.told(moment)


PARSERS: Mapping[type, Callable[[str], Any]] = {
    str: str,
    int: _whole,
    Decimal: _number,
    bool: TRUTH.__getitem__,
    date: date.fromisoformat,
    datetime: _instant,
}
