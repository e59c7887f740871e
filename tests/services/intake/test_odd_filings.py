"""Reports that are made otherwise than most, beside what is stored: nothing wrong is taken without a word."""

from datetime import date

import pytest

from tests import factories
from tests.files.edinet import filings
from tests.files.edinet.filings import Line, flow, stock
from tests.services.intake import reports
from tests.services.intake.reports import annual, before, current, edit, figures, rows, take
from webapp import db
from webapp.files.edinet import industries
from webapp.files.rows import WrongFile
from webapp.models.filing import Filing
from webapp.services.changes.filed.stored_reports import Reader
from webapp.services.intake.tracing import figure_origins

pytestmark = pytest.mark.usefixtures("connection")


def test_an_amendment_with_less_than_it_amends_is_remarked_on() -> None:
    reports.company()
    take(annual(2025, "S1000001", *figures(100)))
    partial = annual(2025, "S1000002", stock(reports.ASSETS, 90), day="2025-08-01", amends="S1000001")
    said = [one.message % one.params for one in partial.remarks]
    assert "the amendment lacks 2 figures that S1000001 has" in said
    whole = annual(2025, "S1000002", *figures(101), day="2025-08-01", amends="S1000001")
    assert not any("lacks" in one.message for one in whole.remarks)


def test_an_amendment_without_a_day_is_taken_where_the_register_knows_it() -> None:
    company = reports.company()
    take(annual(2025, "S1000001", *figures(100)))
    content = filings.zipped(
        *figures(101),
        dei={"AmendmentFlagDEI": "true", "IdentificationOfDocumentSubjectToAmendmentDEI": "S1000001"},
        name="jpcrp030000-asr-001_E00004-000_2025-03-31_02_unknown.csv",
    )
    with pytest.raises(WrongFile, match="the register's; found no day"):
        reports.preview("S1000002", content)
    factories.filing(company_id=company.id, doc_id="S1000002", document_type="130", parent_doc_id="S1000001")
    take(reports.preview("S1000002", content))
    assert (current(2025).filing_doc_id, current(2025).revenue) == ("S1000002", 101)


def test_a_year_that_follows_a_change_of_the_fiscal_year_restates_the_one_before() -> None:
    reports.company()
    take(annual(2025, "S1000001", *figures(100)))
    nine_months = {
        "CurrentFiscalYearStartDateDEI": "2025-04-01",
        "CurrentFiscalYearEndDateDEI": "2025-12-31",
        "CurrentPeriodEndDateDEI": "2025-12-31",
        "PreviousFiscalYearStartDateDEI": "2024-04-01",
        "PreviousFiscalYearEndDateDEI": "2025-03-31",
        "ComparativePeriodEndDateDEI": "2025-03-31",
    }
    content = reports.zipped("asr", "2026-03-27", *figures(80), *before(figures(99)), **nine_months)
    take(reports.preview("S1000002", content))
    ends = {(row.fiscal_year_end_on, row.revenue, row.is_current) for row in rows()}
    assert ends == {
        (date(2025, 3, 31), 100, False),
        (date(2025, 3, 31), 99, True),
        (date(2025, 12, 31), 80, True),
    }


def test_what_the_dei_names_and_the_file_lacks_is_said() -> None:
    reports.company()
    of_parent = [(name, context + filings.PARENT, unit, value) for name, context, unit, value in figures(3)]
    preview = annual(2025, "S1000001", *of_parent, PreviousFiscalYearEndDateDEI="2025-03-31")
    said = [one.message for one in preview.remarks]
    assert any(one.startswith("there is no statement of the scope and standard") for one in said)
    assert any(one.startswith("what it says of the year before is left out") for one in said)


def test_an_amendment_of_an_amendment_is_current_until_it_is_withdrawn_whatever_became_of_the_original() -> (
    None
):
    reports.company()
    take(annual(2025, "S1000001", *figures(100)))
    edit(db.session.get_one(Filing, "S1000001"), withdrawal_status="2")
    assert not any(row.is_current for row in rows(2025))
    take(annual(2025, "S1000002", *figures(99), day="2025-08-01", amends="S1000001"))
    take(annual(2025, "S1000003", *figures(98), day="2025-09-01", amends="S1000002"))
    told = [(row.revision_type, row.revenue, row.is_current) for row in rows(2025)]
    assert told == [("ORG", 100, False), ("COR", 99, False), ("COR", 98, True)]
    edit(db.session.get_one(Filing, "S1000003"), withdrawal_status="2")
    assert current(2025).revenue == 99
    # What stands again is current again.
    edit(db.session.get_one(Filing, "S1000003"), withdrawal_status="0")
    assert current(2025).revenue == 98


@pytest.mark.parametrize(
    ("said", "stored"), [("ELE", "ELE"), ("ivt", "IVT"), ("bnk,ins", "BNK"), ("xyz", None)]
)
def test_reports_of_every_industry_are_taken(said: str, stored: str | None) -> None:
    reports.company()
    take(annual(2025, "S1000001", *figures(100), **{industries.DEI["consolidated"]: said}))
    assert current(2025).industry_format == stored


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        (stock("jppfs_cor:TreasuryStock", 5), "treasury_shares", "5"),
        (flow("jppfs_cor:OperatingRevenue1", -5), "revenue", "-5"),
        (stock("jpcrp_cor:NumberOfEmployees", "12.5", unit="pure"), "employees", "12.5"),
        (flow("jppfs_cor:GrossProfit", 10**25), "gross_profit", str(10**25)),
    ],
)
def test_a_figure_that_no_column_can_hold_is_left_out_and_said_and_the_rest_is_taken(
    line: Line, name: str, value: str
) -> None:
    reports.company()
    assets = stock(reports.ASSETS, 90)
    coming = annual(2025, "S1000001", assets, line)
    said = [one.message % {key: str(part) for key, part in one.params.items()} for one in coming.remarks]
    assert any(f"is left out: the report gives {value} in {line[0]}." in one for one in said), said
    take(coming)
    row = current(2025)
    assert (row.total_assets, getattr(row, name)) == (90, None)
    assert name not in figure_origins.of(row, Reader({}))
    assert annual(2025, "S1000001", assets, line).counts["unchanged"] > 0
