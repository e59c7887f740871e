"""Look at how a file begins, so that its kind can be told by its content, whatever it is called."""

from collections.abc import Sequence
from dataclasses import dataclass

from webapp.files import archives, delimited, encodings, workbooks
from webapp.files.rows import WrongFile

# As far as any format has its headings: titles above them included.
LINES, MOST_BYTES = 10, 64 * 1024
WORKBOOK = "workbook"
SHEETS = "xl/workbook.xml"


@dataclass(frozen=True, slots=True)
class Look:
    """What is seen of a file: its first records as cells, how its text begins, and the names inside where it is a zip.

    `encoding` is that of the text, or of the first CSV in a zip; None where there is no text that can be read.
    """

    name: str
    text: str = ""
    encoding: str | None = None
    records: Sequence[Sequence[str]] = ()
    entries: Sequence[str] = ()

    @property
    def first(self) -> Sequence[str]:
        """The cells of the first record, trimmed."""
        return [cell.strip() for cell in self.records[0]] if self.records else ()


def look(content: bytes, name: str) -> Look:
    """How a file begins; raises WrongFile where it is a zip or a workbook that is not safe to open."""
    entries = archives.names(content) if archives.is_zip(content) else ()
    if workbooks.is_ole2(content) or SHEETS in entries:
        return Look(name, encoding=WORKBOOK, records=workbooks.first_sheet(content)[:LINES])
    if not archives.is_zip(content):
        return _of_text(content[:MOST_BYTES], name, is_whole=len(content) <= MOST_BYTES)
    start = archives.start_of_csv(content, MOST_BYTES)
    text = Look(name) if start is None else _of_text(start, name, is_whole=len(start) < MOST_BYTES)
    return Look(name, text.text, text.encoding, text.records, entries)


def headings_in_front(records: Sequence[Sequence[str]]) -> int | None:
    """The headings are the first record."""
    return 0 if records else None


def _of_text(content: bytes, name: str, *, is_whole: bool) -> Look:
    text, encoding = _decoded(content, is_whole=is_whole)
    lines = "".join(text.splitlines(keepends=True)[:LINES])
    return Look(name, text, encoding, [record.cells for record in delimited.records(lines)])


def _decoded(content: bytes, *, is_whole: bool) -> tuple[str, str | None]:
    """The text and its encoding; where it is in none, a guess, which tells whose reader is to say what is wrong."""
    try:
        return encodings.start(content, is_whole=is_whole)
    except WrongFile:
        return encodings.guess(content), None
