"""What lies between the dates and figures of a statement, a price or a filing."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from webapp.rules import calendar, filing, price, statement

YEAR = {
    "period_type": "FY",
    "fiscal_year_start_on": date(2024, 4, 1),
    "fiscal_year_end_on": date(2025, 3, 31),
    "period_start_on": date(2024, 4, 1),
    "period_end_on": date(2025, 3, 31),
    "rounding_unit": 1000000,
}
MILLION = Decimal(1000000)


def found(**values: Any) -> list[tuple[str | None, bool]]:
    return [(finding.field, finding.is_blocking) for finding in statement.check({**YEAR, **values})]


def test_a_sound_year_has_no_findings() -> None:
    assert found(total_assets=3 * MILLION, total_liabilities=MILLION, net_assets=2 * MILLION) == []


@pytest.mark.parametrize(
    ("values", "field", "is_blocking"),
    [
        ({"fiscal_year_end_on": date(2024, 3, 31), "period_end_on": None}, "fiscal_year_end_on", True),
        (
            {"fiscal_year_end_on": date(2025, 12, 31), "period_end_on": date(2025, 12, 31)},
            "fiscal_year_end_on",
            False,
        ),
        ({"period_start_on": date(2025, 4, 1), "period_end_on": date(2025, 3, 31)}, "period_end_on", True),
        ({"period_start_on": date(2024, 3, 31)}, "period_start_on", True),
        ({"period_end_on": date(2025, 4, 1)}, "period_end_on", True),
    ],
)
def test_dates_out_of_order_are_found(values: dict[str, Any], field: str, is_blocking: bool) -> None:
    assert (field, is_blocking) in found(**values)


def test_filers_truncate_so_two_parts_may_miss_by_two_units() -> None:
    parts = {"total_liabilities": MILLION, "net_assets": MILLION}
    assert found(total_assets=4 * MILLION, **parts) == []
    assert found(total_assets=5 * MILLION, **parts) == [("total_assets", False)]


def test_the_two_sides_of_a_balance_sheet_are_exactly_equal() -> None:
    assert found(total_assets=MILLION, liabilities_and_net_assets=2 * MILLION) == [("total_assets", False)]


def test_what_is_missing_is_not_compared() -> None:
    assert found(total_assets=MILLION, total_liabilities=None, net_assets=5 * MILLION) == []


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"open": 1}, None),
        ({"open": 5, "high": 4, "low": 3, "close": 4}, "high"),
        ({"open": 5, "high": 6, "low": 5, "close": 4}, "low"),
        ({"volume": 10}, "volume"),
    ],
)
def test_prices_that_contradict_each_other_are_found(values: dict[str, Any], field: str | None) -> None:
    assert [finding.field for finding in price.check(values)] == [field]


@pytest.mark.parametrize(
    "values", [{}, {"volume": 0}, {"open": 5, "high": 6, "low": 4, "close": 6, "volume": 1}]
)
def test_sound_prices_have_no_findings(values: dict[str, Any]) -> None:
    assert list(price.check(values)) == []


def test_a_filing_has_its_period_in_order_and_another_parent() -> None:
    row = {"doc_id": "S100TVD7", "parent_doc_id": "S100TVD7"}
    row |= {"period_start_on": date(2025, 4, 1), "period_end_on": date(2025, 3, 31)}  # type: ignore[dict-item]  # dates beside text
    assert [finding.field for finding in filing.check(row)] == ["period_end_on", "parent_doc_id"]
    assert list(filing.check({"doc_id": "S100TVD7"})) == []


def test_what_is_announced_on_a_day_alone_is_known_at_its_end() -> None:
    day = date(2025, 6, 27)
    end = datetime(2025, 6, 27, 23, 59, 59, tzinfo=calendar.JST)
    assert statement.derive({"announced_on": day}) == {"announced_at": end}
    submitted = datetime(2025, 6, 27, 6, 30, tzinfo=UTC)
    assert statement.derive({"announced_on": day, "announced_at": submitted}) == {"announced_at": submitted}
    later = {"announced_on": date(2025, 6, 28), "announced_at": submitted}
    assert statement.derive(later) == {"announced_at": end + timedelta(days=1)}
    assert statement.derive({"announced_on": None, "announced_at": submitted}) == {"announced_at": None}
