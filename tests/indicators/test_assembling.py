"""What a period stands beside: which year before it, which price and which count of shares, and on whose splits."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.indicators.test_periods import statement
from webapp.indicators.assembling import Inputs, Place, assemble
from webapp.indicators.indicator import COUNT, OLDER, PRICE
from webapp.rules.expressions import NOW, PRIOR, Facts

END = date(2025, 3, 31)
YEAR = statement(9, "FY", 2024, END, shares_issued=1000, treasury_share_count=10)


def of_year(*others: dict[str, Any], year: dict[str, Any] = YEAR, **rows: Any) -> Facts:
    """What the year to March 2025 is reckoned of."""
    place = Place(END, "FY", "consolidated", "JGAAP")
    return assemble(Inputs([year, *others], **rows))[place]


def days_before(days: int, number: int = 1, **changed: Any) -> dict[str, Any]:
    """An annual statement that ended so many days before."""
    end = END - timedelta(days=days)
    return statement(number, "FY", 2000, end) | {"fiscal_year_end_on": end} | changed


@pytest.mark.parametrize(
    ("days", "part"),
    [
        (349, None), (350, PRIOR), (365, PRIOR), (380, PRIOR), (381, None),
        (1079, None), (1080, OLDER), (1096, OLDER), (1110, OLDER), (1111, None),
    ],
)  # fmt: skip
def test_the_year_before_and_that_three_years_before_end_about_so_long_before(
    days: int, part: str | None
) -> None:
    beside = of_year(days_before(days))
    assert [name for name in (PRIOR, OLDER) if name in beside] == ([part] if part else [])


def test_of_two_years_before_the_later_one_counts() -> None:
    rows = [days_before(370, 1), days_before(352, 2), days_before(375, 3)]
    assert of_year(*rows)[PRIOR]["id"] == 2


@pytest.mark.parametrize(
    "changed", [{"scope": "non_consolidated"}, {"accounting_standard": "IFRS"}, {"is_current": False}]
)
def test_a_year_of_another_scope_or_standard_is_not_the_year_before(changed: dict[str, Any]) -> None:
    assert PRIOR not in of_year(days_before(365, **changed))


@pytest.mark.parametrize(("days", "is_used"), [(0, True), (21, True), (22, False), (-1, False)])
def test_a_close_of_up_to_three_weeks_before_is_the_price(days: int, is_used: bool) -> None:
    traded_on = END - timedelta(days=days)
    beside = of_year(prices=[{"traded_on": traded_on, "close": Decimal(40)}])
    assert (PRICE in beside) is is_used


def test_the_last_day_that_was_traded_gives_the_price() -> None:
    closes = {20: Decimal(38), 3: Decimal(40), 0: None, 10: Decimal(39)}
    prices = [{"traded_on": END - timedelta(days=days), "close": close} for days, close in closes.items()]
    assert of_year(prices=prices)[PRICE]["close"] == 40


@pytest.mark.parametrize(
    ("own", "days", "expected"),
    [
        ((1000, 10), 5, (END, 1000, 10)),
        ((1000, None), 5, (END - timedelta(days=5), 900, 9)),
        ((None, 10), 5, (END - timedelta(days=5), 900, 9)),
        ((None, None), 100, (END - timedelta(days=100), 900, 9)),
        ((1000, None), 101, (END, 1000, None)),
    ],
)
def test_shares_are_counted_as_the_statement_does_and_else_as_they_were_last(
    own: tuple[int | None, int | None], days: int, expected: tuple[date, int, int | None]
) -> None:
    counted = [{"as_of_on": END - timedelta(days=days), "issued": 900, "treasury": 9}]
    year = YEAR | dict(zip(("shares_issued", "treasury_share_count"), own, strict=True))
    count = of_year(year=year, shares=counted)[COUNT]
    assert (count["counted_on"], count["issued"], count["treasury"]) == expected


def test_a_close_is_put_on_the_shares_counted_earned_on_and_paid_on() -> None:
    """The year ends before a split takes effect, and its figures per share are told after."""
    year = YEAR | {"announced_on": date(2025, 5, 9), "dps_annual": 30}
    split = {"kind": "split", "ratio_from": 1, "ratio_to": 3}
    split |= {"ex_on": date(2025, 3, 28), "effective_on": date(2025, 4, 1)}
    prices = [{"traded_on": END, "close": Decimal(40)}]
    beside = of_year(year=year, prices=prices, actions=[split])
    assert beside[PRICE] == {
        "traded_on": END,
        "close": 40,
        "ratios": (3, 1, 3),
        "close_of_count": 120,
        "close_of_earnings": 40,
        "close_of_dividend": 120,
    }
    # The dividend is one of a share as it was; the earnings are told of a share as it is.
    assert beside[NOW]["dps_of_earnings"] == 10
    assert of_year(year=year | {"dps_annual": None})[NOW]["dps_of_earnings"] is None
