"""Splits are among what an indicator is reckoned of where they lie between days that its figures are of."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.indicators.test_dividends import split, year
from tests.indicators.test_periods import statement
from webapp.indicators import splits_within
from webapp.indicators.assembling import Inputs, Place, assemble
from webapp.indicators.formulas import BY_NAME
from webapp.indicators.periods import FY, TTM

END = date(2023, 3, 31)


def within(name: str, place: tuple[date, str], inputs: Inputs) -> list[date]:
    """The days of effect of the splits in an indicator."""
    facts = assemble(inputs)[Place(*place, "consolidated", "JGAAP")]
    return [
        action["effective_on"] for action in splits_within.of(BY_NAME[name].inputs, facts, inputs.actions)
    ]


@pytest.mark.parametrize(
    ("name", "told", "days"),
    [
        # 630 yen before October, 123 after it: the sum is of no share there ever was.
        ("payout_ratio", {}, [date(2022, 10, 1)]),
        # The sum is told on the shares of the year's end already.
        ("payout_ratio", {"annual": "186"}, []),
        # Earnings are told on the shares of the day on which they are announced.
        ("payout_ratio", {"announced_on": date(2023, 5, 12)}, [date(2022, 10, 1), date(2023, 4, 1)]),
        # No dividend is known: nothing was reckoned of it.
        ("payout_ratio", {"annual": None, "announced_on": date(2023, 5, 12)}, []),
        ("equity_ratio", {}, []),
    ],
)
def test_of_a_dividend_those_between_its_halves_and_until_earnings_are_told(
    name: str, told: dict[str, Any], days: list[date]
) -> None:
    told = {"annual": "753", "eps_basic": Decimal("415.92")} | told
    row = year(told.pop("annual"), "630", **told)
    actions = [split(1, 2, date(2023, 4, 1)), split(1, 10, date(2022, 10, 1)), split(1, 5, date(2021, 10, 1))]
    assert within(name, (END, FY), Inputs([row], actions=actions)) == days


def test_of_a_price_those_between_its_day_and_that_of_the_shares() -> None:
    row = year(
        "90",
        "30",
        eps_basic=Decimal(100),
        announced_on=date(2023, 5, 12),
        shares_issued=10,
        treasury_share_count=0,
    )
    prices = [{"traded_on": date(2023, 3, 30), "close": Decimal(1000)}]
    # Ex before the year's end, in effect after it: the price is of other shares than those that are counted.
    late = split(1, 3, date(2023, 4, 1)) | {"ex_on": date(2023, 3, 30)}
    inputs = Inputs([row], prices=prices, actions=[late, split(1, 5, date(2021, 10, 1))])
    assert within("market_cap", (END, FY), inputs) == [date(2023, 4, 1)]
    assert within("per", (END, FY), inputs) == []
    assert within("dividend_yield", (END, FY), inputs) == [date(2023, 4, 1)]


def test_of_twelve_months_those_since_each_part_was_told() -> None:
    half = date(2023, 9, 30)
    rows = [
        statement(1, "FY", 2022, END, eps_basic=Decimal(100), announced_on=date(2023, 5, 12)),
        statement(2, "HY", 2022, date(2022, 9, 30), eps_basic=Decimal(40), announced_on=date(2022, 11, 11)),
        statement(3, "HY", 2023, half, eps_basic=Decimal(5), announced_on=date(2023, 11, 10)),
    ]
    actions = [split(1, 10, date(2023, 10, 1)), split(1, 2, date(2023, 1, 1)), split(1, 5, date(2024, 1, 1))]
    assert within("eps", (half, TTM), Inputs(rows, actions=actions)) == [date(2023, 1, 1), date(2023, 10, 1)]


def test_where_there_is_no_price_no_split_moved_it() -> None:
    assert within("per", (END, FY), Inputs([year("90", "30")], actions=[split(1, 3, END)])) == []
