"""Daily prices of brokers, yfinance and J-Quants, over the stored days of the companies that they name."""

from collections import Counter
from collections.abc import Collection, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, BinaryIO

from sqlalchemy import select

from webapp import db
from webapp.files.apart import calling
from webapp.files.market import price_layouts, price_stream, prices
from webapp.files.market.price_stream import SEVERAL, UNKNOWN, Head
from webapp.files.market.prices import PRICES, DayPrice
from webapp.files.rows import BadRow, MasterList
from webapp.files.scanning import Scan
from webapp.label import Label
from webapp.models.company import Company
from webapp.models.stock_price import StockPrice
from webapp.rules import change
from webapp.rules.company import LISTED
from webapp.rules.findings import Finding
from webapp.services.changes import row_codec
from webapp.services.changes.feeds.plan import FeedPlan
from webapp.services.changes.proposals import Wish
from webapp.services.changes.proposing import Stored
from webapp.services.changes.row_codec import Key
from webapp.services.companies import known_before
from webapp.services.intake.import_kind import FeedKind, ImportKind
from webapp.services.intake.market import price_findings, vendor_prices
from webapp.services.intake.merging import Merge

Row = Mapping[str, Any]

OTHER_BASIS, NO_TRADE = "other_split_basis", "no_trade_where_prices_are_stored"
SHOWN_CODES = 10


def stored_days(listing: MasterList[DayPrice]) -> Stored:
    """The stored days of the companies that the file names, from its first day to its last."""
    holders = _holders(listing.named)
    table = row_codec.table_of(StockPrice)
    first = min(day.traded_on for day in listing.rows)
    companies = [number for number in holders.values() if number is not None]
    of_file = table.c.company_id.in_(companies) & table.c.traded_on.between(first, listing.as_of_on)
    rows = db.session.execute(select(table).where(of_file)).mappings()
    of_rows = ({str(name): value for name, value in row.items()} for row in rows)
    return {row_codec.key_of(StockPrice, values): values for values in of_rows}


def merge(listing: MasterList[DayPrice], stored: Stored) -> Merge:
    """The file over the stored days, joined on the securities code; no company is made, and nothing is blanked.

    Vendors' adjusted prices are compared, never written: each dividend would rewrite a company's whole history. Days
    on which a vendor has divided by later splits what is stored as it was traded stay as they are.
    """
    merging = Merge()
    days = list(_of_companies(listing, merging))
    other_basis = vendor_prices.on_other_basis(days, stored, listing.source)
    for key, day in days:
        row = stored.get(key)
        if day.traded_on <= other_basis.get(key[0], date.min):
            merging.left_alone[OTHER_BASIS] += 1
        elif row is not None and day.close is None and row["close"] is not None:
            merging.left_alone[NO_TRADE] += 1
        else:
            merging.wishes.append(_wish_for(day, key, row, listing.source))
    merging.remarks += vendor_prices.remarks(days, stored, listing.source)
    taken = {wish.line for wish in merging.wishes}
    merging.remarks += price_findings.remarks((one for one in days if one[1].line in taken), stored)
    return merging


def _of_companies(listing: MasterList[DayPrice], merging: Merge) -> Iterable[tuple[Key, DayPrice]]:
    """The days of companies that are stored, with the key of each; the others are counted."""
    holders = _holders(listing.named)
    unknown: dict[str, None] = {}
    for day in listing.rows:
        company_id = holders.get(day.ticker_symbol)
        if company_id is not None:
            yield (company_id, day.traded_on), day
            continue
        reason = SEVERAL if day.ticker_symbol in holders else UNKNOWN
        merging.left_alone[reason] += 1
        unknown[day.ticker_symbol] = None
    _remark_on_unknown(unknown, merging)


def _remark_on_unknown(unknown: Collection[str], merging: Merge) -> None:
    if unknown:
        merging.remarks.append(
            Finding(
                None,
                "no one company has these securities codes, whose prices are left out: %(codes)s",
                {
                    "codes": ", ".join(list(unknown)[:SHOWN_CODES])
                    + (" …" if len(unknown) > SHOWN_CODES else "")
                },
                is_blocking=False,
            )
        )


@dataclass(slots=True)
class LongPrices:
    """The days of a long file, which is read apart, and what has been read of it so far."""

    parts: Generator[Any] = field(repr=False)
    head: Head
    total_rows: int = 0
    refused: int = 0
    last: date | None = None
    bad_rows: list[BadRow] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)

    @property
    def source(self) -> str:
        """Whose file it is."""
        return self.head.source

    @property
    def encoding(self) -> str:
        """How the file is written."""
        return self.head.encoding

    def rows(self, merging: Merge) -> Iterator[bytes]:
        """Lines of the days of companies that are stored, as COPY takes them; the others are counted."""
        for part in self.parts:
            if isinstance(part, bytes):
                yield part
                continue
            self.total_rows, self.refused, self.last = part.total_rows, part.refused, part.last
            self.bad_rows, self.left_out = list(part.bad_rows), Counter(part.left_out)
            merging.left_alone.update(part.left_alone)
            _remark_on_unknown(part.codes, merging)

    def refuse(self, bad: BadRow, rows: int = 1) -> None:
        """Count rows that cannot be taken, and keep the first of them."""
        self.refused += rows
        if len(self.bad_rows) < price_stream.MOST_TOLD:
            self.bad_rows.append(bad)

    def close(self) -> None:
        """Let the process end that reads."""
        self.parts.close()

    def require_some(self) -> None:
        """Whoever reads has looked."""


def open_feed(file: BinaryIO, scan: Scan, code: str | None, _asked: frozenset[str]) -> LongPrices:
    """The days of a long file up to today; raises WrongFile."""
    parts = calling.stream(price_stream.parts, file, scan, code, _holders(None))
    return LongPrices(parts, next(parts))


def plan(stream: LongPrices) -> FeedPlan:
    """What a long file of prices writes; vendors' adjusted prices are compared, and nothing is blanked."""
    return FeedPlan(
        model=StockPrice,
        key=("company_id", "traded_on"),
        figures=(*PRICES, "volume", "turnover"),
        compared=("adjusted_close",),
        constants={"data_source": stream.source},
        left={NO_TRADE: "f.close IS NULL AND t.close IS NOT NULL"},
    )


def look(plan: FeedPlan, stream: LongPrices, merging: Merge) -> int:
    """Leave days alone that are on another basis of splits, and remark on what the vendor has adjusted."""
    left = vendor_prices.leave_other_basis(plan, stream.source, OTHER_BASIS)
    if left:
        merging.left_alone[OTHER_BASIS] += left
    merging.remarks += vendor_prices.remarks_on_feed(plan, stream.source)
    return left


def _holders(codes: Collection[str] | None) -> dict[str, int | None]:
    """The company of each code, or of every code: the listed one, the only one, or the one that had it; else None."""
    named = select(Company.ticker_symbol, Company.id, Company.listing_status)
    asked = Company.ticker_symbol.is_not(None) if codes is None else Company.ticker_symbol.in_(list(codes))
    by_code: dict[str, list[tuple[int, bool]]] = {}
    for code, number, status in db.session.execute(named.where(asked)):
        by_code.setdefault(code or "", []).append((number, status == LISTED))
    former = known_before.by_code("ticker_symbol", codes)
    return former | {code: _only(companies) for code, companies in by_code.items()}


def _only(companies: list[tuple[int, bool]]) -> int | None:
    listed = [number for number, is_listed in companies if is_listed] or [number for number, _ in companies]
    return listed[0] if len(listed) == 1 else None


def _wish_for(day: DayPrice, key: Key, row: Row | None, source: str | None) -> Wish:
    """What the file says of a day; where it came from is news only where a figure is."""
    given = {name: getattr(day, name) for name in (*PRICES, "volume", "turnover")}
    values = {name: value for name, value in given.items() if value is not None}
    if row is None:
        values |= {"company_id": key[0], "traded_on": key[1], "data_source": source}
        return Wish(StockPrice, change.CREATE, values, line=day.line)
    if any(row[name] != value for name, value in values.items()):
        values["data_source"] = source
    return Wish(StockPrice, change.UPDATE, values, key, line=day.line)


KIND = ImportKind(
    name="prices",
    label=Label("株価", "Prices"),
    source="株価ファイル",
    model=StockPrice,
    recognises=price_layouts.is_begun_by,
    headings_at=price_layouts.headings_at,
    read=prices.read,
    merge=merge,
    stored=stored_days,
    is_list=False,
    takes_code=True,
    feed=FeedKind(
        reader="prices 1",
        open=open_feed,
        plan=plan,
        rows=LongPrices.rows,
        look=look,
        remarks=price_findings.remarks_on_feed,
        repeated=prices.REPEATED,
        otherwise=prices.other_prices,
    ),
    words={
        prices.OTHER_CLASS: Label("優先株式・種類株式", "preferred or class share"),
        prices.REPEATED: Label("同じ日の重複行", "the same day again"),
        prices.NOTHING: Label("値のない日", "days without values"),
        UNKNOWN: Label("登録のない証券コード", "unknown securities code"),
        SEVERAL: Label("複数の企業が持つ証券コード", "securities code of several companies"),
        OTHER_BASIS: Label("株式分割の調整基準が異なる日", "days on another basis of splits"),
        NO_TRADE: Label("値があるのに取引なしとされた日", "days without a trade where prices are stored"),
    },
)
