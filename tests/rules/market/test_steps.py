"""The steps of the exchange's limits, the usual splits, and the days on which it and the authorities rest."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from webapp.rules.disclosure import business_days, deadlines
from webapp.rules.disclosure.expected_fields import LAYOUTS, OF_A_GROUP
from webapp.rules.market import price_moves, sessions
from webapp.rules.market.price_moves import Day

# 東京証券取引所 制限値幅: below which price by how many yen; above 50 million by 10 million.
STEPS = (
    (100, 30), (200, 50), (500, 80), (700, 100), (1_000, 150), (1_500, 300), (2_000, 400), (3_000, 500),
    (5_000, 700), (7_000, 1_000), (10_000, 1_500), (15_000, 3_000), (20_000, 4_000), (30_000, 5_000),
    (50_000, 7_000), (70_000, 10_000), (100_000, 15_000), (150_000, 30_000), (200_000, 40_000), (300_000, 50_000),
    (500_000, 70_000), (700_000, 100_000), (1_000_000, 150_000), (1_500_000, 300_000), (2_000_000, 400_000),
    (3_000_000, 500_000), (5_000_000, 700_000), (7_000_000, 1_000_000), (10_000_000, 1_500_000),
    (15_000_000, 3_000_000), (20_000_000, 4_000_000), (30_000_000, 5_000_000), (50_000_000, 7_000_000),
)  # fmt: skip


def test_below_each_step_a_price_moves_by_its_yen_and_at_it_by_those_of_the_next() -> None:
    following = [yen for _below, yen in STEPS[1:]] + [10_000_000]
    for (below, yen), more in zip(STEPS, following, strict=True):
        least = Decimal("0.1")
        assert (price_moves.limit(below - least), price_moves.limit(Decimal(below))) == (yen, more)


def remarked(before: str, after: str) -> list[str | None]:
    days = [
        Day(date(2025, 6, 2) + timedelta(days=number), Decimal(close), Decimal(close), Decimal(close), 1)
        for number, close in enumerate((before, after))
    ]
    return [found.rule for _day, found in price_moves.remarks(days, {})]


@pytest.mark.parametrize(
    "split", ["1.5", "2", "2.5", "3", "4", "5", "6", "8", "10", "15", "20", "25", "50", "100"]
)
def test_a_price_near_to_a_split_of_the_last_one_asks_for_it(split: str) -> None:
    whole, part = Decimal(split) * 10_000, Decimal(10_000)
    assert remarked(str(whole), str(part)) == [price_moves.SPLIT]
    assert remarked(str(part), str(whole)) == [price_moves.SPLIT]


@pytest.mark.parametrize(
    ("close", "rule"),
    [("11199", "PRICE_SPLIT"), ("8929", "PRICE_SPLIT"), ("8928", "PRICE_LIMIT"), ("690", "PRICE_LIMIT")],
)
def test_near_is_within_twelve_percent(close: str, rule: str) -> None:
    # One into a hundred is the largest that is usual.
    assert remarked("1000000", close) == [rule]
    assert remarked("1120000", "10000") == ["PRICE_SPLIT"]


@pytest.mark.parametrize(("month", "day"), [(12, 31), (1, 1), (1, 2), (1, 3)])
def test_the_exchange_rests_around_new_year_whatever_the_year(month: int, day: int) -> None:
    assert sessions.is_always_closed(date(2041, month, day))


@pytest.mark.parametrize(
    ("day", "is_closed"),
    [
        (date(2041, 1, 4), False),  # a Friday
        (date(2040, 12, 28), False),
        (date(2041, 1, 5), True),
        (date(2041, 1, 6), True),
        (date(1989, 1, 28), False),  # Saturdays are off since February 1989
        (date(1989, 2, 4), True),
        (date(1989, 1, 29), True),
    ],
)
def test_the_exchange_rests_on_sundays_and_since_1989_on_saturdays(day: date, is_closed: bool) -> None:
    assert sessions.is_always_closed(day) is is_closed


@pytest.mark.parametrize(("month", "day"), [(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)])
def test_authorities_rest_six_days_around_new_year(month: int, day: int) -> None:
    # In years of which no sessions are known, and on whichever weekday.
    assert not any(business_days.is_business_day(date(year, month, day)) for year in range(2040, 2047))


def test_authorities_are_open_before_and_after_them() -> None:
    assert business_days.is_business_day(date(2040, 12, 28))
    assert business_days.is_business_day(date(2041, 1, 4))


@pytest.mark.parametrize(
    ("year_start", "periods"),
    [
        # 平成18年法律第65号 附則第15条, 令和5年法律第79号 附則第2条.
        (date(2008, 3, 1), ["HY", "FY"]),
        (date(2008, 4, 1), ["Q1", "Q2", "Q3", "FY"]),
        (date(2023, 4, 1), ["Q1", "Q2", "Q3", "FY"]),
        (date(2023, 7, 1), ["Q1", "Q2", "Q3", "FY"]),
        (date(2023, 10, 1), ["Q1", "Q2", "FY"]),
        (date(2024, 1, 1), ["Q1", "HY", "FY"]),
        (date(2024, 4, 1), ["HY", "FY"]),
    ],
)
def test_quarters_that_began_from_april_2008_until_march_2024_have_their_reports(
    year_start: date, periods: list[str]
) -> None:
    last = year_start - timedelta(days=1)
    end = deadlines.year_end(year_start.year + (last.year == year_start.year), last.month, 31)
    owed = deadlines.owed(end.month, 31, deadlines.LISTED, year_start, end + timedelta(days=200))
    assert [one.period_type for one in owed if one.fiscal_year_end_on == end] == periods


@pytest.mark.parametrize(
    ("end", "periods"),
    [(date(2009, 3, 30), ["HY", "FY"]), (date(2024, 12, 30), ["Q1", "Q2", "FY"])],
)
def test_what_begins_a_day_before_the_law_changes_is_under_the_older_one(
    end: date, periods: list[str]
) -> None:
    owed = deadlines.owed(
        end.month, 30, deadlines.LISTED, end - timedelta(days=364), end + timedelta(days=200)
    )
    assert [one.period_type for one in owed if one.fiscal_year_end_on == end] == periods


def test_months_from_a_last_day_of_a_month_end_before_that_day_of_another() -> None:
    assert deadlines.months_after(date(2025, 3, 30), 2) == date(2025, 5, 30)
    assert deadlines.months_after(date(2025, 3, 30), 3) == date(2025, 6, 30)


def test_a_group_owes_what_it_alone_has_beside_what_each_company_owes() -> None:
    for layout in LAYOUTS.values():
        assert set(layout.of_scope("consolidated")) - set(layout.of_scope("non_consolidated")) == set(
            OF_A_GROUP
        )


def test_what_falls_due_on_the_first_or_the_last_day_asked_for_is_told() -> None:
    due = date(2025, 6, 30)
    (one,) = deadlines.owed(3, 31, deadlines.UNLISTED, due, due)
    assert (one.period_type, one.due_on) == ("FY", due)
