"""How many statements keep and break each rule, counted in sets and kept for a day."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from tests import factories
from webapp import db
from webapp.models.findings.rule_count import RuleCount
from webapp.models.stock_price import StockPrice
from webapp.rules import masters
from webapp.rules.accounting.catalogue import BY_ID
from webapp.rules.disclosure import reading
from webapp.services.checking import rule_counts

pytestmark = pytest.mark.usefixtures("connection")
COUNTED = {*BY_ID, *masters.BY_ID, *(rule.id for rule in reading.OF_PRICES)}


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
    assert rule_counts.count_all() == len(COUNTED)
    assert counts("B2") == (1, 1, 1)
    assert counts("B1") == (0, 0, 3)
    assert set(db.session.scalars(select(RuleCount.rule))) == COUNTED


def test_of_companies_and_prices_every_row_keeps_a_rule_that_no_finding_is_about() -> None:
    twins = [factories.company(name_ja="同名株式会社") for _ in range(2)]
    prices = {
        "company_id": twins[0].id,
        "data_source": "a test",
        **dict.fromkeys(factories.OHLC, Decimal(100)),
    }
    days = (date(2025, 6, 1), date(2025, 6, 2))
    factories.create_together(StockPrice, *({**prices, "traded_on": day} for day in days))
    factories.company()
    rule_counts.count_all()
    assert counts("M-name") == (1, 2, 0)
    assert counts("PRICE_SESSION") == (1, 1, 0)


def test_they_are_counted_once_a_day() -> None:
    assert rule_counts.count_daily() == 0
    factories.statement(total_assets=Decimal(1))
    assert rule_counts.count_daily() == len(COUNTED)
    assert rule_counts.count_daily() == 0
    db.session.execute(update(RuleCount).values(counted_at=datetime.now(UTC) - timedelta(days=2)))
    assert rule_counts.count_daily() == len(COUNTED)
