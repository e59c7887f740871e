"""The periods that indicators are of, derived from cumulative statements and never stored as such. Pure.

FY is an annual statement itself. TTM, the last twelve months, is the year before, and what this year has come to, less
what the year before had come to by then. QTR, three months, is what the year has come to less what it had come to a
quarter earlier. Balances are those of the last day. Twelve months that lack a part are missing; three months that lack
theirs are no period at all, and neither is a year cut short.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from webapp.indicators import dividends, single, splits
from webapp.rules.division import divide
from webapp.rules.expressions import EXACT

Row = Mapping[str, Any]
FY, TTM, QTR = "FY", "TTM", "QTR"
# Cumulative months by type: Q2 and, by a 半期報告書, HY are the same half year. 金融商品取引法 第24条の5.
MONTHS = {"Q1": 3, "Q2": 6, "HY": 6, "Q3": 9, "FY": 12}
# So many days about its months a period has; 351 to 380 days are a year.
A_MONTH, NEAR = Decimal("30.4375"), 15
A_QUARTER, A_YEAR = 3, 12
# Amounts of the months; all else is of the last day.
FLOWS = (
    "revenue", "gross_profit", "operating_income", "ordinary_income", "income_before_taxes", "income_taxes",
    "profit_attributable_to_owners", "interest_expense", "finance_costs", "depreciation_amortization",
    "operating_cash_flow", "investing_cash_flow", "capex_ppe", "dividends_paid",
)  # fmt: skip
# Of these, not disclosed means that there is none, in every part.
OR_ZERO = ("goodwill_amortization", "interest_and_dividend_income")
PER_SHARE, SHARE_MONTHS = "eps_basic", "average_shares"
# Of a year, and never of months.
DIVIDENDS = (dividends.ANNUAL, dividends.INTERIM)
# Where two documents speak of one day, the one announced last; then the one written last.
LATEST = date.min
STOCKS = (
    "total_assets", "current_assets", "cash_and_deposits", "receivables", "short_term_securities", "total_liabilities",
    "current_liabilities", "short_term_borrowings", "current_portion_long_term_borrowings", "long_term_borrowings",
    "bonds_payable", "current_portion_bonds", "commercial_papers", "lease_obligations_current",
    "lease_obligations_noncurrent", "equity_attributable_to_owners", "non_controlling_interests",
    "cash_and_equivalents_end", "bps", "shares_issued", "treasury_share_count",
)  # fmt: skip
FIGURES = (*FLOWS, *OR_ZERO, *STOCKS, PER_SHARE, SHARE_MONTHS, *DIVIDENDS)
# What of a statement's figures has to be read for them.
READ = (*FIGURES, *sorted(single.READ - {*FIGURES}))


def of(statements: Sequence[Row], actions: Sequence[Row]) -> Iterator[dict[str, Any]]:
    """The periods of a company's statements, with `basis`, `months`, `as_of_on`, `known_on`, `dps_of_year`, `dps_on`.

    `parts` of each are the statements that it is derived of: itself, the year, what the year before had come to.
    """
    current = [single.filled(row) for row in statements if row["is_current"] and row["period_type"] in MONTHS]
    for row in current:
        if row["period_type"] == FY:
            own = _period(row, FY, row["fiscal_year_end_on"])
            dividend = {dividends.OF_YEAR: dividends.of_year(row, actions), "dps_on": own["as_of_on"]}
            yield own | dividend | {"parts": (row,)}
    regular: dict[Any, list[Row]] = {}
    for row in current:
        if is_regular(row):
            regular.setdefault((row["scope"], row["accounting_standard"]), []).append(row)
    for same in regular.values():
        for now in _latest(row for row in same if row["period_type"] != FY):
            yield _trailing(now, same, actions)
        quarters = _quarters(same)
        for now in _latest(row for row in same if row["id"] in quarters):
            yield _quarter(now, quarters[now["id"]], actions)


def parts_of(period: Row, name: str) -> Sequence[tuple[int, Row]]:
    """The statements that a figure of a period is reckoned of, each added or taken away; those that there are."""
    now, year, before = (*period["parts"], None, None)[:3]
    if name in dividends.NAMES and period["basis"] == TTM:
        return [] if year is None else [(1, year)]
    if name in STOCKS or name not in FIGURES:
        return [(1, now)]
    return [(sign, part) for sign, part in ((1, year), (1, now), (-1, before)) if part is not None]


def months(row: Row) -> int:
    """How many months its figures are of, from the beginning of the fiscal year."""
    return MONTHS[row["period_type"]]


def known_on(row: Row) -> date:
    """The day as of which its figures per share are told: splits until then are in them."""
    day: date = row.get("announced_on") or row["period_end_on"]
    return day


def is_regular(row: Row) -> bool:
    """Whether it has as many days as its months."""
    return bool(abs(_days(row) - months(row) * A_MONTH) <= NEAR)


def lasted(row: Row) -> int:
    """How many months it was, also where that is no year: figures of two years that lasted otherwise do not compare."""
    return months(row) if is_regular(row) else round(_days(row) / A_MONTH)


def _days(row: Row) -> int:
    return int((row["period_end_on"] - row["fiscal_year_start_on"]).days) + 1


def _latest(rows: Iterable[Row]) -> Sequence[Row]:
    """Of the same day one: Q2 and HY are the same six months."""
    by_day: dict[date, Row] = {}
    for row in sorted(rows, key=_in_order):
        by_day[row["period_end_on"]] = row
    return list(by_day.values())


def _in_order(row: Row) -> tuple[date, int]:
    return row.get("announced_on") or LATEST, row["id"]


def _period(row: Row, basis: str, as_of_on: date) -> dict[str, Any]:
    return {
        **row,
        "basis": basis,
        "months": months(row),
        "lasted": lasted(row),
        "as_of_on": as_of_on,
        "known_on": known_on(row),
    }


def _trailing(now: Row, same: Sequence[Row], actions: Sequence[Row]) -> dict[str, Any]:
    ended_on = _day_before(now["fiscal_year_start_on"])
    year = _last_one(
        row for row in same if row["period_type"] == FY and row["fiscal_year_end_on"] == ended_on
    )
    before = None if year is None else _of_year(same, year["fiscal_year_start_on"], months(now))
    parts = ((1, year), (1, now), (-1, before))
    derived = _period(now, TTM, now["period_end_on"])
    derived |= _sums(parts, now, A_YEAR, actions) | _dividends_of(year, actions) | {"dps_on": ended_on}
    return derived | {"parts": (now, year, before)}


def _day_before(day: date) -> date:
    """The first day that there is has none before it: itself, on which no year has ended."""
    return day - timedelta(days=1) if day > date.min else day


def _quarters(same: Sequence[Row]) -> dict[int, Row | None]:
    """By its number each that ends a quarter, and what its year had come to before: nothing yet in the first one."""
    before = {row["id"]: _of_year(same, row["fiscal_year_start_on"], months(row) - A_QUARTER) for row in same}
    return {
        row["id"]: before[row["id"]]
        for row in same
        if months(row) == A_QUARTER or before[row["id"]] is not None
    }


def _quarter(now: Row, before: Row | None, actions: Sequence[Row]) -> dict[str, Any]:
    parts: tuple[tuple[int, Row | None], ...] = ((1, now),) if before is None else ((1, now), (-1, before))
    derived = _period(now, QTR, now["period_end_on"])
    derived |= _sums(parts, now, A_QUARTER, actions) | _dividends_of(None, actions)
    derived["dps_on"] = now["period_end_on"]
    return derived | {"parts": (now, None, before)}


def _dividends_of(year: Row | None, actions: Sequence[Row]) -> dict[str, Any]:
    """Those of the year, whatever has come after it."""
    if year is None:
        return dict.fromkeys((*DIVIDENDS, dividends.OF_YEAR))
    return {name: year.get(name) for name in DIVIDENDS} | {
        dividends.OF_YEAR: dividends.of_year(year, actions)
    }


def _of_year(same: Sequence[Row], start_on: date, of_months: int) -> Row | None:
    """What a fiscal year had come to after so many months."""
    return _last_one(
        row for row in same if months(row) == of_months and row["fiscal_year_start_on"] == start_on
    )


def _last_one(rows: Iterable[Row]) -> Row | None:
    return max(rows, key=_in_order, default=None)


def _sums(
    parts: Sequence[tuple[int, Row | None]], now: Row, of_months: int, actions: Sequence[Row]
) -> dict[str, Any]:
    """The parts added or taken away, each on the splits of the last one."""
    amounts: dict[str, Decimal | None] = {}
    for name in FLOWS:
        amounts[name] = _sum([(sign, _value(row, name)) for sign, row in parts])
    for name in OR_ZERO:
        held = [(sign, _value(row, name)) for sign, row in parts]
        is_known = any(value is not None for _sign, value in held)
        amounts[name] = _sum([(sign, value or Decimal(0)) for sign, value in held]) if is_known else None
    ratios = [splits.between(actions, known_on(row or now), known_on(now)) for _sign, row in parts]
    amounts[PER_SHARE] = _sum(
        [
            (sign, None if (eps := _value(row, PER_SHARE)) is None else divide(eps, ratio))
            for (sign, row), ratio in zip(parts, ratios, strict=True)
        ]
    )
    share_months = _sum(
        [
            (
                sign,
                (
                    None
                    if row is None or (count := _value(row, SHARE_MONTHS)) is None
                    else EXACT.multiply(EXACT.multiply(count, ratio), months(row))
                ),
            )
            for (sign, row), ratio in zip(parts, ratios, strict=True)
        ]
    )
    amounts[SHARE_MONTHS] = (
        None
        if share_months is None
        else divide(share_months, Decimal(of_months)).quantize(Decimal(1), ROUND_HALF_UP, EXACT)
    )
    return amounts


def _value(row: Row | None, name: str) -> Decimal | None:
    held = None if row is None else row.get(name)
    return None if held is None else Decimal(held)


def _sum(terms: Sequence[tuple[int, Decimal | None]]) -> Decimal | None:
    total = Decimal(0)
    for sign, value in terms:
        if value is None:
            return None
        total = EXACT.add(total, value) if sign > 0 else EXACT.subtract(total, value)
    return total
