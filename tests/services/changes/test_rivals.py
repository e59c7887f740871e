"""A key that is taken: whoever wanted it learns which record has it, whatever key of whatever table it is."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import PrimaryKeyConstraint, UniqueConstraint

from tests import factories
from tests.factories import intent
from webapp import db
from webapp.models.company import Company
from webapp.models.company_name import CompanyName
from webapp.models.filing import Filing
from webapp.models.financial_statement import FinancialStatement
from webapp.models.findings.finding_decision import FindingDecision
from webapp.models.industry import Industry
from webapp.models.market.corporate_action import CorporateAction
from webapp.models.market.shares_outstanding import SharesOutstanding
from webapp.models.stock_price import StockPrice
from webapp.services.changes import door, row_codec
from webapp.services.changes.proposals import Refused, Wish

pytestmark = pytest.mark.usefixtures("connection")

# Each key that must be unique: the values of two records that share it, and the field that is to blame, if one is.
CASES: dict[str, tuple[type[db.Base], dict[str, Any], str | None]] = {
    "pk_industries": (Industry, {"code": "9990"}, "code"),
    "uq_companies_edinet_code": (Company, {"edinet_code": "E99999"}, "edinet_code"),
    "uq_companies_ticker_symbol_listed": (
        Company,
        {"ticker_symbol": "7974", "listing_status": "listed"},
        "ticker_symbol",
    ),
    "uq_company_names_company_id_kind_value": (CompanyName, {"value": "旧社"}, None),
    "pk_filings": (Filing, {"doc_id": "S100TVD7"}, "doc_id"),
    "uq_financial_statements_revision": (FinancialStatement, {"revision_no": 1}, None),
    "pk_stock_prices": (StockPrice, {"traded_on": date(2025, 6, 27)}, None),
    "pk_shares_outstanding": (SharesOutstanding, {"as_of_on": date(2025, 3, 31)}, None),
    "uq_corporate_actions_company_id_ex_on_kind": (CorporateAction, {"ex_on": date(2022, 9, 29)}, None),
    "uq_finding_decisions_identity": (FindingDecision, {"row_key": "7974"}, None),
}
# Another revision that is current is no refusal: it makes way (revisions.py).
SETTLED = {"uq_financial_statements_current"}


def unique_keys() -> set[str]:
    keys: set[Any] = set()
    for model in factories.MAKERS:
        table = row_codec.table_of(model)
        keys |= {index.name for index in table.indexes if index.unique}
        for constraint in table.constraints:
            is_counted = isinstance(constraint, PrimaryKeyConstraint) and row_codec.is_counted(model)
            if isinstance(constraint, PrimaryKeyConstraint | UniqueConstraint) and not is_counted:
                keys.add(constraint.name)
    return keys


def test_every_unique_key_of_every_curated_table_is_tried_here() -> None:
    assert unique_keys() == CASES.keys() | SETTLED


@pytest.mark.parametrize("key", CASES)
def test_a_key_that_is_taken_is_told_with_the_record_that_has_it_and_at_the_right_field(key: str) -> None:
    model, shared, field = CASES[key]
    if "company_id" in row_codec.table_of(model).columns:
        shared = {**shared, "company_id": factories.company().id}
    rival = factories.MAKERS[model](**shared)
    db.session.commit()
    columns = row_codec.table_of(model).columns
    row = {c.name: getattr(rival, c.name) for c in row_codec.curated_columns(model)}
    others = {name for name in ("edinet_code", "ticker_symbol") if name in columns and name not in shared}
    wanted = {name: None if name in others else value for name, value in row.items()}
    name, number = str(rival), row_codec.row_key(
        tuple(getattr(rival, c.name) for c in row_codec.key_columns(model))
    )
    outcome = door.carry([Wish(model, "create", wanted)], intent("create"))
    assert isinstance(outcome, Refused), outcome
    (finding,) = outcome.findings
    assert (finding.field, finding.params["constraint"]) == (field, key)
    assert f"“{name}”" in str(finding)
    assert (finding.params["table"], finding.params["key"]) == (row_codec.table_of(model).name, number)


def test_a_code_of_a_company_that_is_no_longer_listed_is_not_taken_for_the_one_that_has_it() -> None:
    factories.company(ticker_symbol="7974", listing_status="delisted", name_ja="前の会社")
    factories.company(ticker_symbol="7974", listing_status="listed", name_ja="今の会社")
    db.session.commit()
    values = {"name_ja": "次の会社", "ticker_symbol": "7974", "listing_status": "listed"}
    outcome = door.carry([Wish(Company, "create", values)], intent("create"))
    assert "今の会社" in str(outcome)


def test_two_new_records_that_want_one_key_have_no_rival_to_name() -> None:
    wish = {"name_ja": "新しい会社", "edinet_code": "E99998"}
    outcome = door.carry(
        [Wish(Company, "create", {**wish}), Wish(Company, "create", {**wish})], intent("create")
    )
    assert isinstance(outcome, Refused)
    assert str(outcome) == "another row has this value already"
