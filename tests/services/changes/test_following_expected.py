"""What is expected and not there: owed by companies, or filed and not imported; it goes when it is stored."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select, text

from tests import factories
from webapp import db
from webapp.models.findings.expected_statement import ExpectedStatement
from webapp.rules import calendar
from webapp.services.changes import door
from webapp.services.changes.following import expected_statements
from webapp.services.changes.proposals import Wish

pytestmark = pytest.mark.usefixtures("connection")

TODAY = date(2025, 7, 10)
MARCH = {"fiscal_year_end_month": 3, "fiscal_year_end_day": 31}
OF_2024 = {
    "fiscal_year_start_on": date(2023, 4, 1),
    "fiscal_year_end_on": date(2024, 3, 31),
    "period_start_on": date(2023, 4, 1),
    "period_end_on": date(2024, 3, 31),
}


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> Callable[[date], None]:
    """The day on which it is looked; another one from the call on."""

    def at(day: date) -> None:
        monkeypatch.setattr(calendar, "today", lambda: day)

    at(TODAY)
    return at


def listed(**values: Any) -> Any:
    number = values.pop("number", 7974)
    return factories.company(ticker_symbol=str(number), listing_status="listed", **{**MARCH, **values})


def lacking(*states: str) -> list[tuple[str | None, str, str, str | None, str | None]]:
    rows = db.session.scalars(select(ExpectedStatement).order_by(ExpectedStatement.due_on)).all()
    return [
        (
            one.period_type,
            one.fiscal_year_end_on.isoformat(),
            one.state,
            None if one.due_on is None else one.due_on.isoformat(),
            one.filing_doc_id,
        )
        for one in rows
        if one.state in (states or ("missing", "unread", "ahead"))
    ]


def test_what_fell_due_is_missing_until_it_is_stored_and_again_when_that_is_undone() -> None:
    company = listed()
    assert lacking() == [
        ("HY", "2025-03-31", "missing", "2024-11-14", None),
        ("FY", "2025-03-31", "missing", "2025-06-30", None),
    ]
    statement = factories.statement(company_id=company.id)
    assert lacking() == [("HY", "2025-03-31", "missing", "2024-11-14", None)]
    factories.statement(
        company_id=company.id, period_type="Q2", period_end_on=date(2024, 9, 30), currency="JPY"
    )
    assert lacking() == []
    assert isinstance(door.undo(statement.change_set_id, factories.AUTHOR, "a mistake"), door.Applied)
    assert lacking() == [("FY", "2025-03-31", "missing", "2025-06-30", None)]


def test_before_its_deadline_a_statement_is_told_ahead(today: Callable[[date], None]) -> None:
    today(date(2025, 6, 30))
    listed()
    assert lacking("ahead") == [("FY", "2025-03-31", "ahead", "2025-06-30", None)]
    today(date(2025, 7, 1))
    assert expected_statements.look_at_all() == 1
    assert lacking("ahead") == []
    assert expected_statements.look_at_all() == 0


def test_a_series_that_has_begun_is_expected_to_go_on() -> None:
    company = listed()
    old = {name: day.replace(year=day.year - 2) for name, day in OF_2024.items()}
    factories.statement(company_id=company.id, **old)
    assert [one[:2] for one in lacking("missing") if one[0] == "FY"] == [
        ("FY", "2023-03-31"),
        ("FY", "2024-03-31"),
        ("FY", "2025-03-31"),
    ]


def test_a_document_without_its_figures_is_told_with_its_period_until_it_is_imported() -> None:
    company = listed()
    filing = factories.filing(company_id=company.id, period_end_on=date(2025, 3, 31))
    row = ("FY", "2025-03-31", "unread", "2025-06-30", filing.doc_id)
    assert row in lacking()
    assert len(lacking()) == 2
    factories.statement(company_id=company.id, filing_doc_id=filing.doc_id)
    assert lacking("unread") == []


@pytest.mark.parametrize(
    ("values", "period"),
    [
        ({"document_type": "130"}, "FY"),
        ({"document_type": "160", "submitted_at": datetime(2024, 11, 14, 6, tzinfo=UTC)}, "HY"),
        (
            {"document_type": "140", "description": "四半期報告書－第85期第３四半期(2023/10/01－2023/12/31)",
             "submitted_at": datetime(2024, 2, 14, 6, tzinfo=UTC), "period_end_on": date(2024, 3, 31)},
            "Q3",
        ),
        (
            {"document_type": "150", "description": "訂正四半期報告書", "period_end_on": date(2019, 3, 31)},
            None,
        ),
        # Withdrawn, closed to the public, without figures, of a fund, or read and without any change.
        ({"withdrawal_status": "2"}, "none"),
        ({"disclosure_status": "2"}, "none"),
        ({"has_csv": False}, "none"),
        ({"ordinance_code": "030"}, "none"),
        ({"document_type": "130", "file_hash": "0" * 64}, "none"),
        ({"document_type": "180"}, "none"),
    ],
)  # fmt: skip
def test_documents_that_hold_statements_are_told_of_by_their_kind(
    values: dict[str, Any], period: str | None
) -> None:
    factories.filing(company_id=listed().id, **{"period_end_on": date(2025, 3, 31), **values})
    assert [one[0] for one in lacking("unread")] == ([] if period == "none" else [period])


@pytest.mark.parametrize(
    ("values", "number"),
    [
        ({"listing_status": "delisted", "ticker_symbol": "7974"}, 0),
        ({"listing_status": "unlisted"}, 2),
        ({"filer_type": "外国政府等"}, 0),
        ({"fiscal_year_end_month": None, "fiscal_year_end_day": None}, 0),
        ({"established_on": date(2025, 1, 1)}, 1),
        ({"established_on": date(2025, 4, 1)}, 0),
    ],
)
def test_only_those_owe_a_report_who_file_and_were_there(values: dict[str, Any], number: int) -> None:
    factories.company(**{**MARCH, **values})
    assert len(lacking("missing")) == number


def test_a_year_whose_end_has_moved_counts_as_stored() -> None:
    company = listed(fiscal_year_end_month=12)
    factories.statement(
        company_id=company.id,
        fiscal_year_start_on=date(2024, 7, 1),
        fiscal_year_end_on=date(2024, 9, 30),
        period_start_on=date(2024, 7, 1),
        period_end_on=date(2024, 9, 30),
    )
    assert [one for one in lacking("missing") if one[0] == "FY"] == []


def test_a_change_of_the_fiscal_year_moves_what_is_expected() -> None:
    company = listed()
    door.carry(
        [Wish(type(company), "update", {"fiscal_year_end_month": 12}, (company.id,))], factories.intent()
    )
    assert {one[1] for one in lacking("missing")} == {"2024-12-31"}


def test_what_was_written_from_outside_is_seen_by_the_next_look_at_all() -> None:
    company = listed()
    db.session.execute(text("UPDATE companies SET listing_status = 'ceased', ticker_symbol = NULL"))
    assert len(lacking()) == 2
    assert expected_statements.look_at_all() == 2
    assert lacking() == []
    assert company.id
