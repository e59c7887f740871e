"""The list of filers without what it says of natural persons, so that it can wait until somebody has decided on it.

A person's row stays as one that says so and nothing else. Whoever reads the list finds the same in both, line by line.
"""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xlsxwriter import Workbook

from webapp.files import archives, cells, delimited, edinet_codes, encodings, list_records, workbooks
from webapp.files.delimited import Record

HEADINGS = frozenset(map(cells.folded, edinet_codes.HEADINGS))
# A line with so many of them has the headings, and is nobody's row.
FEWEST_HEADINGS = 3
KIND = "提出者種別"
OF_THIS_LIST = {KIND, "提出者名"}
# What stands where something of a row had to stay and nobody is to read what it was.
HIDDEN = "?"
BROKEN = HIDDEN * (delimited.MAX_CELL_LENGTH + 1)

Cells = Sequence[str]


@dataclass(frozen=True, slots=True)
class Kept:
    """The bytes of the list as it may be kept: a text in its encoding, or a workbook."""

    content: bytes


def without(content: bytes) -> Kept:
    """The list without its persons; raises WrongFile where it cannot be read at all."""
    if list_records.is_workbook(content):
        return Kept(_workbook(workbooks.first_sheet(content)))
    csv_bytes = archives.only_csv(content) if archives.is_zip(content) else content
    text, encoding = encodings.decode(csv_bytes)
    return Kept(_text(text).encode(encoding))


def is_headed(records: Sequence[Cells]) -> bool:
    """Whether one of these lines has headings that no other file has; its persons are to be left out, too."""
    return any(OF_THIS_LIST.issubset(map(cells.folded, line)) for line in records)


def _text(text: str) -> str:
    kept, delimiter = io.StringIO(), delimited.delimiter_of(text)
    writer = csv.writer(kept, delimiter=delimiter, lineterminator="\n")
    hiding = _hiding()
    for number, line in enumerate(io.StringIO(text, newline=None), start=1):
        hidden = hiding(delimited.split(number, line, delimiter)) if line.strip() else None
        if hidden is None:
            kept.write(line)
        else:
            writer.writerow(hidden)
    return kept.getvalue()


def _workbook(rows: Sequence[Cells]) -> bytes:
    content, hiding = io.BytesIO(), _hiding()
    # Whoever reads foreign bytes may write no file.
    with Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            hidden = hiding(delimited.record(number + 1, row)) if any(row) else None
            for column, cell in enumerate(row if hidden is None else hidden):
                if cell:
                    sheet.write_string(number, column, cell)
    return content.getvalue()


def _hiding() -> Callable[[Record], Cells | None]:
    """What tells of each line, in their order, what may stay of it; None where it may stay as it is."""
    headings: list[str] = []

    def hide(record: Record) -> Cells | None:
        if headings:
            return _of_row(record, headings)
        if _has_headings(record.cells):
            headings.extend(cell.strip() for cell in record.cells)
            while not headings[-1]:
                headings.pop()
            return None
        is_title = bool(record.cells) and cells.folded(record.cells[0]) == edinet_codes.TITLE
        return None if is_title and record.is_sound else [HIDDEN]

    return hide


def _has_headings(line: Cells) -> bool:
    return len(HEADINGS & set(map(cells.folded, line))) >= FEWEST_HEADINGS


def _of_row(record: Record, headings: Sequence[str]) -> Cells | None:
    """What may stay of a row: its width, that it is a person's, or else, where nobody can tell, its code."""
    by_heading = dict(zip(headings, record.cells, strict=False))
    if record.is_sound and edinet_codes.is_no_persons(by_heading):
        return None
    width = len(headings)
    is_person = (
        record.is_sound
        and len(delimited.fit(record.cells, width)) == width
        and cells.folded(by_heading.get(KIND, "")).startswith(edinet_codes.NATURAL_PERSON)
    )
    # Where nobody's kind can be told, the list is refused as a whole.
    codes = cells.codes_at_start(record.cells[:1] if KIND in headings else (), edinet_codes.EDINET_CODE)
    code = next(iter(codes), "")
    if not record.is_sound:
        return [code, BROKEN]
    hidden = ["" if cell == "" else HIDDEN for cell in record.cells]
    hidden[0] = "" if is_person else code
    if is_person:
        hidden[headings.index(KIND)] = edinet_codes.NATURAL_PERSON
    return hidden
