"""The layouts in which vendors give daily prices, recognised by their columns and brought to the same fields."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from webapp.files import cells, delimited, encodings
from webapp.files.delimited import Record
from webapp.files.looking import Look
from webapp.files.rows import WrongFile

# More than a company's whole history, and than a day of every issue; larger files need another way in.
MAX_ROWS = 20_000
# Titles may stand above the headings, a few lines of them.
MOST_TITLES = 5
JQUANTS, YFINANCE, BROKER, PLAIN = "J-Quants", "yfinance", "証券会社CSV", "CSV"

# Our field -> what vendors call it, folded, in small letters, without blanks and underscores.
HEADINGS = {
    "traded_on": ("date", "日付", "年月日", "取引日", "tradedon"),
    "code": ("code", "コード", "証券コード", "銘柄コード", "ticker", "symbol"),
    "open": ("open", "o", "始値"),
    "high": ("high", "h", "高値"),
    "low": ("low", "l", "安値"),
    "close": ("close", "c", "終値"),
    "volume": ("volume", "vo", "出来高"),
    "turnover": ("turnovervalue", "va", "tradingvalue", "turnover", "売買代金"),
    "adjusted_close": ("adjclose", "adjustmentclose", "adjc", "adjustedclose", "調整後終値"),
}
FIELDS = {heading: field for field, headings in HEADINGS.items() for heading in headings}
# A unit behind a heading is that of the figures; one of thousands is another one, and its column is none that we know.
UNIT = re.compile(r"\((?:円|株)\)$")
JSON_NAME = re.compile(r'"(\w+)"\s*:')
NEEDED = ("traded_on", "open", "high", "low", "close", "volume")
# Columns that tell whose layout it is: J-Quants V1 and V2, yfinance's Ticker.history, a Japanese broker.
SIGNS = {
    "adjustmentfactor": JQUANTS,
    "adjfactor": JQUANTS,
    "adjclose": YFINANCE,
    "stocksplits": YFINANCE,
    "始値": BROKER,
}
# J-Quants' daily quotes, V1 and V2, under these names in JSON.
JSON_LISTS = ("daily_quotes", "data")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each field stands, by its place in a record; `code` is the issue's where it stands above its columns."""

    places: Mapping[str, int]
    code: str | None = None


@dataclass(frozen=True, slots=True)
class PriceSheet:
    """The records below the headings; several `issues` where they stand side by side on each line."""

    source: str
    encoding: str
    headings: Sequence[str]
    issues: Sequence[Columns]
    records: Sequence[Record]


def is_begun_by(look: Look) -> bool:
    """Whether a file begins as one of the layouts does: enough headings within its first lines, or quotes in JSON."""
    if look.entries:
        return False
    if look.text.lstrip().startswith(("{", "[")):
        # Cut off where the look ends, so it is not read as JSON yet.
        return {"traded_on", "close"} <= _known(JSON_NAME.findall(look.text))
    begin = look.records[:MOST_TITLES]
    # Between semicolons they are refused, by a sentence of our own.
    lines = (*begin, *map(delimited.between_semicolons, begin))
    return any(len(_known(cells)) >= len(NEEDED) - 1 for cells in lines)


def headings_at(records: Sequence[Sequence[str]]) -> int | None:
    """The last of the first records that are headings: yfinance writes three lines of them. JSON has none."""
    known = [place for place, cells in enumerate(records[:MOST_TITLES]) if len(_known(cells)) >= 2]
    if not known:
        return None
    is_of_several = any(_plain(cells[0]) in ("ticker", "symbols") for cells in records[:3] if cells)
    return 2 if is_of_several and len(records) > 2 else known[0]


def sheet(content: bytes) -> PriceSheet:
    """The prices of a CSV or JSON file in whatever known layout; raises WrongFile for anything else."""
    text, encoding = encodings.decode(content)
    is_json = text.lstrip().startswith(("{", "["))
    prices = _of_json(text, encoding) if is_json else of_records(delimited.records(text), encoding)
    _refuse_too_many(len(prices.records) * len(prices.issues))
    return prices


def _of_json(text: str, encoding: str) -> PriceSheet:
    """A list of objects, or the one that J-Quants wraps in an object; a record's line is its number in the list."""
    try:
        document = json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError):
        raise WrongFile(expected="prices as CSV or JSON", found="JSON that cannot be read") from None
    if isinstance(document, dict):
        document = next((document[name] for name in JSON_LISTS if name in document), None)
    if not isinstance(document, list) or not document or not isinstance(document[0], dict):
        raise WrongFile(
            expected="prices as J-Quants writes them: a list under daily_quotes or data", found="other JSON"
        )
    _refuse_too_many(len(document))
    quotes = QuoteSheet(document[0], encoding)
    records = [quotes.record(number, quote) for number, quote in enumerate(document, start=1)]
    return replace(quotes.sheet, records=records)


class QuoteSheet:
    """The layout of a list of JSON objects, told by its first one; raises WrongFile."""

    def __init__(self, first: Mapping[str, Any], encoding: str) -> None:
        headings = tuple(first)
        _refuse_dividends(headings)
        columns = _columns(headings)
        width = max(columns.places.values()) + 1
        known = {place: headings[place] for place in columns.places.values()}
        self._names = [known.get(place) for place in range(width)]
        self.sheet = PriceSheet(_source(headings), encoding, headings[:width], (columns,), ())

    def record(self, number: int, quote: Any) -> Record:
        """An object as a record; its line is its number in the list."""
        return delimited.record(number, [_json_cell(quote, name) for name in self._names])


def _json_cell(quote: Any, name: str | None) -> str:
    value = quote.get(name) if isinstance(quote, dict) and name is not None else None
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)


def of_records(records: Sequence[Record], encoding: str) -> PriceSheet:
    """The layout that the first records tell, and the records below its headings; raises WrongFile."""
    if _is_of_several_headings(records):
        return _of_three_headings(records, encoding)
    for place, record in enumerate(records[:MOST_TITLES]):
        if len(_known(record.cells)) >= 2:
            columns = _columns(record.cells)
            _refuse_dividends(record.cells)
            below = records[place + 1 :]
            return PriceSheet(_source(record.cells), encoding, record.cells, (columns,), below)
    delimited.refuse_semicolons(records[:MOST_TITLES], lambda cells: len(_known(cells)) >= 2)
    raise WrongFile(
        expected="prices with columns for date, open, high, low, close and volume", found="no heading line"
    )


def _is_of_several_headings(records: Sequence[Record]) -> bool:
    """Whether yfinance's download wrote it: lines for price, ticker and the word Date, in either order of the two."""
    begin = [_plain(record.cells[0]) for record in records[:3]]
    return (
        len(begin) == 3
        and begin[2] == "date"
        and bool({"ticker", "symbols"} & set(begin[:2]) or not begin[0])
    )


def _of_three_headings(records: Sequence[Record], encoding: str) -> PriceSheet:
    prices, tickers = records[0].cells, records[1].cells
    if _plain(prices[0]) == "ticker":
        prices, tickers = tickers, prices
    _refuse_dividends((*prices, "stocksplits"))
    headings = ("Date", *prices[1:])
    issues = [
        Columns(_columns(headings, (0, *places)).places, code)
        for code, places in _places_of_issues(tickers).items()
    ]
    return PriceSheet(YFINANCE, encoding, headings, issues, records[3:])


def _places_of_issues(tickers: Sequence[str]) -> Mapping[str, list[int]]:
    issues: dict[str, list[int]] = {}
    for place, ticker in enumerate(tickers[1:], start=1):
        issues.setdefault(ticker.strip(), []).append(place)
    return issues


def _columns(headings: Sequence[str], among: Sequence[int] | None = None) -> Columns:
    """Where the fields stand; raises WrongFile where one that is needed is missing, or stands there twice."""
    places: dict[str, int] = {}
    for place in range(len(headings)) if among is None else among:
        field = FIELDS.get(_plain(headings[place])) if place < len(headings) else None
        if field in places:
            raise WrongFile(
                expected="one column of each kind", found="two of “%(column)s”", column=HEADINGS[field][0]
            )
        if field is not None:
            places[field] = place
    missing = [HEADINGS[field][0] for field in NEEDED if field not in places]
    if missing:
        raise WrongFile(
            expected="prices with columns for date, open, high, low, close and volume",
            found="none for %(columns)s",
            columns=", ".join(missing),
        )
    return Columns(places)


def _refuse_dividends(headings: Sequence[str]) -> None:
    """yfinance adjusts for dividends unless it writes Adj Close too: such prices were never those of the day."""
    names = set(map(_plain, headings))
    if "stocksplits" in names and "adjclose" not in names:
        raise WrongFile(
            expected="prices as they were traded, beside which yfinance writes the column Adj Close",
            found="prices adjusted for dividends",
        )


def _refuse_too_many(rows: int) -> None:
    if rows > MAX_ROWS:
        raise WrongFile(expected="at most %(most)s rows", found="more", most=f"{MAX_ROWS:,}")


def _source(headings: Sequence[str]) -> str:
    return next((SIGNS[name] for name in map(_plain, headings) if name in SIGNS), PLAIN)


def _known(headings: Sequence[str]) -> set[str]:
    return {FIELDS[name] for name in map(_plain, headings) if name in FIELDS}


def _plain(heading: str) -> str:
    return UNIT.sub("", cells.folded(heading).lower().replace(" ", "").replace("_", ""))
