"""The rules of accounting watch what is stored: a finding opens with what breaks a rule, and closes by itself."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, text

from tests import factories
from tests.factories import AUTHOR, intent
from webapp import db
from webapp.models.financial_statement import FinancialStatement
from webapp.models.findings.finding import FiledFinding
from webapp.services.changes import applying, door, proposing
from webapp.services.changes.following import accounting_findings
from webapp.services.changes.proposals import Wish

pytestmark = pytest.mark.usefixtures("connection")
BROKEN = {"total_assets": Decimal(100), "total_liabilities": Decimal(30), "net_assets": Decimal(60)}


def findings() -> dict[str, FiledFinding]:
    """What is filed, by rule, read anew."""
    db.session.expire_all()
    return {one.rule: one for one in db.session.scalars(select(FiledFinding))}


def change(row: Any, **values: Any) -> Any:
    wish = Wish(FinancialStatement, "update", values, (row.id,))
    return applying.carry_out(proposing.propose([wish], intent()))


def test_a_broken_rule_is_filed_with_the_change_and_closes_itself_when_it_holds_again() -> None:
    row = factories.statement(**BROKEN)
    (found,) = findings().values()
    assert (found.rule, found.field, found.row_key, found.status) == (
        "B2",
        "total_assets",
        str(row.id),
        "open",
    )
    assert (found.observed, found.expected, found.severity) == ("100", "90", "review")
    assert found.params["parts"] == "+total_liabilities +net_assets"
    first_seen = found.first_seen_at
    mended = change(row, net_assets=Decimal(70))
    assert findings()["B2"].status == "closed"
    door.undo(mended.id, AUTHOR, None)
    assert (findings()["B2"].status, findings()["B2"].first_seen_at) == ("open", first_seen)


def test_what_a_change_breaks_in_the_next_year_is_filed_too() -> None:
    prior = factories.statement(
        fiscal_year_start_on=date(2023, 4, 1),
        fiscal_year_end_on=date(2024, 3, 31),
        period_start_on=date(2023, 4, 1),
        period_end_on=date(2024, 3, 31),
        revenue=Decimal(900),
    )
    now = factories.statement(company_id=prior.company_id, revenue=Decimal(1000))
    assert findings() == {}
    change(prior, revenue=Decimal(100))
    found = findings()["Y-revenue"]
    assert (found.row_key, found.params["figure"], found.params["before"]) == (str(now.id), 1000, 100)


def test_a_statement_that_goes_takes_its_findings_along() -> None:
    row = factories.statement(**BROKEN)
    applying.carry_out(
        proposing.propose([Wish(FinancialStatement, "delete", {}, (row.id,))], intent("delete"))
    )
    assert findings() == {}


def test_what_was_written_from_outside_is_found_when_all_is_looked_at() -> None:
    row = factories.statement(total_assets=Decimal(100))
    outside = "UPDATE financial_statements SET total_liabilities = 30, net_assets = 60 WHERE id = :id"
    db.session.execute(text(outside), {"id": row.id})
    assert findings() == {}
    accounting_findings.look_at_all()
    assert list(findings()) == ["B2"]
    accounting_findings.look_at_all()
    assert findings()["B2"].status == "open"
