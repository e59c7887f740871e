"""Fiscal years and periods: their lengths, where they begin and end, and what only grows within a year."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from webapp.rules.accounting.catalogue import check
from webapp.rules.expressions import EARLIER, NOW, PREVIOUS

YEAR = {
    "fiscal_year_start_on": date(2024, 4, 1),
    "fiscal_year_end_on": date(2025, 3, 31),
    "period_start_on": date(2024, 4, 1),
    "period_end_on": date(2025, 3, 31),
    "period_type": "FY",
}


def broken(changed: dict[str, Any], **beside: dict[str, Any]) -> list[str | None]:
    return [finding.rule for finding in check({NOW: YEAR | changed, **beside})]


def ending(day: date) -> dict[str, Any]:
    return {"fiscal_year_end_on": day, "period_end_on": day}


@pytest.mark.parametrize(
    ("days", "rules"), [(349, ["D-year"]), (350, []), (365, []), (380, []), (381, ["D-year"])]
)
def test_a_fiscal_year_of_another_length_than_a_year_is_asked_about(days: int, rules: list[str]) -> None:
    assert broken(ending(date(2024, 4, 1) + timedelta(days=days - 1))) == rules


@pytest.mark.parametrize(
    ("last_day", "rules"),
    [
        (date(2024, 3, 31), []),
        (date(2024, 3, 30), ["D-gap"]),
        (date(2024, 4, 1), ["D-overlap"]),
        (date(2023, 3, 31), []),  # a year is missing between them
        (date(2023, 6, 5), ["D-gap"]),  # 300 days
        (date(2023, 6, 4), []),
    ],
)
def test_fiscal_years_follow_each_other_without_gap_and_overlap(last_day: date, rules: list[str]) -> None:
    assert broken({}, **{PREVIOUS: {"fiscal_year_end_on": last_day}}) == rules


@pytest.mark.parametrize(
    ("changed", "rules"),
    [
        ({"period_start_on": date(2024, 10, 1)}, ["D-start"]),
        ({"period_end_on": date(2025, 3, 30)}, ["D-end"]),
        ({"period_type": "Q1", "period_end_on": date(2024, 6, 30)}, []),
        ({"period_type": "Q1", "period_end_on": date(2024, 9, 30)}, ["D-Q1"]),
        ({"period_type": "HY", "period_end_on": date(2024, 9, 30)}, []),
        ({"period_type": "Q2", "period_end_on": date(2024, 6, 30)}, ["D-HY"]),
        ({"period_type": "Q3", "period_end_on": date(2024, 12, 31)}, []),
        ({"period_type": "Q3", "period_end_on": date(2024, 9, 30)}, ["D-Q3"]),
        ({"fiscal_year_start_on": None, "period_start_on": None}, []),
    ],
)
def test_a_period_begins_with_its_year_and_is_as_long_as_its_kind(
    changed: dict[str, Any], rules: list[str]
) -> None:
    assert broken(changed) == rules


@pytest.mark.parametrize("field", ["revenue", "cost_of_revenue", "sga_expenses", "depreciation_amortization"])
def test_what_is_counted_from_the_start_of_the_year_does_not_fall(field: str) -> None:
    before = {EARLIER: {field: Decimal(100)}}
    assert broken({field: Decimal(99)}, **before) == ["M-rising"]
    assert broken({field: Decimal(100)}, **before) == []
    # A bad quarter takes profit away again.
    assert broken({"profit": Decimal(1)}, **{EARLIER: {"profit": Decimal(2)}}) == []


@pytest.mark.parametrize(
    ("kind", "rule", "least", "most"),
    [("Q1", "D-Q1", 80, 100), ("HY", "D-HY", 170, 195), ("Q2", "D-HY", 170, 195), ("Q3", "D-Q3", 260, 285)],
)
def test_a_part_of_a_year_may_be_some_days_shorter_or_longer(
    kind: str, rule: str, least: int, most: int
) -> None:
    def of_days(days: int) -> list[str | None]:
        last = YEAR["fiscal_year_start_on"] + timedelta(days=days - 1)  # type: ignore[operator]  # a day
        return broken({"period_type": kind, "period_end_on": last})

    assert (of_days(least - 1), of_days(least), of_days(most), of_days(most + 1)) == ([rule], [], [], [rule])
