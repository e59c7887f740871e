"""Of each figure that a kind of statement prints, how many statements hold it; and who lacks most."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests import factories
from webapp.models.financial_statement import FinancialStatement
from webapp.rules.disclosure.expected_fields import FIELDS, LAYOUTS
from webapp.services.changes import row_codec
from webapp.services.checking import completeness

pytestmark = pytest.mark.usefixtures("connection")

SINCE = date(2025, 1, 1)


def filled(scope: str = "consolidated") -> dict[str, dict[str, tuple[int, int]]]:
    return {
        one.name: {field: (number, one.number) for field, number in one.filled.items()}
        for one in completeness.by_field(scope, SINCE)
    }


def test_every_expected_field_is_a_column_of_statements() -> None:
    assert set(FIELDS) <= set(row_codec.table_of(FinancialStatement).columns.keys())


@pytest.mark.parametrize(
    ("values", "layout", "prints", "prints_not"),
    [
        ({}, "jgaap", "gross_profit", "ordinary_expenses"),
        ({"industry_format": "BNK"}, "bank", "ordinary_expenses", "current_assets"),
        ({"industry_format": "SEC"}, "securities", "ordinary_income", "gross_profit"),
        ({"accounting_standard": "IFRS"}, "ifrs", "comprehensive_income", "ordinary_income"),
        (
            {"accounting_standard": "USGAAP", "industry_format": "SEC"},
            "usgaap",
            "revenue",
            "total_liabilities",
        ),
    ],
)
def test_what_is_expected_is_what_the_standard_and_the_industry_print(
    values: dict[str, Any], layout: str, prints: str, prints_not: str
) -> None:
    factories.statement(revenue=Decimal(100), **values)
    (kind,) = filled().items()
    assert kind[0] == layout
    assert kind[1]["revenue"] == (1, 1)
    assert prints in kind[1]
    assert prints_not not in kind[1]


def test_only_current_annual_statements_of_the_years_and_the_scope_count() -> None:
    company = factories.company()
    factories.statement(company_id=company.id, revenue=Decimal(0), total_assets=Decimal(5))
    factories.statement(company_id=company.id, scope="non_consolidated")
    factories.statement(company_id=company.id, period_type="HY", period_end_on=date(2024, 9, 30))
    factories.statement(
        company_id=company.id,
        fiscal_year_start_on=date(2022, 4, 1),
        fiscal_year_end_on=date(2023, 3, 31),
        period_start_on=date(2022, 4, 1),
        period_end_on=date(2023, 3, 31),
    )
    assert filled()["jgaap"]["revenue"] == (1, 1)
    assert filled()["jgaap"]["net_assets"] == (0, 1)
    assert "comprehensive_income" not in filled("non_consolidated")["jgaap"]


def test_companies_that_lack_most_come_first_and_those_that_lack_nothing_not_at_all() -> None:
    whole = dict.fromkeys(LAYOUTS["usgaap"].of_scope("consolidated"), Decimal(1))
    one, other, third = (factories.company() for _each in range(3))
    factories.statement(company_id=one.id, accounting_standard="USGAAP", **{**whole, "revenue": None})
    factories.statement(company_id=other.id, accounting_standard="USGAAP")
    factories.statement(company_id=third.id, accounting_standard="USGAAP", **whole)
    expected = len(whole)
    assert [
        (of.company_id, of.statements, of.filled, of.expected)
        for of in completeness.by_company("consolidated", SINCE)
    ] == [(other.id, 1, 0, expected), (one.id, 1, expected - 1, expected)]
