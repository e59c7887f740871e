"""What broke in an earlier implementation of this schema, each as a test of its own name."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import DateTime, Float, Numeric

from webapp.files.edinet import mapping
from webapp.indicators.formulas import BY_NAME, INDICATORS
from webapp.indicators.indicator import COUNT, MISSING, NEGATIVE_BASE, OK, PRICE, TURNED_LOSS, TURNED_PROFIT
from webapp.models.financial_indicator import FinancialIndicator
from webapp.models.financial_statement import FinancialStatement
from webapp.models.stock_price import StockPrice
from webapp.rules.expressions import NOW, PRIOR
from webapp.rules.market import sessions

STATEMENT = FinancialStatement.__table__
CLOSES = ("close", "close_of_count", "close_of_earnings", "close_of_dividend")
YEAR: dict[str, Any] = {
    "basis": "FY",
    "profit_attributable_to_owners": Decimal(60),
    "average_shares": 30,
    "equity_attributable_to_owners": Decimal(700),
    "total_liabilities": Decimal(900),
    "long_term_borrowings": Decimal(140),
    "operating_income": Decimal(100),
    "depreciation_amortization": Decimal(20),
    "cash_and_equivalents_end": Decimal(10),
}
BEFORE = {"profit_attributable_to_owners": Decimal(50), "equity_attributable_to_owners": Decimal(500)}
MARKET: dict[str, dict[str, Any]] = {
    PRICE: dict.fromkeys(CLOSES, Decimal(40)),
    COUNT: {"issued": 30, "treasury": 0},
}


def computed(name: str, prior: dict[str, Any] | None = None, **now: Any) -> Any:
    facts = {NOW: YEAR | now, PRIOR: BEFORE | (prior or {}), **MARKET}
    return BY_NAME[name].compute(facts)


def test_no_figure_is_a_float() -> None:
    for table in (STATEMENT, StockPrice.__table__, FinancialIndicator.__table__):
        assert [column.name for column in table.columns if isinstance(column.type, Float)] == []
    money = [column for column in STATEMENT.columns if column.info.get("unit") == "money"]
    assert all(isinstance(column.type, Numeric) and column.type.scale == 0 for column in money)


@pytest.mark.parametrize(
    "name",
    ["currency", "rounding_unit", "accounting_standard", "revision_no", "filing_doc_id", "announced_at"],
)
def test_a_statement_says_its_currency_unit_standard_revision_and_document(name: str) -> None:
    assert name in STATEMENT.columns


def test_the_parents_statement_has_a_key_beside_the_groups() -> None:
    (current,) = (index for index in STATEMENT.indexes if index.name == "uq_financial_statements_current")
    assert {"scope", "period_type", "fiscal_year_end_on"} <= {column.name for column in current.columns}


def test_elements_are_those_of_todays_taxonomies() -> None:
    """Namespaces of before 2013 (jp-gaap, jpfr-t-cte) find nothing in any file that EDINET gives out today."""
    prefixes = {element.split(":")[0] for line in mapping.lines() for element in line.elements}
    assert prefixes <= {"jppfs_cor", "jpigp_cor", "jpcrp_cor"}


@pytest.mark.parametrize("name", ["per", "pbr", "psr", "ev_ebitda", "market_cap", "dividend_yield"])
def test_valuations_are_reckoned_with_the_price_that_there_is(name: str) -> None:
    assert (
        computed(name, revenue=Decimal(800), dps_of_earnings=Decimal(1), dps_annual=Decimal(1)).status == OK
    )


def test_the_growth_of_profit_is_reckoned_from_profit() -> None:
    assert computed("profit_growth").value == Decimal("0.2")


def test_a_quarter_and_a_year_of_one_day_do_not_take_each_others_place() -> None:
    unique = {constraint.name: constraint for constraint in FinancialIndicator.__table__.constraints}
    assert "basis" in {column.name for column in unique["uq_financial_indicators_identity"].columns}


def test_a_zero_below_a_fraction_ends_that_indicator_alone() -> None:
    zeroes: dict[str, Any] = dict.fromkeys((*YEAR, "revenue", "interest_expense"), Decimal(0)) | {
        "basis": "FY"
    }
    facts = {
        NOW: zeroes,
        PRIOR: zeroes,
        PRICE: dict.fromkeys(CLOSES, Decimal(0)),
        COUNT: {"issued": 0, "treasury": 0},
    }
    statuses = {one.name: one.compute(facts).status for one in INDICATORS}
    assert set(statuses.values()) <= {OK, MISSING, NEGATIVE_BASE}
    assert statuses["debt"] == OK


def test_return_on_equity_is_on_the_average_as_companies_reckon_it() -> None:
    assert computed("roe").value == Decimal("0.1")  # on 600; on closing equity it would be 0.0857


def test_debt_is_what_bears_interest_and_not_all_that_is_owed() -> None:
    assert computed("debt").value == 140
    assert computed("debt_to_equity").value == Decimal("0.2")
    assert computed("ev_ebitda").value == Decimal("11.08333333")  # (1,200 + 140 − 10) ÷ 120


@pytest.mark.parametrize(
    ("before", "now", "status"), [(0, 60, TURNED_PROFIT), (-5, 60, TURNED_PROFIT), (5, -60, TURNED_LOSS)]
)
def test_growth_is_never_infinite(before: int, now: int, status: str) -> None:
    prior = {"profit_attributable_to_owners": Decimal(before)}
    growth = computed("profit_growth", prior, profit_attributable_to_owners=Decimal(now))
    assert (growth.value, growth.status) == (None, status)


@pytest.mark.parametrize("day", [date(2019, 4, 30), date(2020, 10, 1), date(2021, 7, 22), date(2019, 12, 31)])
def test_days_without_a_session_are_known(day: date) -> None:
    assert sessions.is_session(day) is False


@pytest.mark.parametrize(
    "name",
    [
        "ordinary_income", "income_before_taxes", "comprehensive_income", "net_assets",
        "equity_attributable_to_owners", "cash_and_equivalents_end", "long_term_borrowings",
        "depreciation_amortization", "capex_ppe", "income_taxes", "eps_basic", "bps", "dps_annual",
    ],
)  # fmt: skip
def test_what_had_no_column_has_one(name: str) -> None:
    assert name in STATEMENT.columns


def test_instants_know_their_zone() -> None:
    kinds = [column.type for column in STATEMENT.columns if isinstance(column.type, DateTime)]
    assert kinds
    assert all(kind.timezone for kind in kinds)
