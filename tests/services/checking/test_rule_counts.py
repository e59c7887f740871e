"""How many statements keep and break each rule, counted in sets and kept for a day."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from tests import factories
from webapp import db
from webapp.models.findings.rule_count import RuleCount
from webapp.rules.accounting.catalogue import BY_ID
from webapp.services.checking import rule_counts

pytestmark = pytest.mark.usefixtures("connection")


def counts(rule: str) -> tuple[int, int, int]:
    count = db.session.get_one(RuleCount, rule, populate_existing=True)
    return count.passed, count.failed, count.not_applicable


def test_kept_broken_and_not_applicable_add_up_to_all_current_statements() -> None:
    company = factories.company()
    balance = {"total_assets": Decimal(100), "total_liabilities": Decimal(30), "net_assets": Decimal(70)}
    factories.statement(company_id=company.id, **balance)
    factories.statement(
        company_id=company.id, scope="non_consolidated", **{**balance, "net_assets": Decimal(60)}
    )
    factories.statement()
    assert rule_counts.count_all() == len(BY_ID)
    assert counts("B2") == (1, 1, 1)
    assert counts("B1") == (0, 0, 3)
    assert set(db.session.scalars(select(RuleCount.rule))) == set(BY_ID)


def test_they_are_counted_once_a_day() -> None:
    assert rule_counts.count_daily() == 0
    factories.statement(total_assets=Decimal(1))
    assert rule_counts.count_daily() == len(BY_ID)
    assert rule_counts.count_daily() == 0
    db.session.execute(update(RuleCount).values(counted_at=datetime.now(UTC) - timedelta(days=2)))
    assert rule_counts.count_daily() == len(BY_ID)
