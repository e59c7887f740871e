"""Daily lists of documents without those who filed what is not kept here: 大量保有報告書 and others are often persons'.

Of such a row its kind and its moments stay, which are all that the reader looks at.
"""

import codecs
import json
from collections.abc import Mapping, Sequence
from typing import Any

from webapp.files import archives, cells, delimited, edinet_answers, edinet_documents, encodings
from webapp.files.delimited import Record
from webapp.files.edinet import hiding
from webapp.files.edinet.hiding import Cells, Hide, Kept

KIND = "docTypeCode"
# Of any row.
OPEN = (KIND, "docID", "ordinanceCode", "opeDateTime", "submitDateTime")
# Of one without a kind, of which somebody may be told what became of the document, more stays.
NAMING = ("filerName", "JCN", "docDescription", "currentReportReason")


def without(content: bytes) -> Kept:
    """The list of a day, or those of several in a zip, without persons; raises WrongFile where it cannot be read."""
    if not archives.is_zip(content):
        return Kept(_day(content))
    return Kept(archives.packed({name: _day(day) for name, day in archives.every_text(content)}))


def is_no_persons(cells_by_heading: Mapping[str, str]) -> bool:
    """Whether a row is known to be of a report that no natural person files."""
    return _is_in_scope(cells_by_heading.get(KIND, ""))


def _is_in_scope(kind: str) -> bool:
    return cells.code(kind) in edinet_documents.IN_SCOPE


def _day(content: bytes) -> bytes:
    if not content.removeprefix(codecs.BOM_UTF8).strip():
        return content
    text, encoding = encodings.decode(content)
    kept = _answer(text) if edinet_answers.is_answer(text) else hiding.of_text(text, _hide())
    return kept.encode(encoding)


def _answer(text: str) -> str:
    answer = edinet_answers.parsed(text)
    rows = answer.get("results")
    if isinstance(rows, list):
        answer["results"] = [_open(row) if isinstance(row, dict) else None for row in rows]
    return json.dumps(answer, ensure_ascii=False)


def _open(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if _stays(name, str(row.get(KIND) or ""))}


def _stays(name: str, kind: str) -> bool:
    """Whether a cell of a row of this kind may stay."""
    if _is_in_scope(kind):
        return True
    return name in OPEN or not (kind.strip() or name in NAMING)


def _hide() -> Hide:
    headings: list[str] = []

    def hide(record: Record) -> Cells | None:
        if headings:
            return _of_row(record, headings)
        headings.extend(cell.strip() for cell in record.cells)
        has_kind = record.is_sound and KIND in headings
        return None if has_kind else [hiding.HIDDEN]

    return hide


def _of_row(record: Record, headings: Sequence[str]) -> Cells | None:
    """What may stay of a row."""
    if not record.is_sound:
        return [hiding.BROKEN]
    by_heading = dict(zip(headings, record.cells, strict=False))
    kind = by_heading.get(KIND, "")
    if _is_in_scope(kind):
        return None
    if len(delimited.fit(record.cells, len(headings))) != len(headings) or KIND not in headings:
        return hiding.all_but(record, {})
    staying = enumerate(zip(headings, record.cells, strict=False))
    return hiding.all_but(record, {place: cell for place, (name, cell) in staying if _stays(name, kind)})
