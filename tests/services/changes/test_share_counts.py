"""Annual reports count a company's shares: a row for the end of each fiscal year, in whatever order they come."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from tests import factories
from tests.factories import AUTHOR
from tests.files.edinet.filings import PARENT, Line, flow, stock
from tests.services.intake import reports
from tests.services.intake.reports import annual, edit, figures, interim, take
from webapp import db
from webapp.models.filing import Filing
from webapp.models.findings.finding import FiledFinding
from webapp.models.market.shares_outstanding import SharesOutstanding
from webapp.services.changes import door
from webapp.services.changes.door import Applied
from webapp.services.changes.proposals import Wish

pytestmark = pytest.mark.usefixtures("connection")
ISSUED = "jpcrp_cor:TotalNumberOfIssuedSharesSummaryOfBusinessResults"
OWN = "jpcrp_cor:TotalNumberOfSharesHeldTreasurySharesEtc"
FIRST, SECOND, AMENDED = "S100AAAA", "S100BBBB", "S100CCCC"
YEAR_END = date(2024, 3, 31)


def counted(issued: int, own: int | None = None) -> list[Line]:
    """What a report says of its shares."""
    lines = [stock(ISSUED, issued, f"CurrentYearInstant{PARENT}", "shares")]
    return lines if own is None else [*lines, stock(OWN, own, unit="shares")]


def shares() -> list[tuple[Any, ...]]:
    db.session.expire_all()
    rows = db.session.scalars(select(SharesOutstanding).order_by(SharesOutstanding.as_of_on))
    return [(row.as_of_on, row.issued, row.treasury, row.data_source) for row in rows]


def test_an_annual_report_counts_the_shares_of_its_last_day_and_is_undone_with_them() -> None:
    reports.company()
    change_set = take(annual(2024, FIRST, *figures(100), *counted(1000, 30)))
    assert shares() == [(YEAR_END, 1000, 30, f"EDINET {FIRST}")]
    assert {item.table_name for item in change_set.items} >= {"shares_outstanding", "financial_statements"}
    assert isinstance(door.undo(change_set.id, AUTHOR, "a mistake"), Applied)
    assert shares() == []


def test_own_shares_that_are_not_disclosed_are_not_zero_and_interim_reports_are_not_asked() -> None:
    reports.company()
    take(annual(2024, FIRST, *figures(100), *counted(1000)))
    half = [
        flow(reports.SALES, 50, "InterimDuration"),
        stock(reports.ASSETS, 90, "InterimInstant"),
        stock(ISSUED, 7, f"InterimInstant{PARENT}", "shares"),
        stock(OWN, 3, "InterimInstant", "shares"),
    ]
    take(interim(2025, "HY", SECOND, *half))
    assert shares() == [(YEAR_END, 1000, None, f"EDINET {FIRST}")]
    take(annual(2025, AMENDED, *figures(120)))
    assert [day for day, *_counts in shares()] == [YEAR_END]


@pytest.mark.parametrize(
    "order", [(FIRST, SECOND, AMENDED), (AMENDED, FIRST, SECOND), (SECOND, AMENDED, FIRST)]
)
def test_of_several_reports_on_one_day_the_one_submitted_last_counts(order: tuple[str, ...]) -> None:
    reports.company()
    coming = {
        FIRST: lambda: annual(2024, FIRST, *figures(100), *counted(1000, 30)),
        AMENDED: lambda: annual(
            2024, AMENDED, *figures(100), *counted(1000, 40), day="2024-08-01", amends=FIRST
        ),
        SECOND: lambda: annual(2025, SECOND, *figures(120), *counted(2000, 60)),
    }
    for doc_id in order:
        take(coming[doc_id]())
    assert shares() == [
        (YEAR_END, 1000, 40, f"EDINET {AMENDED}"),
        (date(2025, 3, 31), 2000, 60, f"EDINET {SECOND}"),
    ]
    again = annual(2024, AMENDED, *figures(100), *counted(1000, 40), day="2024-08-01", amends=FIRST)
    assert not {"created", "updated", "deleted"} & {name for name, count in again.counts.items() if count}


def test_what_a_steward_has_counted_stays_and_the_difference_stands_in_the_queue() -> None:
    company = reports.company()
    typed = {"company_id": company.id, "as_of_on": date(2025, 3, 31), "issued": 5, "data_source": "by hand"}
    assert isinstance(door.carry([Wish(SharesOutstanding, "create", typed)], factories.intent()), Applied)
    take(annual(2025, SECOND, *figures(100), *counted(1000, 30)))
    # A count is one thing: none is made of a steward's shares and a filing's own ones.
    assert shares()[-1][1:] == (5, None, "by hand")
    fields = select(FiledFinding.field).where(FiledFinding.table_name == "shares_outstanding")
    assert "issued" in db.session.scalars(fields).all()


def test_counts_of_another_source_give_way_to_the_filing() -> None:
    company = reports.company()
    with db.transaction():
        db.session.add(
            SharesOutstanding(
                company_id=company.id, as_of_on=YEAR_END, issued=900, treasury=None, data_source="a list"
            )
        )
    take(annual(2024, FIRST, *figures(100), *counted(1000, 30)))
    assert shares() == [(YEAR_END, 1000, 30, f"EDINET {FIRST}")]


@pytest.mark.parametrize("lines", [counted(1000, 1001), counted(0)])
def test_a_count_that_cannot_be_makes_no_row_and_keeps_no_statement_out(lines: list[Line]) -> None:
    reports.company()
    coming = annual(2024, FIRST, *figures(100), *lines)
    assert coming.counts["created"] >= 1
    take(coming)
    assert shares() == []


def test_counts_of_a_withdrawn_report_give_way_to_those_of_another_and_come_back_with_it() -> None:
    reports.company()
    take(annual(2024, FIRST, *figures(100), *counted(1000, 30)))
    take(annual(2024, AMENDED, *figures(100), *counted(1000, 40), day="2024-08-01", amends=FIRST))
    edit(db.session.get_one(Filing, AMENDED), withdrawal_status="2")
    assert shares() == [(YEAR_END, 1000, 30, f"EDINET {FIRST}")]
    edit(db.session.get_one(Filing, FIRST), withdrawal_status="2")
    assert shares() == []
    edit(db.session.get_one(Filing, AMENDED), withdrawal_status="0")
    assert shares() == [(YEAR_END, 1000, 40, f"EDINET {AMENDED}")]
    edit(db.session.get_one(Filing, FIRST), withdrawal_status="0")
    assert shares() == [(YEAR_END, 1000, 40, f"EDINET {AMENDED}")]


def test_what_others_have_counted_stays_where_a_report_is_withdrawn() -> None:
    company = reports.company()
    take(annual(2024, FIRST, *figures(100), *counted(1000, 30)))
    row = db.session.get_one(SharesOutstanding, (company.id, YEAR_END))
    corrected = Wish(SharesOutstanding, "update", {"treasury": 31}, (company.id, YEAR_END), row.version)
    assert isinstance(door.carry([corrected], factories.intent()), Applied)
    edit(db.session.get_one(Filing, FIRST), withdrawal_status="2")
    assert shares() == [(YEAR_END, 1000, 31, f"EDINET {FIRST}")]
