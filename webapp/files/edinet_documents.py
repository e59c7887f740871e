"""Read EDINET's daily lists of documents: what was submitted, edited, withdrawn or closed to the public on a day.

Source: EDINET API 仕様書, 書類一覧API; 出典：EDINET閲覧（提出）サイト (PDL1.0). A CSV a day of 27 columns (2022) or
29, a byte order mark and nothing else where nothing happened, or the interface's own JSON; several days come as a zip.
Most rows are of documents that are no financial statements, some of natural persons: they are counted, and nothing of
them leaves this module.
"""

import codecs
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from webapp.files import archives, cells, delimited, edinet_answers, encodings
from webapp.files.looking import Look
from webapp.files.rows import BadRow, MasterList, RefusedRow, WrongFile
from webapp.rules import calendar, filing
from webapp.rules.fields import FieldRule
from webapp.rules.statement import DOC_ID

HEADINGS_OF_2022 = (
    "seqNumber", "docID", "edinetCode", "secCode", "JCN", "filerName", "fundCode", "ordinanceCode", "formCode",
    "docTypeCode", "periodStart", "periodEnd", "submitDateTime", "docDescription", "issuerEdinetCode",
    "subjectEdinetCode", "subsidiaryEdinetCode", "currentReportReason", "parentDocID", "opeDateTime",
    "withdrawalStatus", "docInfoEditStatus", "disclosureStatus", "xbrlFlag", "pdfFlag", "attachDocFlag",
    "englishDocFlag",
)  # fmt: skip
HEADINGS = (*HEADINGS_OF_2022, "csvFlag", "legalStatus")
# 有価証券報告書, 四半期報告書, 半期報告書, and 訂正 of each.
IN_SCOPE = frozenset({"120", "130", "140", "150", "160", "170"})
# 特定有価証券の内容等の開示に関する内閣府令: the documents of funds, which are no companies.
OF_FUNDS = "030"
FUND, OTHER, BARE = "fund", "other_document", "row_without_content"
KINDS_LEFT_OUT = (FUND, OTHER, BARE)
WITHDRAWAL, WITHDRAWN = "1", "2"
MOMENT = re.compile(r"([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2}) +([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?")
DAY_IN_NAME = re.compile(r"(?<![0-9])(20[0-9]{2})[-_]?([0-9]{2})[-_]?([0-9]{2})(?![0-9])")
FLAGS = {"": None, "0": False, "1": True}
MISSING = "The value is missing."


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """What a row says of a document that is kept: the document itself (`is_listing`), or only what became of it.

    `doc_id` is the document that the row is about: of a withdrawal, the one withdrawn. `told_at` is when the office
    edited it, or when it was submitted. `values` are what the row gives, by the names of the filings' columns; a
    blank is no news and is left out. `edinet_code` is the filer's, in listings only.
    """

    line: int
    doc_id: str
    told_at: datetime
    is_listing: bool
    edinet_code: str | None
    values: Mapping[str, Any]


@dataclass(slots=True)
class _Reading:
    """What has been read so far."""

    entries: list[RegisterEntry] = field(default_factory=list)
    bad_rows: list[BadRow] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=lambda: Counter(dict.fromkeys(KINDS_LEFT_OUT, 0)))
    days: set[date] = field(default_factory=set)
    # The day in the name of the file that is being read.
    day: date | None = None
    encodings: Counter[str] = field(default_factory=Counter)
    parts: list[tuple[int, str]] = field(default_factory=list)
    lines: int = 0
    rows: int = 0


def is_begun_by(look: Look) -> bool:
    """Whether a file, or the first in a zip, begins as a day's list does; an empty day is known by its name alone."""
    if edinet_answers.is_answer(look.text):
        return edinet_answers.is_of_a_day(look.text)
    if not look.first:
        is_empty = look.encoding is not None and not look.text.strip()
        return is_empty and DAY_IN_NAME.search(look.entries[0] if look.entries else look.name) is not None
    return tuple(look.first[:3]) == HEADINGS[:3]


def read(content: bytes, name: str) -> MasterList[RegisterEntry]:
    """The list of one day, or those of several in a zip; it is as of the last day that it tells of.

    A row that cannot be taken is in bad_rows and the rest goes on; left_out counts the KINDS_LEFT_OUT. Raises WrongFile
    where a zip is damaged or hostile, the headings of a day differ, or no day is known.
    """
    reading = _Reading()
    if archives.is_zip(content):
        for part, bytes_of_day in archives.every_text(content):
            reading.parts.append((reading.lines, part))
            _read_part(bytes_of_day, part, reading)
    else:
        _read_day(content, name, reading)
    if not reading.days:
        raise WrongFile(expected="a daily list with rows, or with its day in its name", found="none")
    return MasterList(
        as_of_on=max(reading.days),
        rows=tuple(reading.entries),
        bad_rows=tuple(reading.bad_rows),
        left_out=dict(reading.left_out),
        total_rows=reading.rows,
        encoding=" / ".join(reading.encodings) or "utf-8",
        parts=tuple(reading.parts),
    )


def _read_part(content: bytes, part: str, reading: _Reading) -> None:
    try:
        _read_day(content, part, reading)
    except WrongFile as error:
        error.part = part
        raise


def _read_day(content: bytes, name: str, reading: _Reading) -> None:
    day = _day_of(name)
    reading.days |= day
    reading.day = next(iter(day), None)
    if not content.removeprefix(codecs.BOM_UTF8).strip():
        return
    text, encoding = encodings.decode(content)
    if edinet_answers.is_answer(text):
        told_day, records = edinet_answers.read(text, HEADINGS)
        if told_day is not None:
            reading.day = told_day
            reading.days.add(told_day)
    else:
        records = delimited.records(text)
    if not records:
        raise WrongFile(expected="a text with rows in it", found="an empty file")
    headings = _headings(records[0])
    reading.encodings[encoding] += 1
    reading.rows += len(records) - 1
    for record in records[1:]:
        line = reading.lines + record.line
        try:
            _take(line, cells.Row(headings, record.fitted(len(headings))), reading)
        except RefusedRow as refusal:
            reading.bad_rows.append(refusal.at(line))
    reading.lines += records[-1].line


def _headings(record: delimited.Record) -> Sequence[str]:
    width = len([cell for cell in record.cells if cell.strip()])
    expected = HEADINGS_OF_2022 if width == len(HEADINGS_OF_2022) else HEADINGS
    delimited.check_headings(record, expected)
    return expected


@lru_cache(maxsize=1024)
def _day_of(words: str) -> frozenset[date]:
    """The day in the name of a file, or at the start of a moment."""
    written = DAY_IN_NAME.search(words)
    try:
        return frozenset({date(*map(int, written.groups()))} if written else ())
    except ValueError:
        return frozenset()


def _take(line: int, row: cells.Row, reading: _Reading) -> None:
    kind = cells.code(row.text("docTypeCode"))
    if kind and kind not in IN_SCOPE:
        # Its row may be a person's, so nothing of it is looked at but the day.
        reading.left_out[OTHER] += 1
        reading.days |= _day_of(row.text("opeDateTime") or row.text("submitDateTime"))
    elif kind and cells.whole_code(row.text("ordinanceCode"), 3) == OF_FUNDS:
        reading.left_out[FUND] += 1
        reading.days |= _day_of(row.text("opeDateTime") or row.text("submitDateTime"))
    else:
        _keep(_entry(line, row, reading.day, is_typed=bool(kind)), reading)


def _keep(entry: RegisterEntry | None, reading: _Reading) -> None:
    if entry is None:
        reading.left_out[BARE] += 1
        return
    reading.entries.append(entry)
    reading.days.add(entry.told_at.astimezone(calendar.JST).date())


def _told_at(row: cells.Row, day: date | None) -> datetime:
    if (at := row.value("opeDateTime", _moment) or row.value("submitDateTime", _moment)) is not None:
        return at
    try:
        if day is None:
            raise ValueError
        return calendar.told(datetime.combine(day, time(), calendar.JST))
    except ValueError:
        raise RefusedRow("submitDateTime", None, MISSING) from None


def _entry(line: int, row: cells.Row, day: date | None, *, is_typed: bool) -> RegisterEntry | None:
    """What the row says; None where a document that is open to the public no more has nothing but its number."""
    states = dict(_states(row))
    filer = cells.code(row.text("edinetCode"))
    has_states = bool(set(states.values()) - {"0"})
    if not (is_typed or filer or has_states):
        return None
    told_at = _told_at(row, day)
    if states.get("withdrawal_status") == WITHDRAWAL:
        values: dict[str, Any] = {"withdrawal_status": WITHDRAWN, "withdrawn_at": told_at}
        return RegisterEntry(line, _required(row, "parentDocID", DOC_ID), told_at, False, None, values)
    doc_id = _required(row, "docID", DOC_ID)
    if edited_at := row.value("opeDateTime", _moment):
        states["edited_at"] = edited_at
    if is_typed and filer:
        return RegisterEntry(line, doc_id, told_at, True, filer, {**states, **dict(_listed(row, doc_id))})
    if not has_states:
        raise RefusedRow("edinetCode" if is_typed else "docTypeCode", None, MISSING)
    return RegisterEntry(line, doc_id, told_at, False, None, states)


def _states(row: cells.Row) -> Iterator[tuple[str, Any]]:
    """What the office says of the document: withdrawn, edited, closed to the public."""
    for name, column, rule in (
        ("withdrawal_status", "withdrawalStatus", filing.WITHDRAWAL_STATUS),
        ("amendment_status", "docInfoEditStatus", filing.AMENDMENT_STATUS),
        ("disclosure_status", "disclosureStatus", filing.DISCLOSURE_STATUS),
    ):
        if (value := _coded(row, column, rule)) is not None:
            yield name, value


def _listed(row: cells.Row, doc_id: str) -> Iterator[tuple[str, Any]]:
    """The document as it is listed, without its blanks."""
    given: dict[str, Any] = {
        "doc_id": doc_id,
        "document_type": _required(row, "docTypeCode", filing.DOCUMENT_TYPE),
        "submitted_at": row.value("submitDateTime", _moment),
        "parent_doc_id": _coded(row, "parentDocID", DOC_ID),
        "period_start_on": row.value("periodStart", _day),
        "period_end_on": row.value("periodEnd", _day),
        "ordinance_code": _required(row, "ordinanceCode", filing.ORDINANCE_CODE, 3),
        "form_code": _coded(row, "formCode", filing.FORM_CODE, 6),
        "description": row.value("docDescription", cells.text),
        "has_xbrl": row.value("xbrlFlag", _flag),
        "has_pdf": row.value("pdfFlag", _flag),
        "has_csv": row.value("csvFlag", _flag) if "csvFlag" in row.headings else None,
    }
    if given["submitted_at"] is None:
        raise RefusedRow("submitDateTime", None, MISSING)
    # Listed again, a document has the number of the day on which it was edited.
    if not row.text("opeDateTime"):
        given["submission_no"] = row.value("seqNumber", cells.whole_number)
    yield from ((name, value) for name, value in given.items() if value is not None)


def _required(row: cells.Row, column: str, rule: FieldRule, digits: int = 0) -> str:
    value = _coded(row, column, rule, digits)
    if value is None:
        raise RefusedRow(column, None, MISSING)
    return value


def _coded(row: cells.Row, column: str, rule: FieldRule, digits: int = 0) -> str | None:
    def parse(raw: str) -> str | None:
        value = cells.whole_code(raw, digits)
        if value is not None and rule.broken_by(value):
            raise _unknown_word()
        return value

    return row.value(column, parse)


def _unknown_word() -> cells.RefusedCell:
    return cells.RefusedCell("The value is none that EDINET's register has here.")


def _flag(raw: str) -> bool | None:
    word = cells.folded(raw)
    if word not in FLAGS:
        raise _unknown_word()
    return FLAGS[word]


def _day(raw: str) -> date | None:
    return cells.calendar_date(raw) if raw.strip() else None


def _moment(raw: str) -> datetime | None:
    """A moment of Japan, in UTC."""
    value = cells.folded(raw)
    if not value:
        return None
    written = MOMENT.fullmatch(value)
    if not written:
        raise cells.RefusedCell("This is not a day and time such as 2025-06-25 09:00.")
    year, month, day, hour, minute, second = (int(part or 0) for part in written.groups())
    try:
        return calendar.told(datetime(year, month, day, hour, minute, second, tzinfo=calendar.JST))
    except ValueError:
        raise cells.RefusedCell("There is no such day.") from None
