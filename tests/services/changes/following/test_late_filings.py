"""Reports that were submitted after their deadline stand as findings, by the calendar by which others are missed."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from tests import factories
from webapp import db
from webapp.models.company import Company
from webapp.models.filing import Filing
from webapp.models.findings.finding import FiledFinding
from webapp.services.changes import door
from webapp.services.changes.following import late_filings
from webapp.services.changes.proposals import Wish

pytestmark = pytest.mark.usefixtures("connection")
MARCH = date(2025, 3, 31)


def late() -> dict[str, tuple[str, Any]]:
    """The state of each finding and the day on which its report was due, by document."""
    db.session.expire_all()
    filed = db.session.scalars(select(FiledFinding).where(FiledFinding.rule == "F-late"))
    return {one.row_key: (one.status, one.expected) for one in filed}


def listed(code: str, **more: Any) -> Any:
    return factories.company(ticker_symbol=code, listing_status="listed", **more)


def report(company: Any, submitted: tuple[int, int, int], end: date = MARCH, kind: str = "120") -> Any:
    at = datetime(*submitted, 6, tzinfo=UTC)
    return factories.filing(company_id=company.id, document_type=kind, submitted_at=at, period_end_on=end)


def carry(model: Any, key: Any, **values: Any) -> None:
    door.carry([Wish(model, "update", values, (key,))], factories.intent())


def test_an_annual_report_is_late_after_three_months_and_the_next_business_day() -> None:
    company = listed("7974")
    in_time = report(company, (2025, 6, 30))
    after = report(company, (2025, 7, 1))
    # 31 May 2026 is a Sunday.
    monday = report(company, (2026, 6, 1), date(2026, 2, 28))
    assert late() == {after.doc_id: ("open", "2025-06-30")}
    # Somebody has to look whether a later day was granted.
    assert db.session.scalars(select(FiledFinding.severity)).all() == ["review"]
    carry(Filing, after.doc_id, submitted_at=datetime(2025, 6, 30, 6, tzinfo=UTC))
    carry(Filing, in_time.doc_id, submitted_at=datetime(2025, 7, 1, 6, tzinfo=UTC))
    carry(Filing, monday.doc_id, submitted_at=datetime(2026, 6, 2, 6, tzinfo=UTC))
    assert late() == {
        after.doc_id: ("closed", "2025-06-30"),
        in_time.doc_id: ("open", "2025-06-30"),
        monday.doc_id: ("open", "2026-06-01"),
    }


def test_in_2020_nobody_was_late_until_the_end_of_september() -> None:
    company = listed("7974")
    report(company, (2020, 9, 30), date(2020, 3, 31))
    after = report(company, (2020, 10, 1), date(2020, 3, 31))
    assert late() == {after.doc_id: ("open", "2020-09-30")}


def test_a_foreign_filer_has_six_months_and_whoever_becomes_one_is_late_no_more() -> None:
    company = listed("7974")
    filing = report(company, (2025, 9, 30))
    assert late()[filing.doc_id][0] == "open"
    carry(Company, company.id, filer_type="外国法人・組合")
    assert late()[filing.doc_id][0] == "closed"


def test_an_interim_report_is_late_by_the_period_of_its_statement_whatever_the_register_says() -> None:
    bank = listed("8306", industry_format="BNK")
    half = {"period_type": "HY", "period_end_on": date(2024, 9, 30)}
    company = listed("7974")
    documents = [report(one, (2024, 11, 20), MARCH, "160") for one in (bank, company)]
    for filing in documents:
        factories.statement(company_id=filing.company_id, filing_doc_id=filing.doc_id, **half)
    late_filings.look_at_all()
    assert late() == {documents[1].doc_id: ("open", "2024-11-14")}
    carry(Filing, documents[1].doc_id, withdrawal_status="2")
    assert late()[documents[1].doc_id][0] == "closed"


@pytest.mark.parametrize("is_registered", [True, False])
def test_an_annual_report_whose_statements_are_stored_is_late_once(is_registered: bool) -> None:
    company = listed("7974")
    at = datetime(2025, 7, 1, 6, tzinfo=UTC)
    filing = factories.filing(
        company_id=company.id, submitted_at=at, period_end_on=MARCH if is_registered else None
    )
    for scope in ("consolidated", "non_consolidated"):
        factories.statement(company_id=company.id, filing_doc_id=filing.doc_id, scope=scope)
    late_filings.look_at_all()
    assert late() == {filing.doc_id: ("open", "2025-06-30")}
