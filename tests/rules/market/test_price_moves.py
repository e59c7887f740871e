"""What is odd about a day's prices beside those before it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.files.conftest import BESIDE_THE_REPOSITORY
from webapp.files.market import prices
from webapp.rules.market import price_moves
from webapp.rules.market.price_moves import Day

MONDAY = date(2025, 6, 2)


def day(number: int, close: str | None, volume: int | None = 100, **more: str) -> Day:
    """The day so many days after a Monday."""
    price = None if close is None else Decimal(close)
    high, low = (Decimal(more[name]) if name in more else price for name in ("high", "low"))
    return Day(MONDAY + timedelta(days=number), high, low, price, volume)


def said(*days: Day, factors: dict[date, Decimal] | None = None) -> list[tuple[str | None, str]]:
    return [(finding.rule, str(finding)) for _day, finding in price_moves.remarks(days, factors or {})]


def test_the_limits_are_the_34_steps_of_the_exchange() -> None:
    assert len(price_moves.STEPS) + 1 == 34
    for base, yen in (
        ("1", 30), ("99.9", 30), ("100", 50), ("199", 50), ("200", 80), ("999", 150), ("1000", 300), ("9999", 1500),
        ("10000", 3000), ("14999", 3000), ("15000", 4000), ("99999", 15000), ("100000", 30000), ("999999", 150000),
        ("1000000", 300000), ("49999999", 7000000), ("50000000", 10000000), ("90000000", 10000000),
    ):  # fmt: skip
        assert price_moves.limit(Decimal(base)) == yen, base


def test_a_move_within_the_limit_is_nothing_to_look_at() -> None:
    assert said(day(0, "1000"), day(1, "1300", low="700")) == []


@pytest.mark.parametrize("more", [{"high": "1300.1"}, {"low": "699.9"}])
def test_a_move_beyond_the_limit_is_remarked_on_and_refuses_nothing(more: dict[str, str]) -> None:
    (found,) = price_moves.remarks([day(0, "1000"), day(1, "1100", **more)], {})
    assert found[0] == date(2025, 6, 3)
    assert found[1].is_blocking is False
    assert str(found[1]) == "has moved by more than the limit of ±300 from the last close, 1,000"


def test_a_day_without_a_trade_is_passed_over() -> None:
    assert said(day(0, "1000"), day(1, None, 0), day(2, "1290")) == []
    assert said(day(0, None, 0), day(1, "1000")) == []


@pytest.mark.parametrize(
    ("close", "split"), [("205", "÷5"), ("100", "÷10"), ("670", "÷1.5"), ("9900", "×10")]
)
def test_a_price_that_a_split_would_have_made_asks_for_its_corporate_action(close: str, split: str) -> None:
    ((rule, text),) = said(day(0, "1000"), day(1, close))
    assert (rule, split in text) == (price_moves.SPLIT, True)


def test_a_corporate_action_explains_the_price_of_its_ex_date_and_no_more() -> None:
    fifth = {date(2025, 6, 3): Decimal("0.2")}
    assert said(day(0, "1000"), day(1, "205"), factors=fifth) == []
    assert said(day(0, "1000"), day(1, None, 0), day(2, "205"), factors=fifth) == []
    ((rule, _text),) = said(day(0, "1000"), day(1, "400"), factors=fifth)
    assert rule == price_moves.LIMIT


def test_sessions_without_a_row_are_counted_and_days_off_are_not() -> None:
    assert said(day(4, "1000"), day(7, "1000")) == []
    ((rule, text),) = said(day(0, "1000"), day(3, "1000"))
    assert rule == price_moves.MISSING
    assert text == "the sessions before this day have no row: 2 from 2025-06-03 on"


def test_twenty_days_without_a_trade_are_stale_once() -> None:
    days = [d for d in (day(number, "500", 0) for number in range(60)) if d.traded_on.weekday() < 5]
    assert [rule for rule, _text in said(*days)] == [price_moves.STALE]
    assert said(*days[:20]) == []
    ((stale_on, found),) = price_moves.remarks(days, {})
    assert (stale_on, found.params) == (days[20].traded_on, {"days": 20})
    traded = [*days[:15], day(days[15].traded_on.toordinal() - MONDAY.toordinal(), "500", 1), *days[16:30]]
    assert said(*traded) == []


def test_days_without_any_price_are_stale_from_the_very_first_on() -> None:
    days = [d for d in (day(number, None, None) for number in range(32)) if d.traded_on.weekday() < 5]
    assert [stale_on for stale_on, _found in price_moves.remarks(days, {})] == [days[19].traded_on]


def test_a_corporate_action_of_the_last_day_itself_is_in_its_close() -> None:
    assert said(day(0, "1000"), day(1, "1000"), factors={MONDAY: Decimal("0.2")}) == []


def test_what_is_odd_about_prices_refuses_none() -> None:
    stale = [day(number, "500", 0) for number in range(25)]
    odd = [*price_moves.remarks([day(0, "1000"), day(3, "205")], {}), *price_moves.remarks(stale, {})]
    assert {found.rule for _day, found in odd} == {price_moves.SPLIT, price_moves.MISSING, price_moves.STALE}
    assert [found for _day, found in odd if found.is_blocking] == []


@pytest.mark.real_data
def test_ten_real_years_break_the_limit_on_the_ex_date_of_their_one_split() -> None:
    name = "broker_ja_unadjusted_7203.cp932.csv"
    path = BESIDE_THE_REPOSITORY / "prices" / name
    if not path.exists():
        pytest.skip(f"needs the file {name} (STOCKCODE_REAL_DATA)")
    rows = sorted(prices.read(path.read_bytes(), name, "7203").rows, key=lambda row: row.traded_on)
    days = [Day(row.traded_on, row.high, row.low, row.close, row.volume) for row in rows]
    ((split_on, found),) = price_moves.remarks(days, {})
    assert (split_on, found.rule) == (date(2021, 9, 29), price_moves.SPLIT)
    assert list(price_moves.remarks(days, {split_on: Decimal("0.2")})) == []
