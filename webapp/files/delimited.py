"""Split a comma-separated text into records, so that a broken line never takes its neighbours with it."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from webapp.files.rows import RefusedRow, WrongFile, shown

# Ten times the longest real list.
MAX_RECORDS = 120_000

BROKEN_QUOTES = "The quotation marks of this line do not match."
WRONG_WIDTH = "The row does not have as many columns as the headings."


@dataclass(frozen=True, slots=True)
class Record:
    """One line of the file, counted from 1, and its cells; None where the line's quotation marks do not match."""

    line: int
    cells: Sequence[str] | None

    def fitted(self, width: int) -> Sequence[str]:
        """Exactly `width` cells; raises RefusedRow, which quotes nothing, as the row may be anybody's."""
        if self.cells is None:
            raise RefusedRow(None, None, BROKEN_QUOTES)
        cells = fit(self.cells, width)
        if len(cells) != width:
            raise RefusedRow(None, f"{len(cells)} columns", WRONG_WIDTH)
        return cells


def records(text: str) -> list[Record]:
    """Every line that holds anything, in order; raises WrongFile beyond MAX_RECORDS.

    A line is a record: none of the lists read here has a line break inside a cell, and so a quotation mark that is
    never closed costs one line instead of swallowing the lines below it.
    """
    found: list[Record] = []
    for number, line in enumerate(io.StringIO(text, newline=None), start=1):
        if line == "\n":
            continue
        record = Record(number, _cells(line))
        if record.cells is None or any(cell.strip() for cell in record.cells):
            found.append(record)
        check_count(len(found))
    return found


def check_count(count: int) -> None:
    """Raise WrongFile where there are more rows than any list of companies has."""
    if count > MAX_RECORDS:
        raise WrongFile(expected=f"at most {MAX_RECORDS:,} rows", found="more")


def fit(cells: Sequence[str], width: int) -> Sequence[str]:
    """The cells without empty ones beyond `width`, as a spreadsheet adds them when it saves a file."""
    return cells[:width] if len(cells) > width and not any(cells[width:]) else cells


def check_headings(found: Record | None, expected: Sequence[str]) -> None:
    """Raise WrongFile, saying which differ, unless the headings are exactly the expected ones."""
    names = (
        [] if found is None or found.cells is None else [n.strip() for n in fit(found.cells, len(expected))]
    )
    if names == list(expected):
        return
    pairs = zip(names, expected, strict=False)
    differing = [f"{shown(name)} instead of {wanted}" for name, wanted in pairs if name != wanted]
    # A line without a single right heading is no heading line; it may be a person's row and is not quoted.
    if not set(names) & set(expected):
        what = "no heading line"
    elif len(names) != len(expected):
        what = f"{len(names)} columns"
    else:
        what = ", ".join(differing[:3])
    raise WrongFile(expected=f"the {len(expected)} columns {'・'.join(expected)}", found=what)


def _cells(line: str) -> list[str] | None:
    try:
        return next(csv.reader((line,), strict=True))
    except csv.Error:
        return None
