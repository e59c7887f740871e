"""Indicators of statements that were written past the change sets are known until they are computed anew."""

from decimal import Decimal

import pytest
from sqlalchemy import select, text

from tests import factories
from webapp import db
from webapp.models.financial_indicator import FinancialIndicator
from webapp.services.checking import catching_up, stale

pytestmark = pytest.mark.usefixtures("connection")


def test_what_was_written_outside_is_stale_until_everything_is_looked_at() -> None:
    factories.statement(total_assets=Decimal(1), equity_attributable_to_owners=Decimal(1))
    assert stale.statements(10) == 0
    # As if by psql, which names no change set, some time after.
    db.session.execute(text("UPDATE financial_indicators SET computed_at = now() - interval '1 hour'"))
    db.session.execute(text("SET LOCAL app.change_set_id = ''"))
    db.session.execute(text("UPDATE financial_statements SET total_assets = 2"))
    assert stale.statements(10) == 1
    assert stale.statements(0) == 0
    assert catching_up.everything() > 0
    # Here all of it is one transaction, which has one time.
    db.session.execute(text("UPDATE financial_indicators SET computed_at = now() + interval '1 hour'"))
    assert stale.statements(10) == 0
    shares = select(FinancialIndicator.equity_ratio).where(FinancialIndicator.basis == "FY")
    assert db.session.scalars(shares).all() == [Decimal("0.5")]


def test_the_parts_of_everything_come_to_what_all_of_it_comes_to() -> None:
    companies = [factories.company() for _ in range(3)]
    for company in companies:
        factories.statement(
            company=company, total_assets=Decimal(100), equity_attributable_to_owners=Decimal(40)
        )
    db.session.execute(FinancialIndicator.__table__.delete())
    computed = [part() for part in catching_up.parts_of_everything()]
    assert [one.written for one in computed] == [2, 1, 0]
    assert catching_up.everything() == 0
    db.session.execute(text("UPDATE financial_statements SET total_assets = NULL, is_current = false"))
    assert [part().gone for part in catching_up.parts_of_everything()] == [2, 1, 0]
