"""Prices and counts of shares of two days, before and after shares were split or drawn together."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from webapp.indicators import splits

# Fujitsu, one share into ten: the price followed on 28 March 2024, the count of shares on 1 April.
FUJITSU: dict[str, Any] = {
    "kind": "split",
    "ratio_from": 1,
    "ratio_to": 10,
    "ex_on": date(2024, 3, 28),
    "effective_on": date(2024, 4, 1),
}
BEFORE, EX, BETWEEN, EFFECTIVE, AFTER = (
    date(2024, 3, 27), date(2024, 3, 28), date(2024, 3, 31), date(2024, 4, 1), date(2024, 4, 2),
)  # fmt: skip


@pytest.mark.parametrize(
    ("after", "until", "shares"),
    [
        (BEFORE, BETWEEN, 1),
        (BETWEEN, EFFECTIVE, 10),  # on the day itself it is done
        (EFFECTIVE, AFTER, 1),
        (BEFORE, AFTER, 10),
        (AFTER, BEFORE, 1),
    ],
)
def test_a_count_of_shares_follows_when_a_split_takes_effect(after: date, until: date, shares: int) -> None:
    assert splits.between([FUJITSU], after, until) == shares


@pytest.mark.parametrize(
    ("priced_on", "counted_on", "times"),
    [
        (BEFORE, BEFORE, "1"),
        (BEFORE, BETWEEN, "1"),
        (BEFORE, EFFECTIVE, "0.1"),  # an old price, of shares counted anew
        (BEFORE, AFTER, "0.1"),
        (EX, BEFORE, "10"),  # a new price, of shares as they were
        (BETWEEN, BETWEEN, "10"),
        (EX, EFFECTIVE, "1"),
        (AFTER, AFTER, "1"),
        (AFTER, BETWEEN, "10"),
    ],
)
def test_a_price_follows_on_the_ex_date_and_is_put_on_the_shares_that_it_is_compared_with(
    priced_on: date, counted_on: date, times: str
) -> None:
    assert splits.of_price([FUJITSU], priced_on, counted_on) == Decimal(times)


def test_where_only_the_ex_date_is_known_the_count_follows_then() -> None:
    action = FUJITSU | {"effective_on": None}
    assert splits.between([action], BEFORE, EX) == 10
    assert splits.of_price([action], EX, EX) == 1
    assert splits.of_price([action], BEFORE, EX) == Decimal("0.1")


def test_several_are_multiplied_and_drawing_together_divides() -> None:
    drawn = FUJITSU | {"kind": "reverse_split", "ratio_from": 2, "ratio_to": 1}
    third = FUJITSU | {"kind": "allotment", "ratio_from": 3, "ratio_to": 4}
    assert splits.between([FUJITSU, drawn], BEFORE, AFTER) == 5
    assert splits.between([third], BEFORE, AFTER) == Decimal("1.3333333333")
    assert splits.of_price([FUJITSU, drawn], BEFORE, AFTER) == Decimal("0.2")
    # To ten decimals, half away from zero.
    sixty = FUJITSU | {"ratio_from": 3, "ratio_to": 2}
    assert splits.between([sixty], BEFORE, AFTER) == Decimal("0.6666666667")


@pytest.mark.parametrize(
    "other", [{"kind": "merger"}, {"kind": "rights"}, {"kind": "spin_off"}, {"ratio_from": None}]
)
def test_what_leaves_some_shares_alone_moves_no_price(other: dict[str, Any]) -> None:
    assert splits.counting([FUJITSU | other]) == []
    assert splits.between([FUJITSU | other], BEFORE, AFTER) == 1
    assert splits.of_price([FUJITSU | other], BEFORE, AFTER) == 1
