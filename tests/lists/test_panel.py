"""The panel of filters: few values are ticked, everything else is typed, and what was asked stands in its field."""

import pytest

from webapp.lists import filters, panel
from webapp.lists.panel import Part
from webapp.lists.plan import ListPlan
from webapp.models.company import Company
from webapp.models.financial_statement import FinancialStatement
from webapp.services.changes import row_codec
from webapp.words import speech

ENGLISH = speech.of_language("en")


def part(name: str, **values: list[str]) -> Part:
    plan = ListPlan(Company, columns=(name,), link=name, usual_order=(name, False), filtered=(name,))
    return panel.part(plan, name, values, ENGLISH)


def test_few_values_are_ticked_and_so_is_having_none() -> None:
    made = part("market_division", market_division_is=["GROWTH"])
    assert made.facet == "market_division_is"
    assert not made.is_fetched
    assert not made.inputs
    assert [(tick.name, tick.value) for tick in made.ticks][-2:] == [
        ("flt0_market_division_is", "TOKYO_PRO"),
        ("flt1_market_division_empty", "1"),
    ]
    assert [tick.value for tick in made.ticks if tick.is_chosen] == ["GROWTH"]
    assert made.is_used
    assert made.is_open


def test_that_there_is_a_value_is_kept_though_nobody_can_tick_it() -> None:
    made = part("market_division", market_division_empty=["0"])
    assert [(one.kind, one.name, one.value) for one in made.inputs] == [
        ("hidden", "flt1_market_division_empty", "0")
    ]


def test_other_records_are_fetched_and_until_then_typed() -> None:
    made = part("industry_code", industry_code_is=["3650"])
    assert made.facet == "industry_code_is"
    assert made.is_fetched
    assert [(tick.value, tick.is_chosen) for tick in made.ticks] == [("3650", True), ("1", False)]
    assert [(one.kind, one.value) for one in made.inputs] == [("text", "")]
    assert not part("industry_code").is_open


def test_everything_else_is_typed() -> None:
    made = part("capital_stock", capital_stock_from=["1,000", "5"])
    assert made.facet is None
    assert [(one.name, one.kind, one.value) for one in made.inputs] == [
        ("flt0_capital_stock_from", "text", "1,000"),
        ("flt0_capital_stock_from", "text", "5"),
        ("flt1_capital_stock_to", "text", ""),
        ("flt2_capital_stock_empty", "select", ""),
    ]
    assert [one.kind for one in part("listed_on").inputs] == ["date", "date", "select"]
    assert not part("capital_stock").is_open


@pytest.mark.parametrize(
    ("model", "names"),
    [
        (
            Company,
            {
                "listing_status",
                "market_division",
                "industry_code",
                "has_consolidated",
                "industry_format",
                "fiscal_year_end_month",
            },
        ),
        (
            FinancialStatement,
            {
                "period_type",
                "scope",
                "accounting_standard",
                "industry_format",
                "rounding_unit",
                "revision_type",
                "is_current",
            },
        ),
    ],
)
def test_short_columns_are_facets_and_long_ones_are_not(model: type, names: set[str]) -> None:
    columns = row_codec.table_of(model).c
    made = {c.name for c in columns if any(filters.is_facet(one) for one in filters.for_column(c))}
    assert made == names
