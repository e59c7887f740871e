"""A statement that no year before can be held against is held against what the shares are worth."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from tests import factories
from webapp import db
from webapp.models.financial_statement import FinancialStatement
from webapp.models.findings.finding import FiledFinding
from webapp.models.market.shares_outstanding import SharesOutstanding
from webapp.models.stock_price import StockPrice
from webapp.services.changes import door
from webapp.services.changes.proposals import Refused, Wish
from webapp.services.checking import catching_up, typed

pytestmark = pytest.mark.usefixtures("connection")
END = date(2025, 3, 31)


def worth(number: int) -> int:
    """A company whose shares are worth so much at the end of the year."""
    company_id: int = factories.company().id
    price = dict.fromkeys(factories.OHLC, Decimal(10))
    factories.create(
        StockPrice, company_id=company_id, traded_on=date(2025, 3, 28), data_source="a test", **price
    )
    factories.create(
        SharesOutstanding, company_id=company_id, as_of_on=END, issued=number // 10, data_source="a test"
    )
    return company_id


def broken() -> list[str]:
    """The rules that are broken at rest."""
    return list(db.session.scalars(select(FiledFinding.rule).where(FiledFinding.closed_at.is_(None))))


def carry(company_id: int, assets: int, **more: Any) -> Any:
    values = {**factories.STATEMENT, "company_id": company_id, "total_assets": Decimal(assets), **more}
    return door.carry([Wish(FinancialStatement, "create", values)], factories.intent())


def test_assets_typed_in_millions_are_refused_beside_what_the_shares_are_worth() -> None:
    company_id = worth(8_000_000_000)
    assert carry(company_id, 1_164_000_000).number
    (number,) = db.session.scalars(select(FinancialStatement.id))
    slip = Wish(FinancialStatement, "update", {"total_assets": Decimal(1_164)}, (number,))
    refused = door.carry([slip], factories.intent())
    assert isinstance(refused, Refused)
    (finding,) = refused.findings
    assert (finding.rule, finding.field) == ("U-market", "total_assets")


def test_assets_a_thousand_times_too_many_are_asked_about_and_a_banks_are_not() -> None:
    company_id = worth(1_000_000)
    row = {**factories.STATEMENT, "company_id": company_id, "total_assets": Decimal(2_000_000_000)}
    assert [one.rule for one in typed.remarks(FinancialStatement, row, None)] == ["Y-market"]
    assert not typed.remarks(FinancialStatement, {**row, "total_assets": Decimal(200_000_000)}, None)
    carry(company_id, 2_000_000_000)
    assert broken() == ["Y-market"]


def test_a_statement_with_a_year_before_is_held_against_that() -> None:
    company_id = worth(1_000_000)
    before = {
        "fiscal_year_start_on": date(2023, 4, 1),
        "fiscal_year_end_on": date(2024, 3, 31),
        "period_start_on": date(2023, 4, 1),
        "period_end_on": date(2024, 3, 31),
    }
    factories.statement(company_id=company_id, total_assets=Decimal(2_000_000_000), **before)
    factories.statement(company_id=company_id, total_assets=Decimal(2_000_000_000))
    catching_up.everything()
    assert broken() == []


def test_statements_in_another_currency_than_prices_are_not_compared() -> None:
    assert carry(worth(8_000_000_000), 1_164, currency="USD").number


def test_prices_and_shares_that_come_after_the_statement_are_followed_at_once() -> None:
    company_id: int = factories.company().id
    carry(company_id, 2_000_000_000)
    shares = {"company_id": company_id, "as_of_on": END, "issued": 100_000, "data_source": "a test"}
    door.carry([Wish(SharesOutstanding, "create", shares)], factories.intent())
    assert broken() == []
    price = {"company_id": company_id, "traded_on": date(2025, 3, 28), "data_source": "a test"}
    close = {**price, **dict.fromkeys(factories.OHLC, Decimal(10))}
    door.carry([Wish(StockPrice, "create", close)], factories.intent())
    assert broken() == ["Y-market"]
    more = Wish(SharesOutstanding, "update", {"issued": 100_000_000}, (company_id, END))
    door.carry([more], factories.intent())
    assert broken() == []
