"""A list of statements as it was known on a day: the latest or the first revision announced by then, and no other."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import Connection

from tests import factories
from tests.screens.browsing import Browser
from webapp.lists import query
from webapp.lists.query import ListQuery, Misread
from webapp.lists.reading import page_of
from webapp.models.financial_statement import FinancialStatement
from webapp.rules.statement import end_of
from webapp.screens.masters.company import CompanyView
from webapp.screens.statements.statement import StatementView

pytestmark = pytest.mark.usefixtures("connection")


def announced(year: int, month: int, day: int) -> dict[str, date | datetime]:
    on = date(year, month, day)
    return {"announced_on": on, "announced_at": end_of(on)}


@pytest.fixture
def revisions(connection: Connection) -> FinancialStatement:
    """One statement: as filed, amended, and restated a year later by a filing that was withdrawn in 2026."""
    filer = factories.company()
    first = factories.statement(
        company_id=filer.id, revenue=Decimal(100), is_current=False, **announced(2024, 6, 27)
    )
    facts = {"company_id": filer.id, "filing_doc_id": None}
    factories.statement(
        **facts, revenue=Decimal(99), revision_no=2, revision_type="COR", **announced(2024, 8, 1)
    )
    gone = factories.filing(
        doc_id="S100GONE",
        company_id=filer.id,
        withdrawal_status="2",
        edited_at=datetime(2025, 7, 1, tzinfo=UTC),
        withdrawn_at=datetime(2026, 1, 10, tzinfo=UTC),
    )
    factories.statement(
        **facts | {"filing_doc_id": gone.doc_id},
        revenue=Decimal(97),
        revision_no=1,
        is_current=False,
        **announced(2025, 6, 27),
    )
    return first


def shown(address: str) -> list[int]:
    return [int(row.revenue) for row in page_of(query.parse(StatementView.plan, address)).rows]


@pytest.mark.usefixtures("revisions")
@pytest.mark.parametrize(
    ("address", "revenue"),
    [
        ("known_on=2024-06-26", []),
        ("known_on=2024-06-27", [100]),
        ("known_on=2024-07-31", [100]),
        ("known_on=2024-08-01", [99]),
        ("known_on=2025-12-31", [97]),
        ("known_on=2026-01-31", [99]),
        ("known_on=2025-12-31&revisions=original", [100]),
        ("revisions=latest", [99]),
        ("revisions=original", [100]),
    ],
)
def test_of_each_statement_what_had_been_announced_by_then_is_shown(address: str, revenue: list[int]) -> None:
    assert shown(address) == revenue
    asked: ListQuery = query.parse(StatementView.plan, address)
    assert query.parse(StatementView.plan, asked.canonical()) == asked


@pytest.mark.parametrize("address", ["known_on=yesterday", "revisions=all"])
def test_a_day_that_is_none_is_not_understood(address: str) -> None:
    with pytest.raises(Misread):
        query.parse(StatementView.plan, address)


def test_a_list_that_has_no_days_of_knowledge_says_so() -> None:
    with pytest.raises(Misread):
        query.parse(CompanyView.plan, "known_on=2024-06-27")


@pytest.mark.usefixtures("revisions")
def test_such_a_list_says_its_day_and_offers_nothing_to_write(app: Flask) -> None:
    browser = Browser(app, "admin")
    today = browser.get("/admin/statements/").text
    page = browser.get("/admin/statements/", known_on="2024-07-31").text
    assert "as known on 2024-07-31" in page
    assert "read-only" in page
    for offer in ("/admin/statements/edit/", "/admin/statements/new/", "data-bulk"):
        assert (offer in page) <= (offer in today)
    assert "/admin/statements/edit/" in today
    assert "/admin/statements/edit/" not in page
    assert "data-bulk" not in page
    assert "/admin/statements/new/" not in page
    for shown_so in (today, page):
        head, _, body = shown_so.partition("<tbody")
        # Each figure stands under its own heading.
        assert body.partition("</tr>")[0].count("<td") == head.partition("<thead")[2].count("<th ")
    with browser.get("/admin/statements/export/csv/", known_on="2024-07-31") as file:
        assert "as-known-on-2024-07-31" in file.headers["Content-Disposition"]
        assert len(file.text.splitlines()) == 2
