"""What reading a foreign file yields: typed rows, the rows refused with their reasons, and what was left out."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Generic, TypeVar

SHOWN_LENGTH = 80

Row = TypeVar("Row")


class WrongFile(Exception):
    """The whole file is refused and changes nothing; the message is one line: what was expected, what was found.

    Both are English phrases fit to be msgids; where they have %(name)s places, `values` fill them. `bad_rows` are
    those for which it is refused, where that is the reason.
    """

    bad_rows: "Sequence[BadRow]" = ()
    # Which file of several, where it is one of them that is wrong.
    part: str | None = None

    def __init__(self, *, expected: str, found: str, **values: object) -> None:
        self.expected = expected
        self.found = found
        self.values = values
        sentence = f"Expected {expected}; found {found}."
        super().__init__(sentence % values if values else sentence)


@dataclass(frozen=True, slots=True)
class BadRow:
    """A refused row and the first thing wrong with it.

    `line` counts from 1 as an editor or a spreadsheet does, headings included. `column` is the heading as the file
    spells it, None where the whole row is broken. `value` is what stood there, shortened and printable, None where
    it is withheld or there is nothing to show. `reason` is one English sentence of a fixed set, fit to be a msgid, and
    `params` fill its places. `record` names whom the row is about, where it is known to be no natural person. `file`
    is the file of several in which the row stands.
    """

    line: int
    column: str | None
    value: str | None
    reason: str
    params: Mapping[str, Any] = field(default_factory=dict, compare=False)
    record: str | None = field(default=None, compare=False)
    file: str | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """What a reader met and did not know, and how many rows it took nevertheless.

    `reason` is an English sentence with %(value)s and %(rows)s places, fit to be a msgid.
    """

    column: str
    value: str
    rows: int
    reason: str


def refuse_most(refused: int, rows: int, bad_rows: "Sequence[BadRow]") -> None:
    """Raise WrongFile where more than half the rows of a file cannot be taken."""
    if refused * 2 > rows:
        wrong = WrongFile(
            expected="a list of which at least half the rows can be taken",
            found="one of which %(refused)s of %(rows)s are refused",
            refused=f"{refused:,}",
            rows=f"{rows:,}",
        )
        wrong.bad_rows = bad_rows
        raise wrong


class RefusedRow(Exception):
    """One row cannot be taken; the rest of the file goes on. `column` is None where the whole row is broken.

    `record`: whom the row is about, where that is known.
    """

    def __init__(self, column: str | None, value: str | None, reason: str, record: str | None = None) -> None:
        self.column = column
        self.value = value
        self.reason = reason
        self.record = record
        super().__init__(reason)

    def at(self, line: int, record: str | None = None) -> BadRow:
        """The refusal with its place in the file, and whom the row is about."""
        return BadRow(line, self.column, self.value, self.reason, record=record)


@dataclass(frozen=True, slots=True)
class MasterList(Generic[Row]):
    """A list of everything that a source knew on one day.

    Every data row of the file is in exactly one place: total_rows == len(rows) + len(bad_rows) + sum(left_out).
    `left_out` counts the rows that are out of scope by kind, such as {"natural_person": 2994}; nothing else of
    them is kept. `encoding` tells how the file was read: utf-8, utf-16, cp932 or workbook. `named` holds the code of
    every row that has a readable one, refused rows included, but of no row known to be a natural person's: a
    company whose code is not in it is absent from the list, or its row is too damaged to tell. `remarks` tell what is
    new in the list. `source` says whose file it is, where a kind has several layouts. `is_whole` is True where whoever
    brings the list says that nothing is missing from it; `asked` names what else they ask for; `is_part` where it holds
    rows that were refused before and are mended, and no others. `parts` are the files of which it is made, where they
    are several: lines are counted through all of them, and each part has the number of lines before it.
    """

    as_of_on: date
    rows: Sequence[Row]
    bad_rows: Sequence[BadRow]
    left_out: Mapping[str, int]
    total_rows: int
    encoding: str = "utf-8"
    named: frozenset[str] = frozenset()
    remarks: Sequence[Remark] = ()
    source: str | None = None
    is_whole: bool = False
    asked: frozenset[str] = frozenset()
    is_part: bool = False
    parts: Sequence[tuple[int, str]] = ()

    def place(self, line: int) -> tuple[str | None, int]:
        """The file of several in which a line stands, and its line there."""
        before = bisect_left(self.parts, line, key=lambda part: part[0])
        if not before:
            return None, line
        lines, name = self.parts[before - 1]
        return name, line - lines

    def placed(self, bad: BadRow) -> BadRow:
        """A refused row with its file of several, and its line there."""
        name, line = self.place(bad.line)
        return replace(bad, line=line, file=name)


def shown(value: str) -> str:
    """A value from a file as it may stand in a one-line message: printable, no longer than SHOWN_LENGTH."""
    printable = "".join(mark if mark.isprintable() else " " for mark in value[: SHOWN_LENGTH + 1])
    return printable if len(value) <= SHOWN_LENGTH else printable[: SHOWN_LENGTH - 1] + "…"
