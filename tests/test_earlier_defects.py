"""What broke in an earlier implementation of this schema, each as a test of its own name."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import DateTime, Float, Numeric

from tests import factories
from tests.factories import intent
from tests.files.edinet import filings
from tests.files.edinet.filings import ASSETS, PARENT, SALES, stock
from webapp import db
from webapp.files.edinet import document, filing, mapping
from webapp.indicators.formulas import BY_NAME, INDICATORS
from webapp.indicators.indicator import (
    COUNT,
    MISSING,
    NEGATIVE_BASE,
    NOT_APPLICABLE,
    OK,
    PRICE,
    TURNED_LOSS,
    TURNED_PROFIT,
)
from webapp.models.company import Company
from webapp.models.company_name import CompanyName
from webapp.models.financial_indicator import FinancialIndicator
from webapp.models.financial_statement import FinancialStatement
from webapp.models.market.corporate_action import CorporateAction
from webapp.models.market.shares_outstanding import SharesOutstanding
from webapp.models.stock_price import StockPrice
from webapp.rules.expressions import NOW, PRIOR
from webapp.rules.market import sessions
from webapp.services.changes import door
from webapp.services.changes.door import Applied
from webapp.services.changes.proposals import Wish
from webapp.services.intake.fetching import asking

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


def test_the_parents_statement_is_read_beside_the_groups_and_none_is_taken_for_the_other() -> None:
    of_parent = stock("jppfs_cor:Assets", 7, f"CurrentYearInstant{PARENT}")
    report = filing.read(filings.zipped(SALES, ASSETS, of_parent), "S100TEST.zip")
    assert {row.scope: row.values["total_assets"] for row in report.rows} == {
        "consolidated": 9_000_000_000,
        "non_consolidated": 7,
    }


@pytest.mark.parametrize(
    ("word", "is_so"), [("False", False), ("false", False), ("true", True), ("－", None)]
)
def test_a_flag_that_says_false_is_false(word: str, is_so: bool | None) -> None:
    name = "WhetherConsolidatedFinancialStatementsArePreparedDEI"
    assert document.read(filings.zipped(ASSETS, dei={name: word})).flag(name) is is_so


@pytest.mark.parametrize(
    ("model", "key"),
    [
        (StockPrice, {"company_id", "traded_on"}),
        (SharesOutstanding, {"company_id", "as_of_on"}),
        (
            FinancialIndicator,
            {"company_id", "as_of_on", "basis", "scope", "accounting_standard", "formula_version"},
        ),
    ],
)
def test_nothing_is_stored_twice(model: type[db.Base], key: set[str]) -> None:
    table: Any = model.__table__
    keys = [{column.name for column in one.columns} for one in table.constraints if hasattr(one, "columns")]
    assert key in keys


def test_elements_are_those_of_todays_taxonomies() -> None:
    """Namespaces of before 2013 (jp-gaap, jpfr-t-cte) find nothing in any file that EDINET gives out today."""
    prefixes = {element.split(":")[0] for line in mapping.lines() for element in line.elements}
    # What a filer calls by a name of its own is of the filer's own taxonomy, of which every report brings today's.
    assert prefixes <= {"jppfs_cor", "jpigp_cor", "jpcrp_cor", mapping.OWN.removesuffix(":")}


def test_the_period_is_the_reports_and_never_that_of_today() -> None:
    period = filing.read(filings.zipped(SALES, ASSETS), "S100TEST.zip").period
    assert (period.fiscal_year_start_on, period.end_on) == (date(2024, 4, 1), date(2025, 3, 31))


def test_edinet_is_asked_at_its_host_for_type_five_with_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(asking, "_asked", lambda address: asked.append(address) or b"")
    asking.Edinet("secret", pause=0).filing("S100TEST")
    assert asked == ["https://api.edinet-fsa.go.jp/api/v2/documents/S100TEST?type=5&Subscription-Key=secret"]


def test_a_bad_key_is_known_though_its_answer_says_that_all_is_well() -> None:
    body = b'{"StatusCode": 401, "message": "Access denied due to invalid subscription key."}'
    assert asking._status_in(body) == 401


@pytest.mark.usefixtures("connection")
def test_a_correction_recalculates_what_stands_already() -> None:
    year = {"revenue": Decimal(800), "profit_attributable_to_owners": Decimal(80)}
    row = factories.statement(**year)
    of_row = db.session.query(FinancialIndicator.net_margin).filter_by(statement_id=row.id, basis="FY")
    assert of_row.scalar() == Decimal("0.1")
    wish = Wish(
        FinancialStatement, "update", {"profit_attributable_to_owners": Decimal(40)}, (row.id,), row.version
    )
    assert isinstance(door.carry([wish], intent()), Applied)
    assert of_row.scalar() == Decimal("0.05")


@pytest.mark.parametrize("name", ["per", "pbr", "psr", "ev_ebitda", "market_cap", "dividend_yield"])
def test_valuations_are_reckoned_with_the_price_that_there_is(name: str) -> None:
    assert (
        computed(name, revenue=Decimal(800), dps_of_earnings=Decimal(1), dps_of_year=Decimal(1)).status == OK
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
    assert set(statuses.values()) <= {OK, MISSING, NEGATIVE_BASE, NOT_APPLICABLE}
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


@pytest.mark.parametrize(
    ("model", "names"),
    [
        (Company, {"listing_status", "listed_on", "delisted_on", "corporate_number"}),
        (CompanyName, {"kind", "value", "valid_from", "valid_until"}),
        (CorporateAction, {"kind", "ex_on", "ratio_from", "ratio_to"}),
        (SharesOutstanding, {"as_of_on", "issued", "treasury"}),
    ],
)
def test_what_had_no_place_has_one(model: type[db.Base], names: set[str]) -> None:
    assert names <= {column.name for column in model.__table__.columns}


def test_instants_know_their_zone() -> None:
    kinds = [column.type for column in STATEMENT.columns if isinstance(column.type, DateTime)]
    assert kinds
    assert all(kind.timezone for kind in kinds)
