"""Split a text of commas or tabs into records, so that a broken line never takes its neighbours with it."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from webapp.files.cells import folded
from webapp.files.rows import RefusedRow, WrongFile, shown

# Ten times the longest real list.
MAX_RECORDS = 120_000
# The longest real cell has 123 characters. Unicode normalisation takes quadratic time on a run of accents.
MAX_CELL_LENGTH = 500

BROKEN = "The quotation marks of this line do not match, or one of its cells is far too long."
WRONG_WIDTH = "The row does not have as many columns as the headings."


@dataclass(frozen=True, slots=True)
class Record:
    """One line of the file, counted from 1, and its cells.

    Where the line is not sound (quotation marks that do not match, or a monstrous cell), the cells are a guess, cut
    short: good for finding the row's code, and for nothing else.
    """

    line: int
    cells: Sequence[str]
    is_sound: bool = True

    def fitted(self, width: int) -> Sequence[str]:
        """Exactly `width` cells; raises RefusedRow, which quotes nothing, as the row may be anybody's."""
        if not self.is_sound:
            raise RefusedRow(None, None, BROKEN)
        cells = fit(self.cells, width)
        if len(cells) != width:
            raise RefusedRow(None, f"{len(cells)} columns", WRONG_WIDTH)
        return cells


def records(text: str) -> list[Record]:
    """Every line that holds anything, in order; raises WrongFile beyond MAX_RECORDS.

    A line is a record: none of the lists read here has a line break inside a cell, and so a quotation mark that is
    never closed costs one line instead of swallowing the lines below it. A spreadsheet's "Unicode text" has tabs
    where others have commas.
    """
    all_records: list[Record] = []
    delimiter = delimiter_of(text)
    for number, line in enumerate(io.StringIO(text, newline=None), start=1):
        if line == "\n":
            continue
        one = split(number, line, delimiter)
        if holds_anything(one):
            all_records.append(one)
        if len(all_records) > MAX_RECORDS:
            raise WrongFile(expected="at most %(most)s rows", found="more", most=f"{MAX_RECORDS:,}")
    return all_records


def holds_anything(one: Record) -> bool:
    """Whether a line is more than blanks and commas."""
    return not one.is_sound or any(map(str.strip, one.cells))


def record(line: int, cells: Sequence[str]) -> Record:
    """The record of cells that are split already; not sound where one of them is too long to be handled."""
    if max(map(len, cells), default=0) > MAX_CELL_LENGTH:
        return Record(line, [cell[:MAX_CELL_LENGTH] for cell in cells], is_sound=False)
    return Record(line, cells)


def fit(cells: Sequence[str], width: int) -> Sequence[str]:
    """The cells without empty ones beyond `width`, as a spreadsheet adds them when it saves a file."""
    return cells[:width] if len(cells) > width and not any(cells[width:]) else cells


def check_headings(headings: Record | None, expected: Sequence[str]) -> None:
    """Raise WrongFile, saying which differ, unless the headings are the expected ones in whatever width."""
    cells = fit(headings.cells, len(expected)) if headings is not None and headings.is_sound else ()
    names = [cell.strip() for cell in cells]
    pairs = list(zip(map(folded, names), map(folded, expected), strict=False))
    if len(names) == len(expected) and all(name == right for name, right in pairs):
        return
    differing = [
        f"{shown(name)} instead of {right}"
        for name, right in zip(names, expected, strict=False)
        if folded(name) != folded(right)
    ]
    known = set(map(folded, expected))
    if headings is not None:
        refuse_semicolons([headings], lambda cells: bool(known.intersection(map(folded, cells))))
    # A line without a single right heading is no heading line; it may be a person's row and is not quoted.
    if not {name for name, _right in pairs} & known:
        says = "no heading line"
    elif len(names) != len(expected):
        says = "%(names)s columns"
    else:
        says = "%(differing)s"
    raise WrongFile(
        expected="the %(number)s columns %(columns)s",
        found=says,
        number=len(expected),
        columns="・".join(expected),
        names=len(names),
        differing=", ".join(differing[:3]) if says == "%(differing)s" else "",
    )


def refuse_semicolons(records: Sequence[Record], is_heading: Callable[[Sequence[str]], bool]) -> None:
    """Raise WrongFile where headings stand between semicolons: so spreadsheets write where a comma is a decimal one."""
    if any(is_heading(between_semicolons(record.cells)) for record in records):
        raise WrongFile(
            expected="columns separated by commas or tabs (save the file anew as a CSV of these)",
            found="columns separated by semicolons",
        )


def between_semicolons(cells: Sequence[str]) -> Sequence[str]:
    """What stands between semicolons in a line that was split at commas or tabs; nothing where there are none."""
    texts = ",".join(cells).replace('"', "").split(";")
    return texts if len(texts) > 1 else ()


def delimiter_of(text: str) -> str:
    """A tab where the first line that holds anything has more tabs than commas."""
    start = text.lstrip("\r\n").partition("\n")[0]
    return "\t" if start.count("\t") > start.count(",") else ","


def split(number: int, line: str, delimiter: str) -> Record:
    """The record of one line; not sound where its quotation marks do not match or a cell is too long."""
    try:
        return record(number, next(csv.reader((line,), strict=True, delimiter=delimiter)))
    except csv.Error:
        # Longer cells than the csv module takes are cut off here; what is left begins with the code.
        guess = next(csv.reader((line[:MAX_CELL_LENGTH],), delimiter=delimiter))
        return Record(number, guess, is_sound=False)
