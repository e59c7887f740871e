"""Write a file of rows anew without what may be natural persons', line by line where it stood: hide, never move."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xlsxwriter import Workbook

from webapp.files import delimited
from webapp.files.delimited import Record

# What stands where something of a row had to stay and nobody is to read what it was.
HIDDEN = "?"
# A cell that is too long makes a line as broken as quotation marks that do not match.
BROKEN = HIDDEN * (delimited.MAX_CELL_LENGTH + 1)

Cells = Sequence[str]
# What may stay of a line, asked in their order; None where it may stay as it is.
Hide = Callable[[Record], Cells | None]


@dataclass(frozen=True, slots=True)
class Kept:
    """The bytes of a file as they may be kept, which its reader reads as it does the file."""

    content: bytes


def of_text(text: str, hide: Hide) -> str:
    """A text of commas or tabs."""
    kept, delimiter = io.StringIO(), delimited.delimiter_of(text)
    writer = csv.writer(kept, delimiter=delimiter, lineterminator="\n")
    for number, line in enumerate(io.StringIO(text, newline=None), start=1):
        hidden = hide(delimited.split(number, line, delimiter)) if line.strip() else None
        if hidden is None:
            kept.write(line)
        else:
            writer.writerow(hidden)
    return kept.getvalue()


def of_sheet(rows: Sequence[Cells], hide: Hide) -> bytes:
    """A workbook, as the rows of its first sheet."""
    content = io.BytesIO()
    # Whoever reads foreign bytes may write no file.
    with Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            hidden = hide(delimited.record(number + 1, row)) if any(row) else None
            for column, cell in enumerate(row if hidden is None else hidden):
                if cell:
                    sheet.write_string(number, column, cell)
    return content.getvalue()


def all_but(record: Record, staying: dict[int, str]) -> list[str]:
    """As many cells as the line has, with a mark where something stood, and by their place what stays of it."""
    hidden = ["" if cell == "" else HIDDEN for cell in record.cells]
    for place, text in staying.items():
        hidden[place] = text
    return hidden
