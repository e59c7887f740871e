"""Daily prices as brokers, yfinance and J-Quants give them: one row a company and day, whatever the layout."""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NoReturn

from webapp.files import cells
from webapp.files.delimited import Record
from webapp.files.market import price_layouts
from webapp.files.market.price_layouts import Columns, PriceSheet
from webapp.files.rows import BadRow, MasterList, RefusedRow, WrongFile, shown
from webapp.rules import calendar, company

OTHER_CLASS, REPEATED, NOTHING = "other_class_of_share", "repeated_day", "blank_day"
PRICES = ("open", "high", "low", "close")
# How sources write that there is no value; "nan" is pandas'.
BLANKS = frozenset(("", "-", "--", "---", "—", "―", "ー", "n/a", "nan", "null", "none"))
NUMBER = re.compile(r"-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,15})(?:\.[0-9]{1,25})?")
MIDNIGHT = re.compile(r"[ T]0{1,2}:00(?::00(?:\.0+)?)?(?:Z|[+]09:00)?$", re.ASCII)
# yfinance's floats have four bytes: 1330.4 comes as 1330.4000244140625. No tick is finer than a tenth of a yen.
STORED_PLACES = Decimal("0.0001")
CLASS_OF_SHARE = re.compile("[0-9]?")


@dataclass(frozen=True, slots=True)
class DayPrice:
    """A company's day in yen per share; a day without a trade has no prices and volume 0.

    `adjusted_close` is the vendor's own and there to be compared. `line` is the row's line in the file, in JSON its
    number.
    """

    line: int
    ticker_symbol: str
    traded_on: date
    open: Decimal | None
    high: Decimal | None
    low: Decimal | None
    close: Decimal | None
    volume: int | None
    turnover: Decimal | None
    adjusted_close: Decimal | None

    @property
    def figures(self) -> tuple[object, ...]:
        """Everything but where it stands."""
        prices = (self.open, self.high, self.low, self.close)
        return (*prices, self.volume, self.turnover, self.adjusted_close)


@dataclass(slots=True)
class Reading:
    """What has been read so far, and what holds for every row: the code given with the file, the last day there is."""

    sheet: PriceSheet
    code: str | None
    until: date
    days: dict[tuple[str, date], DayPrice] = field(default_factory=dict)
    bad_rows: list[BadRow] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    named: set[str] = field(default_factory=set)


def read(
    content: bytes, _name: str, code: str | None = None, until: date | None = None
) -> MasterList[DayPrice]:
    """The prices of a CSV or JSON file, of days up to `until`, otherwise today; as_of_on is the last of them.

    `code` is whose they are where the file does not say; where it does, both must agree. Raises WrongFile where the
    layout is none that is known or holds prices that were never those of the day, and where no row can be read.
    """
    reading = Reading(price_layouts.sheet(content), given(code), until or calendar.today())
    for record in reading.sheet.records:
        for columns in reading.sheet.issues:
            _take(record, columns, reading)
    if not reading.days:
        refuse_empty(reading, len(reading.sheet.records))
    return MasterList(
        as_of_on=max(day for _code, day in reading.days),
        rows=tuple(reading.days.values()),
        bad_rows=tuple(reading.bad_rows),
        left_out=dict(reading.left_out),
        total_rows=len(reading.sheet.records) * len(reading.sheet.issues),
        encoding=reading.sheet.encoding,
        named=frozenset(reading.named),
        source=reading.sheet.source,
    )


def given(code: str | None) -> str | None:
    """The code that came with the file."""
    if code is None:
        return None
    try:
        symbol = _symbol(code)
    except cells.RefusedCell:
        symbol = None
    if symbol is None:
        raise WrongFile(
            expected="a securities code such as 7974 or 130A with the file (--code)",
            found="“%(code)s”",
            code=shown(code),
        )
    return symbol


def refuse_empty(reading: Reading, rows: int) -> NoReturn:
    """Raise WrongFile: no row holds prices, or none of those that do can be taken."""
    if not reading.bad_rows:
        raise WrongFile(expected="a file with prices of at least one day", found="none")
    wrong = WrongFile(
        expected="a list of which at least half the rows can be taken",
        found="one of which %(refused)s of %(rows)s are refused",
        refused=f"{len(reading.bad_rows):,}",
        rows=f"{rows:,}",
    )
    wrong.bad_rows = tuple(reading.bad_rows)
    raise wrong


def _take(record: Record, columns: Columns, reading: Reading) -> None:
    try:
        day = day_of(record, columns, reading)
        if day is not None:
            _keep(day, len(reading.sheet.issues), reading)
    except RefusedRow as refusal:
        reading.bad_rows.append(refusal.at(record.line, refusal.record))


def day_of(record: Record, columns: Columns, reading: Reading) -> DayPrice | None:
    """The day of one issue; None where it is another class of share, which is counted. Raises RefusedRow, WrongFile."""
    row = cells.Row(reading.sheet.headings, record.fitted(len(reading.sheet.headings)))
    code = _code(row, columns, reading)
    if code is None:
        reading.left_out[OTHER_CLASS] += 1
        return None
    reading.named.add(code)
    try:
        return _day_price(record.line, code, _Cells(row, columns), reading)
    except RefusedRow as refusal:
        refusal.record = code
        raise


def is_blank(day: DayPrice) -> bool:
    """Whether nothing is given of a day; beside other issues it was perhaps not even a day of this one."""
    return all(getattr(day, name) is None for name in PRICES) and not day.volume


def other_prices(code: str | None = None) -> RefusedRow:
    """The refusal of a row that says otherwise than an earlier one of its day."""
    return RefusedRow(None, None, "An earlier row of the file has other prices of the same day.", record=code)


def _keep(day: DayPrice, issues: int, reading: Reading) -> None:
    """Keep a day once; one of which nothing is given only where the file is of one issue."""
    known = reading.days.setdefault((day.ticker_symbol, day.traded_on), day)
    if known is not day and known.figures != day.figures:
        raise other_prices(day.ticker_symbol)
    if known is not day:
        reading.left_out[REPEATED] += 1
    elif issues > 1 and is_blank(day):
        del reading.days[day.ticker_symbol, day.traded_on]
        reading.left_out[NOTHING] += 1


@dataclass(frozen=True, slots=True)
class _Cells:
    """The cells of one issue's day, by our fields."""

    row: cells.Row
    columns: Columns

    def text(self, name: str) -> str:
        place = self.columns.places.get(name)
        return "" if place is None else self.row.cells[place]

    def refuse(self, name: str, why: cells.RefusedCell) -> RefusedRow:
        """The refusal of the row for what is in this cell."""
        place = self.columns.places.get(name)
        column = None if place is None else shown(self.row.headings[place].strip())
        return RefusedRow(column, shown(self.text(name)), str(why))

    def number(self, name: str) -> Decimal | None:
        """A number of yen or shares; raises RefusedRow where the cell is neither one nor blank."""
        value = cells.folded(self.text(name)).removeprefix("¥").removesuffix("円").strip()
        if value.lower() in BLANKS:
            return None
        if not NUMBER.fullmatch(value):
            raise self.refuse(name, cells.RefusedCell("This is not a number."))
        return Decimal(value.replace(",", ""))

    def price(self, name: str) -> Decimal | None:
        """A price to the four places that are stored."""
        number = self.number(name)
        return None if number is None else number.quantize(STORED_PLACES, ROUND_HALF_UP)

    def whole(self, name: str) -> int | None:
        number = self.number(name)
        if number is not None and number != number.to_integral_value():
            raise self.refuse(name, cells.RefusedCell("This is not a whole number."))
        return None if number is None else int(number)


def _day_price(line: int, code: str, day: _Cells, reading: Reading) -> DayPrice:
    traded_on = _traded_on(day, reading.until)
    prices = {name: day.price(name) for name in PRICES}
    volume = day.whole("volume")
    if volume is None and not any(price is not None for price in prices.values()):
        volume = 0
    turnover = day.whole("turnover")
    return DayPrice(
        line=line,
        ticker_symbol=code,
        traded_on=traded_on,
        **prices,
        volume=volume,
        turnover=None if turnover is None else Decimal(turnover),
        adjusted_close=day.price("adjusted_close"),
    )


def _traded_on(day: _Cells, until: date) -> date:
    try:
        traded_on = cells.calendar_date(MIDNIGHT.sub("", day.text("traded_on").strip()))
    except cells.RefusedCell as refusal:
        raise day.refuse("traded_on", refusal) from None
    if traded_on > until:
        raise day.refuse("traded_on", cells.RefusedCell("The day is still to come."))
    return traded_on


def _code(row: cells.Row, columns: Columns, reading: Reading) -> str | None:
    """Whose day it is; None where it is another class of share than common stock. Raises RefusedRow, WrongFile."""
    day = _Cells(row, columns)
    own = day.text("code") if columns.code is None else columns.code
    if not own.strip():
        if reading.code is None and "code" in columns.places:
            raise day.refuse("code", cells.RefusedCell("The value is missing."))
        if reading.code is None:
            raise WrongFile(
                expected="a column with the securities code, or the code given with the file (--code)",
                found="neither",
            )
        return reading.code
    try:
        code = _symbol(own)
    except cells.RefusedCell as refusal:
        raise day.refuse("code", refusal) from None
    if code is not None and reading.code not in (None, code):
        raise WrongFile(
            expected="prices of %(code)s, the code given with the file",
            found="those of %(other)s",
            code=reading.code,
            other=code,
        )
    return code


def _symbol(raw: str) -> str | None:
    """The four characters out of 7203, 72030 or 7203.T; None for another class of share (25935)."""
    value = (cells.code(raw) or "").removesuffix(".T")
    symbol, class_of_share = value[:4], value[4:]
    if company.TICKER_SYMBOL.broken_by(symbol) or not CLASS_OF_SHARE.fullmatch(class_of_share):
        raise cells.RefusedCell("This is not a securities code.")
    return symbol if class_of_share in ("", "0") else None
