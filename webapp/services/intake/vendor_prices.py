"""What a vendor's prices are beside the stored ones: adjusted for splits, or otherwise than ours."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from webapp.files.price_layouts import BROKER, JQUANTS, YFINANCE
from webapp.files.prices import PRICES, DayPrice
from webapp.rules.findings import Finding
from webapp.services.changes.proposing import Stored
from webapp.services.changes.row_codec import Key

Row = Mapping[str, Any]
Days = Sequence[tuple[Key, DayPrice]]

# Whose four prices are those of the day, whatever was split later.
AS_TRADED = (JQUANTS, BROKER)
# The smallest split that is usual, 1 to 1.1, moves a price by more than this.
SPLIT = Decimal("0.08")
# Prices are rounded to a tenth of a yen; of one split all four are moved alike.
ALIKE = Decimal("0.005")
# A hundredth of a yen, to which vendors round what they adjust.
ADJUSTED_ALIKE = Decimal("0.01")


def on_other_basis(days: Days, stored: Stored, source: str | None) -> dict[int, date]:
    """By company, the last day on which all four prices are the same multiple of the stored ones.

    Such a file has divided what lies before a split by its ratio: all its earlier days are on another basis too. A
    source that gives prices as traded is believed against one that does not.
    """
    last: dict[int, date] = {}
    for key, day in days:
        row = stored.get(key)
        if row is None or (source in AS_TRADED and row["data_source"] not in AS_TRADED):
            continue
        if _is_multiple(day, row):
            last[key[0]] = max(last.get(key[0], date.min), day.traded_on)
    return last


def _is_multiple(day: DayPrice, row: Row) -> bool:
    pairs = [(row[name], getattr(day, name)) for name in PRICES]
    if not all(ours and theirs for ours, theirs in pairs):
        return False
    ratios: list[Decimal] = [ours / theirs for ours, theirs in pairs]
    return abs(ratios[-1] - 1) > SPLIT and max(ratios) - min(ratios) <= ALIKE * ratios[-1]


def remarks(days: Days, stored: Stored, source: str | None) -> Iterator[Finding]:
    """What is to be known of the file as a whole."""
    if days and source == YFINANCE:
        yield Finding(
            None, "yfinance divides prices by every later split: they are not those of the day", {}, False
        )
    for company_id, last in on_other_basis(days, stored, source).items():
        yield _of_basis(company_id, last, days)
    compared = [
        (ours, day.adjusted_close)
        for key, day in days
        if day.adjusted_close is not None and (ours := stored.get(key, {}).get("adjusted_close")) is not None
    ]
    differing = sum(abs(ours - theirs) > ADJUSTED_ALIKE for ours, theirs in compared)
    if differing:
        yield Finding(
            "adjusted_close",
            "the vendor's adjusted close is another than ours on %(days)s of %(compared)s days; ours stays",
            {"days": differing, "compared": len(compared)},
            is_blocking=False,
        )


def _of_basis(company_id: int, last: date, days: Days) -> Finding:
    code = next(day.ticker_symbol for key, day in days if key[0] == company_id)
    return Finding(
        None,
        "the prices of %(code)s until %(day)s are adjusted for a split otherwise than the stored ones, which stay",
        {"code": code, "day": last.isoformat()},
        is_blocking=False,
    )
