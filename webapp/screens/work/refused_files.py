"""The refused rows of a preview as a file, to be mended and brought again: the file's own columns, and why."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, BinaryIO

import xlsxwriter

from webapp.files import mended
from webapp.models.upload import Upload
from webapp.screens.record import exports
from webapp.screens.work import preview_findings, shown_findings
from webapp.services.intake.uploading import preview_remarks
from webapp.web.speaking import speech

TYPES = {"xlsx": exports.XLSX_TYPE, "csv": exports.CSV_TYPE}
# What a cell of a sheet holds.
MOST_TEXT = 32_767
Line = Sequence[str]


def called(upload: Upload, ending: str) -> str:
    """The name of the file."""
    stem = PurePosixPath(upload.name).stem
    return f"{stem}-{speech().gettext('refused')}.{ending}"


def write(upload: Upload, ending: str, content: BinaryIO) -> None:
    """Every refused row once, as the file has it, with its place and all reasons against it."""
    lines = _lines(upload)
    if ending == "csv":
        text = io.TextIOWrapper(content, encoding="utf-8-sig", newline="", write_through=True)
        csv.writer(text).writerows(lines)
        text.detach()
        return
    with xlsxwriter.Workbook(content, {"constant_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate(lines):
            for column, cell in enumerate(cells):
                # Codes keep their zeros, and nothing that stands in a foreign file is a formula.
                sheet.write_string(row, column, cell[:MOST_TEXT])


def _lines(upload: Upload) -> Iterator[Line]:
    remarks = [remark for remark in upload.remarks if remark.get("about") == preview_remarks.REFUSED]
    with_raw = [remark for remark in remarks if "raw" in remark]
    # A day's list of 2022 has fewer columns than those since, and the same in front.
    headings = max(([heading for heading, _cell in one["raw"]] for one in with_raw), key=len, default=[])
    yield from with_raw[0]["titles"] if with_raw else ()
    spoken = speech()
    yield [*headings, spoken.say(mended.PLACE), spoken.say(mended.REASON)]
    tables = preview_findings.tables_of(upload)
    for of_row in _by_place(remarks).values():
        cells = [cell for _heading, cell in of_row[0].get("raw", ())]
        cells += [""] * (len(headings) - len(cells))
        reasons = " / ".join(_reason(remark, tables) for remark in of_row)
        yield [*cells, _place(of_row[0]), reasons]


def _by_place(remarks: Sequence[Mapping[str, Any]]) -> dict[object, list[Mapping[str, Any]]]:
    places: dict[object, list[Mapping[str, Any]]] = {}
    for remark in remarks:
        places.setdefault((remark.get("part"), remark.get("line")), []).append(remark)
    return places


def _place(remark: Mapping[str, Any]) -> str:
    line = str(remark.get("line") or "")
    return f"{remark['part']}:{line}" if remark.get("part") else line


def _reason(remark: Mapping[str, Any], tables: Sequence[str]) -> str:
    shown = shown_findings.of(tables, remark)
    words = [word for word in (shown["where"], shown["message"]) if word]
    return speech().pair(words[0], words[1]) if len(words) > 1 else "".join(words)
