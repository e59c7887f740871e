"""Refused rows that were taken away, mended and brought again: the file as it was, without the columns that say why.

What is taken away has the file's own titles and headings, and behind them where each row stood and why it was refused.
"""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

from webapp.files import archives, delimited, encodings, list_records, looking, workbooks
from webapp.files.delimited import Record
from webapp.label import Label

PLACE = Label("元の行", "Original line")
REASON = Label("取込できない理由", "Reason not imported")
MARKS = (REASON.ja, REASON.en)
SHEETS = looking.SHEETS.encode()
# A title that says how many rows there are: 件数,11220件.
COUNT_OF_ROWS = re.compile(r"[0-9０-９,]+(件)")


@dataclass(frozen=True, slots=True)
class Mended:
    """The text as its kind writes it, lines where they stood; None where the file is not one of refused rows."""

    text: str | None


def may_be(content: bytes) -> bool:
    """Whether it is worth looking for the columns that say why."""
    if archives.is_zip(content):
        return SHEETS in content
    start = content[: looking.MOST_BYTES]
    return any(
        mark.encode(encoding) in start for mark in MARKS for encoding in ("utf-8", "cp932", "utf-16-le")
    )


def read(content: bytes) -> Mended:
    """The file without our columns; raises WrongFile where it cannot be read at all."""
    records = _records(content)
    place = headings_at([record.cells for record in records[: looking.LINES]])
    if place is None:
        return Mended(None)
    width = min(
        records[place].cells.index(mark)
        for mark in (*MARKS, PLACE.ja, PLACE.en)
        if mark in records[place].cells
    )
    kept = {record.line: _cut(record, width) for record in records}
    rows = sum(any(map(str.strip, kept[record.line])) for record in records[place + 1 :])
    for title in records[:place]:
        kept[title.line] = [COUNT_OF_ROWS.sub(rf"{rows}\1", cell) for cell in kept[title.line]]
    return Mended(_written(kept))


def headings_at(records: Sequence[Sequence[str]]) -> int | None:
    """Which of the first records has the headings of refused rows."""
    return next((place for place, cells in enumerate(records) if set(MARKS) & set(cells)), None)


def _records(content: bytes) -> Sequence[Record]:
    if workbooks.is_workbook(content):
        return list_records.of_sheet(content)
    return delimited.records(encodings.decode(content)[0])


def _cut(record: Record, width: int) -> Sequence[str]:
    # A line that cannot be split is nobody's row yet: whole in its first cell it is refused again.
    return record.cells[:width] if record.is_sound else [",".join(record.cells)]


def _written(lines: dict[int, Sequence[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for line in range(1, max(lines) + 1):
        cells = lines.get(line, ())
        if any(map(str.strip, cells)):
            writer.writerow(cells)
        else:
            text.write("\n")
    return text.getvalue()
