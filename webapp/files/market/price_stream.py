"""Daily prices of a file that is too long to be held: the same layouts and refusals as `prices`, row after row."""

import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, islice
from operator import itemgetter
from typing import BinaryIO

from webapp.files import delimited, encodings, json_stream
from webapp.files.delimited import MAX_CELL_LENGTH, Record
from webapp.files.market import price_layouts, prices
from webapp.files.market.price_layouts import Columns, PriceSheet, QuoteSheet
from webapp.files.market.prices import PRICES, DayPrice, Reading
from webapp.files.rows import BadRow, RefusedRow, WrongFile
from webapp.files.scanning import Scan
from webapp.rules import calendar

# A row as COPY takes it: its line, code and day, and these; "" where nothing is given.
FIGURES = (*PRICES, "volume", "turnover", "adjusted_close")
# Refused rows that are told of one by one; the others are counted.
MOST_TOLD = 1000
# A title may stand above the headings, and yfinance has three lines of those.
LOOKED_AT = 8
# What most cells look like. Anything else is read cell by cell, as in a small file.
_PRICE, _WHOLE = r"[0-9]{1,10}(?:\.[0-9]{1,4})?", r"[0-9]{1,15}(?:\.0{1,4})?"
_SHAPES = {
    **dict.fromkeys(PRICES, _PRICE),
    "volume": _WHOLE,
    "turnover": f"(?:{_WHOLE})?",
    "adjusted_close": r"(?:[0-9]{1,10}(?:\.[0-9]{1,25})?)?",
}

DayText = tuple[str, ...]
# Rows are handed over in pieces of so many.
PIECE = 2000
UNKNOWN, SEVERAL = "unknown_code", "code_of_several_companies"
MOST_CODES = 11


@dataclass(slots=True)
class PriceStream:
    """Days of a long file, to be taken once, and what has been read of it so far.

    `refused` counts all rows that cannot be taken, `bad_rows` are the first of them.
    """

    reading: Reading
    records: Iterator[Record] = field(repr=False)
    text: io.TextIOWrapper = field(repr=False)
    total_rows: int = 0
    refused: int = 0
    last: date | None = None
    bad_rows: list[BadRow] = field(default_factory=list)

    @property
    def sheet(self) -> PriceSheet:
        """The layout."""
        return self.reading.sheet

    @property
    def source(self) -> str:
        """Whose file it is."""
        return self.sheet.source

    @property
    def encoding(self) -> str:
        """How the file is written."""
        return self.sheet.encoding

    @property
    def left_out(self) -> Counter[str]:
        """Rows that are none of ours, by kind."""
        return self.reading.left_out

    def rows(self) -> Iterator[DayText]:
        """Every day that can be taken, in the order of the file; raises WrongFile."""
        issues = [_Issue(columns, self.sheet) for columns in self.sheet.issues]
        for record in self.records:
            for issue in issues:
                day = issue.usual(record)
                if day is None:
                    day = self._unusual(record, issue, len(issues))
                if day is not None:
                    yield day
            self.total_rows += len(issues)
        days = [max(map(date.fromisoformat, issue.days.values())) for issue in issues if issue.days]
        self.last = max(days, default=None)

    def _unusual(self, record: Record, issue: "_Issue", issues: int) -> DayText | None:
        try:
            day = prices.day_of(record, issue.columns, self.reading)
        except RefusedRow as refusal:
            self.refuse(refusal.at(record.line, refusal.record))
            return None
        if day is None:
            return None
        if issues > 1 and prices.is_blank(day):
            self.reading.left_out[prices.NOTHING] += 1
            return None
        issue.learn(record, day)
        return _as_text(day)

    def refuse(self, bad: BadRow, rows: int = 1) -> None:
        """Count rows that cannot be taken, and keep the first of them."""
        self.refused += rows
        if len(self.bad_rows) < MOST_TOLD:
            self.bad_rows.append(bad)

    def close(self) -> None:
        """Let go of the file, which is whoever's who opened it."""
        self.text.detach()

    def require_some(self) -> None:
        """Raise WrongFile where there is no row, or none that can be taken."""
        if self.last is None and not self.left_out:
            self.reading.bad_rows = self.bad_rows
            prices.refuse_empty(self.reading, self.total_rows)


class _Issue:
    """One issue's columns, and how its cells have been read so far: usual rows need no second look."""

    def __init__(self, columns: Columns, sheet: PriceSheet) -> None:
        self.columns, self._width = columns, len(sheet.headings)
        self.days: dict[str, str] = {}
        self._codes: dict[str, str] = {}
        nowhere = self._width
        self._day = columns.places["traded_on"]
        self._code = columns.places.get("code", nowhere) if columns.code is None else nowhere
        self._cells: Callable[[Sequence[str]], DayText] = itemgetter(
            *(columns.places.get(name, nowhere) for name in FIGURES)
        )
        shapes = (_SHAPES[name] if name in columns.places else "" for name in FIGURES)
        self._shape = re.compile("\t".join(shapes))

    def usual(self, record: Record) -> DayText | None:
        """The row, where all its cells are spelled as those before it."""
        cells = record.cells
        if len(cells) != self._width or not record.is_sound:
            return None
        cells = (*cells, "")
        day, code = self.days.get(cells[self._day]), self._codes.get(cells[self._code])
        figures = self._cells(cells)
        if day is None or code is None or not self._shape.fullmatch("\t".join(figures)):
            return None
        return (str(record.line), code, day, *figures)

    def learn(self, record: Record, day: DayPrice) -> None:
        """Remember how this day and this code are spelled."""
        cells = (*record.fitted(self._width), "")
        self.days[cells[self._day]] = day.traded_on.isoformat()
        self._codes[cells[self._code]] = day.ticker_symbol


@dataclass(frozen=True, slots=True)
class Head:
    """Whose file it is, and how it is written."""

    source: str
    encoding: str


@dataclass(frozen=True, slots=True)
class Tail:
    """What has been read of a file as a whole; `left_alone`: days of codes that are none of ours, `codes` the first."""

    total_rows: int
    refused: int
    last: date | None
    bad_rows: list[BadRow]
    left_out: dict[str, int]
    left_alone: dict[str, int]
    codes: list[str]


def parts(
    file: BinaryIO, scan: Scan, code: str | None, companies: Mapping[str, int | None]
) -> Iterator[Head | bytes | Tail]:
    """The days of a scanned file up to today: its head, then lines as COPY takes them, then its tail; raises WrongFile.

    `companies`: the number of the company that has a code; None where it is several. A line begins with its number in
    the file and that of the company.
    """
    with closing(opened(file, scan, code)) as stream:
        yield Head(stream.source, stream.encoding)
        numbers = {code: str(number) for code, number in companies.items() if number is not None}
        left_alone: Counter[str] = Counter()
        unknown: dict[str, None] = {}
        lines: list[str] = []
        for line, code_of_day, *day in stream.rows():
            number = numbers.get(code_of_day)
            if number is None:
                left_alone[SEVERAL if code_of_day in companies else UNKNOWN] += 1
                unknown[code_of_day] = None
                continue
            lines.append("\t".join((line, number, *day)))
            if len(lines) == PIECE:
                yield _piece(lines)
                lines.clear()
        yield _piece(lines)
        stream.require_some()
        counts = dict(stream.left_out), dict(left_alone), list(islice(unknown, MOST_CODES))
        yield Tail(stream.total_rows, stream.refused, stream.last, stream.bad_rows, *counts)


def _piece(lines: Sequence[str]) -> bytes:
    return "".join(line + "\n" for line in lines).encode()


def opened(file: BinaryIO, scan: Scan, code: str | None, until: date | None = None) -> PriceStream:
    """The days of a scanned file up to `until`, today where it is not given; raises WrongFile as `prices.read` does."""
    given = prices.given(code)
    file.seek(0)
    mark, _encodings = encodings.candidates(file.read(4))
    file.seek(len(mark))
    text = io.TextIOWrapper(file, encoding=scan.encoding, newline=None)
    sheet, records = _of_json(text, scan) if scan.is_json else _of_lines(text, scan)
    return PriceStream(Reading(sheet, given, until or calendar.today()), records, text)


def _of_json(text: io.TextIOWrapper, scan: Scan) -> tuple[PriceSheet, Iterator[Record]]:
    quotes = json_stream.objects(text, price_layouts.JSON_LISTS)
    first = next(quotes, None)
    if not isinstance(first, dict):
        raise WrongFile(
            expected="prices as J-Quants writes them: a list under daily_quotes or data", found="other JSON"
        )
    layout = QuoteSheet(first, scan.encoding[: len("utf-16")])
    all_quotes = enumerate(chain([first], quotes), start=1)
    return layout.sheet, (layout.record(number, quote) for number, quote in all_quotes)


def _of_lines(text: io.TextIOWrapper, scan: Scan) -> tuple[PriceSheet, Iterator[Record]]:
    if scan.has_long_lines:
        raise WrongFile(expected="a text of lines", found="a line of more than a million characters")
    lines = enumerate(text, start=1)
    start = list(islice(lines, LOOKED_AT))
    delimiter = delimited.delimiter_of("".join(line for _number, line in start))
    records = _records(chain(start, lines), delimiter)
    sheet = price_layouts.of_records(list(islice(records, LOOKED_AT)), scan.encoding[: len("utf-16")])
    return sheet, chain(sheet.records, records)


def _records(lines: Iterator[tuple[int, str]], delimiter: str) -> Iterator[Record]:
    for number, line in lines:
        # No mark to be minded, and too short for a cell that is too long: three times as fast.
        if '"' not in line and len(line) <= MAX_CELL_LENGTH:
            one = Record(number, line.rstrip("\n").split(delimiter))
        else:
            one = delimited.split(number, line, delimiter)
        if delimited.holds_anything(one):
            yield one


def _as_text(day: DayPrice) -> DayText:
    figures = (getattr(day, name) for name in FIGURES)
    texts = (
        "" if figure is None else f"{figure:d}" if isinstance(figure, int) else f"{figure:f}"
        for figure in figures
    )
    return (str(day.line), day.ticker_symbol, day.traded_on.isoformat(), *texts)
