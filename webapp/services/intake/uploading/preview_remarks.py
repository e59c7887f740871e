"""What a preview remarks, row by row, as it is kept: its place, its raw line, our reading and what is stored."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webapp.files import raw_lines
from webapp.files.apart import calling
from webapp.files.raw_lines import RawLines
from webapp.files.rows import BadRow, WrongFile
from webapp.rules.findings import Finding
from webapp.services.changes import row_codec
from webapp.services.changes.proposals import Item, Wish
from webapp.services.intake import file_findings, mending
from webapp.services.intake.import_kind import ImportKind
from webapp.services.intake.importing import Preview

REFUSED, KEPT, REMARK = "refused", "kept", "remark"
# Of so many remarks the raw line is kept; beyond them nobody looks at single lines.
MOST_RAW = 5000
Remark = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Reading:
    """What was read of the lines, and what is stored of their rows, by line."""

    wishes: Mapping[int, Wish]
    items: Mapping[int, Item]

    def pair(self, line: int | None, field: str | None) -> dict[str, Any]:
        """Our reading and the stored values: of one field, where a remark is about one, otherwise of all."""
        wish = self.wishes.get(line or 0)
        if wish is None:
            return {}
        item = self.items.get(line or 0)
        stored = {} if item is None else row_codec.encode(item.before)
        read = row_codec.encode(wish.values)
        if field in read:
            read = {field: read[field]}
            stored = {name: value for name, value in stored.items() if name == field}
        return {"read": read, "stored": stored}


def of(preview: Preview) -> list[Remark]:
    """Refused rows first, then what is remarked on the file, values that stay as set by hand, and everything else."""
    reading = _reading(preview)
    refused = [of_row(bad) | reading.pair(_line(preview, bad), bad.column) for bad in preview.refused]
    remarks = [*refused, *_others(preview, reading)]
    content = preview.request.content
    if not isinstance(content, bytes):
        return remarks  # a feed's file is never whole in memory
    try:
        return list(_with_raw_lines(preview.kind, content, remarks))
    except WrongFile:
        # It was read before, and the remarks do without their lines.
        return remarks


def of_row(bad: BadRow) -> Remark:
    """A refused row."""
    part = {} if bad.file is None else {"part": bad.file}
    return {**file_findings.of_refused(bad).as_json(), "about": REFUSED, **part}


def of_refusal(kind: ImportKind | None, content: bytes, bad_rows: Sequence[BadRow]) -> list[Remark]:
    """The rows for which a file is refused as a whole."""
    remarks = [of_row(bad) for bad in bad_rows]
    if kind is None:
        return remarks
    try:
        return list(_with_raw_lines(kind, content, remarks))
    except WrongFile:
        return remarks


def _others(preview: Preview, reading: _Reading) -> Iterator[Remark]:
    of_items = [*file_findings.of_items(preview.proposal)]
    for about, findings in ((REMARK, preview.remarks), (KEPT, preview.kept), (REMARK, of_items)):
        for finding in findings:
            yield _of_finding(finding, about, preview) | reading.pair(finding.line, finding.field)


def _of_finding(finding: Finding, about: str, preview: Preview) -> Remark:
    part, line = (None, None) if finding.line is None else preview.listing.place(finding.line)
    place = {"line": line} | ({} if part is None else {"part": part})
    return finding.as_json() | {"about": about} | {name: value for name, value in place.items() if value}


def _reading(preview: Preview) -> _Reading:
    proposal = preview.proposal
    items = {item.wish.line: item for item in proposal.items if item.wish.line is not None}
    wishes = {line: item.wish for line, item in items.items()}
    wishes |= {wish.line: wish for wish, _findings in proposal.refused if wish.line is not None}
    return _Reading(wishes, items)


def _line(preview: Preview, bad: BadRow) -> int | None:
    """The line of a refused row as the reader counts it, through all files."""
    before = {name: lines for lines, name in preview.listing.parts}
    return bad.line + (before.get(bad.file or "", 0))


def _with_raw_lines(kind: ImportKind, content: bytes, remarks: Sequence[Remark]) -> Iterator[Remark]:
    """The remarks, with the cells of their lines by heading where they may be shown, and how the file begins."""
    asked: dict[str, list[int]] = {}
    for remark in remarks[:MOST_RAW]:
        if remark.get("line"):
            asked.setdefault(str(remark.get("part") or ""), []).append(int(remark["line"]))
    if kind.headings_at is None or not asked:
        yield from remarks
        return
    raw = calling.read(raw_lines.read, mending.plain(content)[0], json.dumps(asked))
    at = kind.headings_at(raw.start)
    headings = [] if at is None else [heading.strip() for heading in raw.start[at]]
    for remark in remarks:
        yield remark | (_raw(kind, raw, headings, raw.start[:at], remark) if headings else {})


def _raw(
    kind: ImportKind, raw: RawLines, headings: Sequence[str], titles: Sequence[Sequence[str]], remark: Remark
) -> Remark:
    cells = raw.lines.get(str(remark.get("part") or ""), {}).get(remark.get("line") or 0)
    if cells is None:
        return {}
    place = {"column": headings.index(remark["field"]) + 1} if remark.get("field") in headings else {}
    is_split = len(cells) > 1
    by_heading = dict(zip(headings, cells, strict=False))
    if kind.may_show is not None and not (is_split and kind.may_show(by_heading)):
        return place
    if len([cell for cell in cells if cell]) > len(headings):
        cells = [",".join(cells)]
    pairs = [[heading, cells[n] if n < len(cells) else ""] for n, heading in enumerate(headings)]
    return place | {"raw": pairs, "titles": [list(title) for title in titles]}
