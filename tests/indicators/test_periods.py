"""Figures of periods: which are amounts of their months, and which statements each is reckoned of."""

from datetime import date
from decimal import Decimal
from typing import Any

from webapp.indicators import dividends, periods
from webapp.indicators.formulas import INDICATORS
from webapp.models import figures
from webapp.rules.expressions import NOW, PRIOR


def statement(number: int, kind: str, year: int, end: date, **values: Any) -> dict[str, Any]:
    own = {
        "id": number,
        "period_type": kind,
        "fiscal_year_start_on": date(year, 4, 1),
        "fiscal_year_end_on": date(year + 1, 3, 31),
        "period_end_on": end,
        "is_current": True,
        "scope": "consolidated",
        "accounting_standard": "JGAAP",
        "announced_on": None,
    }
    return own | values


YEAR = statement(1, "FY", 2023, date(2024, 3, 31), revenue=1000, average_shares=100, eps_basic=Decimal(10))
BEFORE = statement(2, "Q2", 2023, date(2023, 9, 30), revenue=400, average_shares=100, eps_basic=Decimal(4))
NOW_HALF = statement(3, "HY", 2024, date(2024, 9, 30), revenue=600, average_shares=190, eps_basic=Decimal(2))


def of(*rows: dict[str, Any], actions: Any = ()) -> dict[tuple[str, date], dict[str, Any]]:
    return {(one["basis"], one["as_of_on"]): one for one in periods.of(rows, actions)}


def test_every_figure_that_is_read_is_either_of_the_months_or_of_the_last_day() -> None:
    read = {
        f.name for one in INDICATORS for f in one.inputs if f.part in (NOW, PRIOR)
    } - dividends.ON_OTHER_SHARES
    assert read <= set(periods.FIGURES)
    flows = {*figures.IncomeStatement.__annotations__, *figures.CashFlows.__annotations__}
    assert {*periods.FLOWS, *periods.OR_ZERO} == flows & set(periods.FIGURES) - {"cash_and_equivalents_end"}


def test_twelve_months_weigh_shares_by_months_and_put_every_part_on_the_splits_of_the_last_one() -> None:
    split = {"kind": "split", "ratio_from": 1, "ratio_to": 2, "ex_on": date(2024, 7, 1), "effective_on": None}
    last = of(YEAR, BEFORE, NOW_HALF, actions=[split])["TTM", date(2024, 9, 30)]
    assert (last["revenue"], last["eps_basic"]) == (1200, Decimal(5))
    # 200 shares of today in twelve months, less 200 in six, and 190 in six.
    assert last["average_shares"] == 195


def test_a_figure_leads_to_its_parts() -> None:
    rows = of(YEAR, BEFORE, NOW_HALF)
    last, first = rows["TTM", date(2024, 9, 30)], rows["TTM", date(2023, 9, 30)]
    assert [(sign, part["id"]) for sign, part in periods.parts_of(last, "revenue")] == [
        (1, 1),
        (1, 3),
        (-1, 2),
    ]
    assert [part["id"] for _sign, part in periods.parts_of(last, "total_assets")] == [3]
    assert [part["id"] for _sign, part in periods.parts_of(last, "dps_annual")] == [1]
    assert [part["id"] for _sign, part in periods.parts_of(last, "dps_of_earnings")] == [1]
    assert periods.parts_of(first, "dps_annual") == []
    assert [part["id"] for _sign, part in periods.parts_of(rows["FY", date(2024, 3, 31)], "revenue")] == [1]
    assert first["revenue"] is None


def test_of_two_reports_of_one_day_the_one_announced_last_counts() -> None:
    later = NOW_HALF | {"id": 4, "period_type": "Q2", "revenue": 700, "announced_on": date(2024, 11, 1)}
    assert of(YEAR, BEFORE, later, NOW_HALF)["TTM", date(2024, 9, 30)]["revenue"] == 1300


def test_a_year_cut_short_has_neither_twelve_months_nor_quarters() -> None:
    short = YEAR | {"fiscal_year_start_on": date(2023, 7, 1)}
    rows = of(short, NOW_HALF)
    assert rows["TTM", date(2024, 9, 30)]["revenue"] is None
    assert {basis for basis, _day in rows} == {"FY", "TTM"}


def test_where_two_fiscal_years_end_in_one_day_each_basis_takes_a_report_that_it_can_use() -> None:
    end = date(2024, 3, 31)
    of_new_year = statement(
        5,
        "Q3",
        2023,
        end,
        fiscal_year_start_on=date(2023, 7, 1),
        fiscal_year_end_on=date(2024, 6, 30),
        revenue=700,
    )
    third = statement(6, "Q3", 2023, date(2023, 12, 31), revenue=800)
    later = YEAR | {"announced_on": date(2024, 5, 1)}
    rows = of(later, third, of_new_year)
    assert rows["TTM", end]["id"] == 5
    assert (rows["QTR", end]["id"], rows["QTR", end]["revenue"]) == (1, 200)
    # The other one lacks the quarter before, whenever it was announced.
    rows = of(later, third, of_new_year | {"announced_on": date(2024, 6, 1)})
    assert rows["QTR", end]["id"] == 1


def test_a_year_cut_short_lasted_as_many_months_as_it_has_and_any_other_twelve() -> None:
    short = statement(4, "FY", 2024, date(2024, 12, 31), fiscal_year_end_on=date(2024, 12, 31))
    moved = statement(5, "FY", 2024, date(2025, 3, 20), fiscal_year_end_on=date(2025, 3, 20))
    assert [periods.lasted(row) for row in (YEAR, short, moved, BEFORE)] == [12, 9, 12, 6]
    assert of(short)["FY", date(2024, 12, 31)]["lasted"] == 9
