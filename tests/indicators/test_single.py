"""What is understood of a company alone: its profit is its owners', and its equity net assets less rights."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from webapp.indicators import periods, single
from webapp.indicators.as_rows import reckon
from webapp.indicators.assembling import Inputs, Place

OWNERS, EQUITY = "profit_attributable_to_owners", "equity_attributable_to_owners"
FIGURES = {
    "scope": "non_consolidated",
    "profit": Decimal(60),
    "net_assets": Decimal(620),
    "subscription_rights": Decimal(20),
    "total_liabilities": Decimal(0),
}


def statement(number: int, kind: str, year: int, end: date, **values: Any) -> dict[str, Any]:
    own = dict.fromkeys(periods.READ) | {
        "id": number,
        "company_id": 1,
        "version": 1,
        "period_type": kind,
        "fiscal_year_start_on": date(year, 4, 1),
        "fiscal_year_end_on": date(year + 1, 3, 31),
        "period_end_on": end,
        "is_current": True,
        "accounting_standard": "JGAAP",
        "industry_format": None,
        "announced_on": None,
    }
    return own | FIGURES | values


@pytest.mark.parametrize(
    ("more", "owners", "equity"),
    [
        ({}, 60, 600),
        ({"subscription_rights": None}, 60, 620),
        # What is disclosed comes first, a loss of nothing too.
        ({OWNERS: Decimal(0), EQUITY: Decimal(590)}, 0, 590),
        ({"profit": None}, None, 600),
        # A summary gives net assets alone, and rights may stand in them.
        ({"total_liabilities": None}, 60, None),
        ({"net_assets": None}, 60, None),
        ({"scope": "consolidated"}, None, None),
    ],
)
def test_what_is_missing_is_understood_of_one_company_alone_and_of_no_summary(
    more: dict[str, Any], owners: int | None, equity: int | None
) -> None:
    row = single.filled(statement(1, "FY", 2024, date(2025, 3, 31), **more))
    assert (row[OWNERS], row[EQUITY]) == (owners, equity)


def test_a_filled_figure_leads_to_those_that_it_is_made_of_and_another_to_itself() -> None:
    row = single.filled(statement(1, "FY", 2024, date(2025, 3, 31), **{OWNERS: Decimal(1)}))
    assert list(single.terms_of(row, EQUITY)) == [(1, "net_assets"), (-1, "subscription_rights")]
    assert list(single.terms_of(row, OWNERS)) == [(1, OWNERS)]
    assert list(single.terms_of(row, "revenue")) == [(1, "revenue")]


def test_a_company_alone_has_every_indicator_of_its_year_its_quarters_and_its_twelve_months() -> None:
    more = {"total_assets": Decimal(800), "revenue": Decimal(600), "average_shares": 10}
    rows = [
        statement(1, "FY", 2023, date(2024, 3, 31), **more),
        statement(2, "Q1", 2023, date(2023, 6, 30), **more | {"profit": Decimal(10)}),
        # One that says whose its profit is.
        statement(3, "Q1", 2024, date(2024, 6, 30), **more | {"profit": Decimal(99), OWNERS: Decimal(20)}),
    ]
    fresh = reckon(Inputs(rows), ()).fresh
    kind = ("non_consolidated", "JGAAP")
    year = fresh[Place(date(2024, 3, 31), "FY", *kind)]
    assert (year["net_margin"], year["eps"], year["equity_ratio"]) == (Decimal("0.1"), 6, Decimal("0.75"))
    assert fresh[Place(date(2024, 6, 30), "QTR", *kind)]["eps"] == 2
    twelve = fresh[Place(date(2024, 6, 30), "TTM", *kind)]
    # 60 of the year, and 20, less 10 a year before.
    assert (twelve["eps"], twelve["roe"]) == (7, Decimal("0.11666667"))
