"""The list of filers without what it says of natural persons, so that it can wait until somebody has decided on it.

A person's row stays as one that says so and nothing else. Whoever reads the list finds the same in both, line by line.
"""

from collections.abc import Sequence

from webapp.files import archives, cells, delimited, edinet_codes, encodings, list_records, workbooks
from webapp.files.delimited import Record
from webapp.files.edinet import hiding
from webapp.files.edinet.hiding import Cells, Hide, Kept

HEADINGS = frozenset(map(cells.folded, edinet_codes.HEADINGS))
# A line with so many of them has the headings, and is nobody's row.
FEWEST_HEADINGS = 3
KIND = "提出者種別"
OF_THIS_LIST = {KIND, "提出者名"}


def without(content: bytes) -> Kept:
    """The list without its persons; raises WrongFile where it cannot be read at all."""
    if list_records.is_workbook(content):
        return Kept(hiding.of_sheet(workbooks.first_sheet(content), _hide()))
    csv_bytes = archives.only_csv(content) if archives.is_zip(content) else content
    text, encoding = encodings.decode(csv_bytes)
    return Kept(hiding.of_text(text, _hide()).encode(encoding))


def is_headed(records: Sequence[Cells]) -> bool:
    """Whether one of these lines has headings that no other file has; its persons are to be left out, too."""
    return any(OF_THIS_LIST.issubset(map(cells.folded, line)) for line in records)


def _hide() -> Hide:
    headings: list[str] = []

    def hide(record: Record) -> Cells | None:
        if headings:
            return _of_row(record, headings)
        if len(HEADINGS & set(map(cells.folded, record.cells))) >= FEWEST_HEADINGS:
            headings.extend(cell.strip() for cell in record.cells)
            while not headings[-1]:
                headings.pop()
            return None
        is_title = bool(record.cells) and cells.folded(record.cells[0]) == edinet_codes.TITLE
        return None if is_title and record.is_sound else [hiding.HIDDEN]

    return hide


def _of_row(record: Record, headings: Sequence[str]) -> Cells | None:
    """What may stay of a row: its width, that it is a person's, or else, where nobody can tell, its code."""
    by_heading = dict(zip(headings, record.cells, strict=False))
    if record.is_sound and edinet_codes.is_no_persons(by_heading):
        return None
    # Where nobody's kind can be told, the list is refused as a whole.
    codes = cells.codes_at_start(record.cells[:1] if KIND in headings else (), edinet_codes.EDINET_CODE)
    code = next(iter(codes), "")
    if not record.is_sound:
        return [code, hiding.BROKEN]
    is_whole = len(delimited.fit(record.cells, len(headings))) == len(headings)
    if is_whole and cells.folded(by_heading.get(KIND, "")).startswith(edinet_codes.NATURAL_PERSON):
        return hiding.all_but(record, {headings.index(KIND): edinet_codes.NATURAL_PERSON})
    return hiding.all_but(record, {0: code})
