"""Reports restate, amend and are withdrawn: whatever order they come in, each statement has the same revisions."""

from datetime import date, datetime
from decimal import Decimal
from functools import partial
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import func, select, update

from tests.factories import AUTHOR, intent
from tests.files.edinet.filings import flow, stock
from tests.services.intake import reports
from tests.services.intake.reports import annual, before, current, edit, figures, interim, rows, take
from webapp import db
from webapp.files.edinet import mapping
from webapp.lists import knowledge
from webapp.lists.knowledge import Known
from webapp.models.company import Company
from webapp.models.filing import Filing
from webapp.models.financial_statement import IDENTITY, FinancialStatement
from webapp.models.findings.finding import FiledFinding
from webapp.rules import calendar, finding
from webapp.rules.findings import Finding
from webapp.rules.statement import end_of
from webapp.services.changes import door
from webapp.services.changes.door import Applied
from webapp.services.changes.filed.stored_reports import Reader
from webapp.services.changes.proposals import Wish
from webapp.services.intake.tracing import figure_origins
from webapp.services.intake.tracing.figure_origins import Origin
from webapp.words import remarks, speech

pytestmark = pytest.mark.usefixtures("connection")

FIRST, SECOND, AMENDED = "S100AAAA", "S100BBBB", "S100CCCC"


def first() -> Any:
    return annual(2024, FIRST, *figures(100))


def second(sales_before: int = 100, **more: int) -> Any:
    return annual(2025, SECOND, *figures(120), *before(figures(sales_before, **more)))


def test_a_comparative_that_differs_revises_the_annual_row_and_names_only_what_it_changes() -> None:
    reports.company()
    take(first())
    take(second(97))
    filed, restated = rows(2024)
    assert (filed.revision_type, filed.revenue, filed.is_current) == ("ORG", 100, False)
    assert (restated.revision_type, restated.revenue, restated.total_assets) == ("CLA", 97, 90)
    assert (restated.filing_doc_id, restated.based_on_id, restated.is_current) == (SECOND, filed.id, True)
    assert restated.sources == {
        "revenue": {"filing": SECOND, "element": reports.SALES, "context": "Prior1YearDuration"}
    }
    assert restated.announced_at == datetime(2025, 6, 27, tzinfo=calendar.JST)
    origins = figure_origins.of(restated, Reader())
    assert origins["revenue"] == Origin(SECOND, reports.SALES, "Prior1YearDuration")
    assert origins["total_assets"] == Origin(FIRST, reports.ASSETS, "CurrentYearInstant")


def test_a_comparative_that_agrees_or_is_not_given_revises_nothing() -> None:
    reports.company()
    take(first())
    take(annual(2025, SECOND, *figures(120), flow(reports.SALES, 100, "Prior1YearDuration")))
    assert len(rows(2024)) == 1


def test_in_whatever_order_reports_come_the_rows_are_the_same() -> None:
    filer = reports.company()
    seen = []
    for turn, order in enumerate(permutations(range(3))):
        # Other bytes each time, as the same file is not taken twice at one moment.
        code = {"SecurityCodeDEI": f"1376{turn}"}
        made = (
            partial(annual, 2024, FIRST, *figures(100), **code),
            partial(annual, 2025, SECOND, *figures(120), *before(figures(97)), **code),
            partial(annual, 2024, AMENDED, *figures(99), day="2024-08-01", amends=FIRST, **code),
        )
        numbers = [take(made[place]()).id for place in order]
        seen.append(
            [
                (row.filing_doc_id, row.revision_type, row.revenue, row.is_current, row.sources)
                for row in rows(2024)
            ]
        )
        for number in reversed(numbers):
            assert isinstance(door.undo(number, AUTHOR, "the next order"), Applied)
        assert rows() == []
        assert db.session.scalar(select(func.count()).select_from(Filing)) == 0
    assert [row[:4] for row in seen[0]] == [
        (FIRST, "ORG", 100, False),
        (AMENDED, "COR", 99, False),
        (SECOND, "CLA", 97, True),
    ]
    assert seen == [seen[0]] * 6
    assert filer.id is not None


def test_a_report_that_restates_no_longer_takes_its_revision_away() -> None:
    reports.company()
    take(first())
    take(second(97))
    take(annual(2024, AMENDED, *figures(97), day="2024-08-01", amends=FIRST))
    assert [(row.filing_doc_id, row.is_current) for row in rows(2024)] == [(FIRST, False), (AMENDED, True)]


def test_all_of_it_again_changes_nothing() -> None:
    reports.company()
    take(first())
    take(second(97))
    assert first().proposal.is_empty
    assert second(97).proposal.is_empty


def test_an_interim_report_revises_the_same_months_a_year_before_whatever_they_are_called() -> None:
    reports.company()
    own = [flow(reports.SALES, 50, "CurrentYTDDuration"), stock(reports.ASSETS, 80, "CurrentQuarterInstant")]
    take(interim(2024, "Q2", FIRST, *own))
    later = [flow(reports.SALES, 60, "InterimDuration"), stock(reports.ASSETS, 85, "InterimInstant")]
    take(interim(2025, "HY", SECOND, *later, flow(reports.SALES, 48, "Prior1InterimDuration")))
    filed, restated = rows(2024)
    assert (filed.period_type, filed.revenue) == ("Q2", 50)
    assert (restated.period_type, restated.revenue, restated.period_end_on) == ("Q2", 48, date(2023, 9, 30))


def test_an_interim_reports_balance_sheet_of_the_last_year_end_is_a_remark_and_no_revision() -> None:
    filer = reports.company()
    take(first())
    lines = [
        flow(reports.SALES, 50, "CurrentYTDDuration"),
        stock(reports.ASSETS, 80, "CurrentQuarterInstant"),
    ]
    report = interim(2025, "Q2", SECOND, *lines, stock(reports.ASSETS, 88, "Prior1YearInstant"))
    (remark,) = (one for one in report.remarks if one.field == "total_assets")
    assert (remark.params["value"], remark.params["annual"]) == (88, Decimal(90))
    said = remarks.sentence(remark, FinancialStatement.__table__.columns, speech.of_language("ja"))
    assert said == "四半期・半期報告書S100BBBBの前期末の数値は 88 円 ですが、通期の財務諸表では 90 円 です"
    assert remark.record == f"{Company.naming.of_record(filer)} 2024年3月期 通期 連結"
    take(report)
    assert [row.total_assets for row in rows(2024)] == [90]


def test_another_standard_is_a_first_row_of_its_own_and_supersedes_nothing() -> None:
    reports.company()
    take(first())
    own = [flow("jpigp_cor:RevenueIFRS", 118), stock("jpigp_cor:AssetsIFRS", 95)]
    dei = {"AccountingStandardsDEI": "IFRS"}
    take(
        annual(
            2025,
            SECOND,
            *own,
            *before([flow("jpigp_cor:RevenueIFRS", 98), stock("jpigp_cor:AssetsIFRS", 91)]),
            **dei,
        )
    )
    told = [(row.accounting_standard, row.revision_type, row.revenue, row.based_on_id) for row in rows(2024)]
    assert told == [("JGAAP", "ORG", 100, None), ("IFRS", "STD", 98, None)]
    assert all(row.is_current for row in rows(2024))
    assert figure_origins.of(rows(2024)[1], Reader())["revenue"].context == "Prior1YearDuration"


def test_own_equity_follows_from_restated_net_assets() -> None:
    reports.company()
    parts = [stock("jppfs_cor:NetAssets", 60), stock("jppfs_cor:NonControllingInterests", 10)]
    take(annual(2024, FIRST, *figures(100), *parts))
    take(annual(2025, SECOND, *figures(120), stock("jppfs_cor:NetAssets", 57, "Prior1YearInstant")))
    restated = current(2024)
    assert (restated.revision_type, restated.equity_attributable_to_owners) == ("RES", 47)
    assert restated.sources["equity_attributable_to_owners"]["element"] == mapping.FORMULA


def test_what_is_withdrawn_leaves_the_current_view_and_comes_back_when_that_is_undone() -> None:
    reports.company()
    take(first())
    take(second(97))
    number = edit(db.session.get_one(Filing, SECOND), withdrawal_status="2")
    assert current(2024).filing_doc_id == FIRST
    assert not any(row.is_current for row in rows(2025))
    assert isinstance(door.undo(number, AUTHOR, "not withdrawn"), Applied)
    assert (current(2024).filing_doc_id, current(2025).filing_doc_id) == (SECOND, SECOND)
    edit(db.session.get_one(Filing, SECOND), withdrawal_status="2")
    edit(db.session.get_one(Filing, SECOND), withdrawal_status="0")
    assert current(2024).filing_doc_id == SECOND


def test_a_stewards_value_is_carried_over_where_the_amendment_repeats_the_figure() -> None:
    reports.company()
    take(first())
    edit(rows(2024)[0], revenue=Decimal(101))
    amendment = annual(2024, AMENDED, *figures(100, profit=4), day="2024-08-01", amends=FIRST)
    take(amendment)
    assert [(row.revenue, row.profit, row.is_current) for row in rows(2024)] == [
        (101, 5, False),
        (101, 4, True),
    ]
    (remark,) = (one for one in amendment.remarks if one.field == "revenue")
    assert (remark.message[:4], remark.params["filed"], remark.params["value"]) == ("kept", 100, 101)
    assert annual(2024, AMENDED, *figures(100, profit=4), day="2024-08-01", amends=FIRST).proposal.is_empty


def test_the_amendment_is_current_where_it_changes_what_a_steward_had_corrected() -> None:
    reports.company()
    take(first())
    edit(rows(2024)[0], revenue=Decimal(101))
    amendment = annual(2024, AMENDED, *figures(102), day="2024-08-01", amends=FIRST)
    take(amendment)
    assert [(row.revenue, row.is_current) for row in rows(2024)] == [(101, False), (102, True)]
    (remark,) = (one for one in amendment.remarks if one.field == "revenue")
    assert (remark.params["filed"], remark.params["value"]) == (102, 101)


def test_what_a_steward_corrected_and_the_filer_repeats_a_year_later_is_no_restatement() -> None:
    reports.company()
    take(first())
    edit(rows(2024)[0], revenue=Decimal(101))
    take(second(100))
    assert [(row.filing_doc_id, row.revenue) for row in rows(2024)] == [(FIRST, 101)]


def test_a_correction_below_a_restatement_holds_in_it_and_goes_with_its_undoing() -> None:
    reports.company()
    take(first())
    take(second(97))
    number = edit(rows(2024)[0], total_assets=Decimal(91), revenue=Decimal(101))
    assert [(row.total_assets, row.revenue) for row in rows(2024)] == [(91, 101), (91, 97)]
    assert isinstance(door.undo(number, AUTHOR, "it was right"), Applied)
    assert [(row.total_assets, row.revenue) for row in rows(2024)] == [(90, 100), (90, 97)]


def test_imported_again_by_a_newer_mapping_the_change_set_shows_which_values_change() -> None:
    reports.company()
    lines = (*figures(100), stock("jppfs_cor:NotesAndAccountsReceivableTrade", 30))
    take(annual(2024, FIRST, *lines))
    db.session.execute(update(FinancialStatement).values(mapping_version=1, receivables=None))
    (item,) = annual(2024, FIRST, *lines).proposal.items
    assert item.after == {"mapping_version": mapping.VERSION, "receivables": 30}


def test_a_correction_by_hand_is_a_revision_of_its_day_among_those_of_documents() -> None:
    reports.company()
    take(first())
    filed = rows(2024)[0]
    names = (*IDENTITY, "fiscal_year_start_on", "period_start_on", "period_end_on", "profit", "total_assets")
    values = {name: getattr(filed, name) for name in names}
    by_hand = values | {"revenue": Decimal(98), "revision_no": 7, "revision_type": "STEWARD"}
    day = {"announced_on": date(2024, 7, 15)}
    wish = Wish(FinancialStatement, "create", by_hand | day)
    assert isinstance(door.carry([wish], intent("create")), Applied)
    assert (current(2024).revenue, current(2024).announced_at) == (98, end_of(day["announced_on"]))
    take(second(98))
    assert len(rows(2024)) == 2
    take(annual(2024, AMENDED, *figures(99), day="2024-08-01", amends=FIRST))
    told = [(row.revision_type, row.revenue, row.is_current) for row in rows(2024)]
    assert told == [("ORG", 100, False), ("STEWARD", 98, False), ("COR", 99, False), ("CLA", 98, True)]


def known_on(*days: date) -> list[int | None]:
    """The revenue that was known of the year at the end of each day, None where nothing was."""
    db.session.expire_all()
    revenues = [
        db.session.scalar(
            select(FinancialStatement.revenue).where(
                knowledge.of_statements(Known(day)),
                FinancialStatement.fiscal_year_end_on == date(2024, 3, 31),
            )
        )
        for day in days
    ]
    return [None if revenue is None else int(revenue) for revenue in revenues]


DAYS = (date(2024, 6, 26), date(2024, 6, 27), date(2024, 7, 31), date(2024, 8, 1), date(2025, 12, 31))


def against_source() -> list[tuple[str, Any, Any, str]]:
    """What stands open of stewards' values against a source: field, stored and said."""
    rows = select(FiledFinding).where(FiledFinding.rule == finding.STEWARD_AGAINST_SOURCE)
    return [(row.field or "", row.observed, row.expected, row.status) for row in db.session.scalars(rows)]


def corrected_and_amended(amended: int) -> list[Finding]:
    """A figure of a report is corrected by a steward, then amended by the filer; what is remarked on it."""
    reports.company()
    take(first())
    edit(rows(2024)[0], revenue=Decimal(101))
    assert known_on(*DAYS) == [None, 101, 101, 101, 101]
    amendment = annual(2024, AMENDED, *figures(amended, profit=4), day="2024-08-01", amends=FIRST)
    take(amendment)
    return [one for one in amendment.remarks if one.field == "revenue"]


def test_a_correction_and_an_amendment_that_repeats_as_known_on_each_day() -> None:
    (remark,) = corrected_and_amended(100)
    assert (remark.params["filed"], remark.params["value"]) == (100, 101)
    assert known_on(*DAYS) == [None, 101, 101, 101, 101]
    assert [(row.revenue, row.profit, row.is_current) for row in rows(2024)] == [
        (101, 5, False),
        (101, 4, True),
    ]
    assert against_source() == [("revenue", "101", "100", "open")]


def test_a_correction_and_an_amendment_that_changes_as_known_on_each_day() -> None:
    (remark,) = corrected_and_amended(102)
    assert (remark.params["filed"], remark.params["value"]) == (102, 101)
    assert known_on(*DAYS) == [None, 101, 101, 102, 102]
    assert against_source() == [("revenue", "101", "102", "open")]
    edit(rows(2024)[0], revenue=Decimal(102))
    assert [one[3] for one in against_source()] == ["closed"]


def test_a_correction_of_an_amendment_holds_from_its_day_on_and_in_what_is_laid_over_it() -> None:
    reports.company()
    take(first())
    take(annual(2024, AMENDED, *figures(99), day="2024-08-01", amends=FIRST))
    take(annual(2025, SECOND, *figures(120), *before(figures(99, assets=91))))
    edit(rows(2024)[1], revenue=Decimal(98))
    assert known_on(*DAYS) == [None, 100, 100, 98, 98]
    assert [(row.revenue, row.total_assets) for row in rows(2024)] == [(100, 90), (98, 90), (98, 91)]
