"""What breaks a rule now, reckoned anew: the same as stands in the list of findings, of every kind of rule."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import delete, select

from tests import factories
from webapp import db
from webapp.models.findings.finding import FiledFinding
from webapp.models.stock_price import StockPrice
from webapp.services.checking import broken_rules, findings
from webapp.services.checking.broken_rules import KINDS
from webapp.words.watched.rule_words import EVERY

pytestmark = pytest.mark.usefixtures("connection")

TOLD = (
    "rule",
    "table_name",
    "row_key",
    "field",
    "company_id",
    "severity",
    "message",
    "params",
    "observed",
    "expected",
)
ONE_OF_EACH_KIND = {"B2", "M-name", "S1", "F-late", "PRICE_LIMIT", "steward_against_source"}


def one_of_each_kind() -> tuple[int, int]:
    """A company that breaks a rule of each kind, and another one of the same name."""
    company = factories.company(
        ticker_symbol="7203", name_ja="株式会社東和", listing_status="listed", name_en="By hand"
    )
    summary = {"total_assets": {"summary": "107"}}
    figures = {"total_assets": Decimal(100), "total_liabilities": Decimal(30), "net_assets": Decimal(60)}
    factories.statement(company_id=company.id, **figures, sources=summary)
    factories.filing(
        company_id=company.id,
        submitted_at=datetime(2025, 7, 9, 6, tzinfo=UTC),
        period_end_on=date(2025, 3, 31),
    )
    day = {"company_id": company.id, "data_source": "a test"}
    closes = {date(2025, 6, 2): Decimal(1000), date(2025, 6, 3): Decimal("1310.5")}
    rows = [{**day, "traded_on": on, **dict.fromkeys(factories.OHLC, close)} for on, close in closes.items()]
    factories.create_together(StockPrice, *rows)
    says = {"table": "companies", "row_key": str(company.id), "field": "name_en", "value": "Of the list"}
    findings.compare("edinet-codes", [says])
    other = factories.company(name_ja="東和株式会社")
    db.session.commit()
    return company.id, other.id


def told(rows: Any) -> list[tuple[str, ...]]:
    return sorted(tuple(str(getattr(row, name)) for name in TOLD) for row in rows)


def standing(*companies: int) -> list[tuple[str, ...]]:
    of = FiledFinding.company_id.in_(companies)
    return told(db.session.scalars(select(FiledFinding).where(FiledFinding.closed_at.is_(None), of)))


def test_every_rule_is_of_one_kind() -> None:
    assert [rule for kind in KINDS for rule in kind] == list(EVERY)


def test_what_is_reckoned_anew_is_what_stands_in_the_list_of_findings() -> None:
    company, other = one_of_each_kind()
    everywhere = told(broken_rules.broken(EVERY))
    assert {row[0] for row in everywhere} >= ONE_OF_EACH_KIND
    assert everywhere == standing(company, other)
    assert told(broken_rules.broken(EVERY, [company])) == standing(company)
    assert told(broken_rules.broken(EVERY, [other])) == standing(other) != []


@pytest.mark.parametrize("rule", sorted(ONE_OF_EACH_KIND))
def test_one_rule_is_asked_alone(rule: str) -> None:
    company, other = one_of_each_kind()
    alone = [row for row in standing(company, other) if row[0] == rule]
    assert told(broken_rules.broken([rule])) == alone != []


def test_nothing_is_read_from_findings_but_what_sources_say_and_nothing_is_written() -> None:
    company, _other = one_of_each_kind()
    before = [row for row in standing(company) if row[0] != "steward_against_source"]
    db.session.execute(delete(FiledFinding))
    assert told(broken_rules.broken(EVERY, [company])) == before
    assert standing(company) == []
