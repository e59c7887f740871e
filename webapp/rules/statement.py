"""What makes a financial statement acceptable."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Any

from webapp.rules import calendar
from webapp.rules.accounting import catalogue
from webapp.rules.accounting.amounts import ROUNDING_UNITS
from webapp.rules.fields import Between, OneOf, Pattern, digits
from webapp.rules.findings import Finding

MONEY = digits(20, 0)
MONEY_NOT_NEGATIVE = digits(20, 0, low=0)
MONEY_NOT_POSITIVE = digits(20, 0, high=0)
PER_SHARE = digits(18, 4)
RATIO = digits(18, 8)
COUNT = Between(0, 2**53)

DOC_ID = Pattern("S[0-9A-Z]{7}", "an EDINET document id: S and seven characters, such as S100TVD7")
PERIOD_TYPE = OneOf(("FY", "Q1", "Q2", "Q3", "Q4", "HY"))
SCOPE = OneOf(("consolidated", "non_consolidated"))
ACCOUNTING_STANDARD = OneOf(("JGAAP", "IFRS", "USGAAP", "JMIS", "FOREIGN"))
CURRENCY = Pattern("[A-Z]{3}", "an ISO 4217 code such as JPY")
# ORG as first filed, COR 訂正報告, RES 修正再表示, CLA 表示組替, DIS 非継続事業の組替, SPL 株式分割の遡及修正,
# STD 会計基準の変更, STEWARD our correction.
REVISION_TYPE = OneOf(("ORG", "COR", "RES", "CLA", "DIS", "SPL", "STD", "STEWARD"))
REVISION_NO = Between(0, 999)
MAPPING_VERSION = Between(1, 9999)

# A half-year is called Q2 by those who report quarters and HY by the others: the same six months.
SAME_MONTHS = {"Q2": "HY"}


class RoundingUnit:
    """1, 1,000 or 1,000,000."""

    def broken_by(self, value: Any) -> Any:
        return OneOf(tuple(map(str, ROUNDING_UNITS))).broken_by(str(value))

    def as_sql(self, column: str) -> str | None:
        return f"{column} IN ({', '.join(map(str, ROUNDING_UNITS))})"

    def hint(self) -> None:
        return None


ROUNDING_UNIT = RoundingUnit()

YEAR_ENDS_EARLY = Finding("fiscal_year_end_on", "must not be before the start of the fiscal year")
PERIOD_ENDS_EARLY = Finding("period_end_on", "must not be before the start of the period")
STARTS_OUTSIDE, ENDS_OUTSIDE = (
    Finding(name, "must lie in the fiscal year") for name in ("period_start_on", "period_end_on")
)
# What `check` blocks, as SQL: a hundred thousand statements are held against it at once.
SOUND = {
    "fiscal_year_start_on <= fiscal_year_end_on": YEAR_ENDS_EARLY,
    "period_start_on <= period_end_on": PERIOD_ENDS_EARLY,
    "period_start_on >= fiscal_year_start_on": STARTS_OUTSIDE,
    "period_end_on <= fiscal_year_end_on": ENDS_OUTSIDE,
}


def derive(row: Mapping[str, Any]) -> dict[str, Any]:
    """The instant of a day on which something was announced: the one that is known of it, else its end.

    What was announced on a day is known when it ends, and comes after what was submitted on it.
    """
    if "announced_on" not in row:
        return {}
    day, instant = row["announced_on"], row.get("announced_at")
    if day is None or (instant is not None and instant.astimezone(calendar.JST).date() == day):
        return {"announced_at": instant if day is not None else None}
    return {"announced_at": end_of(day)}


def end_of(day: date) -> datetime:
    """The last second of a day in Japan."""
    return datetime.combine(day, time(23, 59, 59), calendar.JST)


def check(row: Mapping[str, Any]) -> Iterator[Finding]:
    """What is wrong between the dates, and between the figures, of one statement."""
    yield from _dates(row)
    yield from catalogue.check_row(row)


def _dates(row: Mapping[str, Any]) -> Iterator[Finding]:
    year_start, year_end = row.get("fiscal_year_start_on"), row.get("fiscal_year_end_on")
    start, end = row.get("period_start_on"), row.get("period_end_on")
    if year_start and year_end and year_start > year_end:
        yield YEAR_ENDS_EARLY
    if start and end and start > end:
        yield PERIOD_ENDS_EARLY
    if year_start and start and start < year_start:
        yield STARTS_OUTSIDE
    if year_end and end and end > year_end:
        yield ENDS_OUTSIDE
