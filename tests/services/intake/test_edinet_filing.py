"""A report of EDINET becomes a filing and its statements, in one change set, beside what stewards and others stored."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from tests import factories, people
from tests.factories import AUTHOR, intent
from tests.files.edinet import filings
from tests.files.edinet.filings import ASSETS, PARENT, SALES, Line, flow, stock
from webapp import db
from webapp.files.edinet import mapping
from webapp.files.rows import WrongFile
from webapp.models.change_set import ChangeSet
from webapp.models.filing import Filing
from webapp.models.financial_statement import FinancialStatement
from webapp.models.findings.finding import FiledFinding
from webapp.models.import_file import ImportFile
from webapp.rules import calendar, change
from webapp.services.changes import door, file_bytes, policy
from webapp.services.changes.door import Applied, Waiting
from webapp.services.changes.filed.stored_reports import Reader
from webapp.services.changes.proposals import Author, Intent, Wish
from webapp.services.checking import catching_up
from webapp.services.intake import importing
from webapp.services.intake.importing import Preview, Request
from webapp.services.intake.tracing import figure_origins
from webapp.services.intake.tracing.figure_origins import Origin

pytestmark = pytest.mark.usefixtures("connection")

DOC_ID = "S100TEST"
OF_PARENT = (stock("jppfs_cor:Assets", 7, "CurrentYearInstant" + PARENT),)
Q1 = {"TypeOfCurrentPeriodDEI": "Q1", "CurrentPeriodEndDateDEI": "2024-06-30"}


def preview(*lines: Line, doc_id: str = DOC_ID, **how: Any) -> Preview:
    content = filings.zipped(*(lines or (SALES, ASSETS)), **how)
    return importing.preview(Request("edinet-filing", f"{doc_id}.zip", content, AUTHOR))


def take(preview: Preview) -> ChangeSet:
    change_set = importing.submit(preview)
    assert change_set is not None
    importing.confirm(change_set.id, AUTHOR)
    return change_set


def company() -> Any:
    return factories.company(edinet_code="E00004")


def statement(scope: str = "consolidated") -> FinancialStatement:
    db.session.expire_all()
    return db.session.scalars(select(FinancialStatement).where(FinancialStatement.scope == scope)).one()


def edit(row: FinancialStatement, **values: Any) -> None:
    wish = Wish(FinancialStatement, change.UPDATE, values, (row.id,), row.version)
    assert isinstance(door.carry([wish], intent()), Applied)


def test_the_filing_and_its_statements_are_one_change_set() -> None:
    filer = company()
    change_set = take(preview(SALES, ASSETS, *OF_PARENT))
    assert {item.table_name for item in change_set.items} == {"filings", "financial_statements"}
    filing = db.session.get_one(Filing, DOC_ID)
    assert (filing.company_id, filing.document_type) == (filer.id, "120")
    assert filing.submitted_at == datetime(2025, 6, 27, tzinfo=calendar.JST)
    row = statement()
    assert (row.revenue, row.gross_profit, row.filing_doc_id) == (Decimal(5_000_000_000), None, DOC_ID)
    assert (row.fiscal_year_end_on, row.period_type, row.announced_on) == (
        date(2025, 3, 31),
        "FY",
        date(2025, 6, 27),
    )
    assert row.is_current
    assert statement("non_consolidated").total_assets == 7


def test_a_summary_that_says_otherwise_than_its_statement_is_remarked_on() -> None:
    company()
    summary = stock("jpcrp_cor:TotalAssetsSummaryOfBusinessResults", 9_007_000_000)
    said = "Total assets (Consolidated) is 9000000000 in the statement and 9007000000 in the summary"
    found = {str(finding): finding for finding in preview(SALES, ASSETS, summary).findings}
    assert found[said].rule == "S1"


def test_what_a_summary_says_otherwise_stands_open_until_a_steward_has_mended_the_figure() -> None:
    company()
    cut_off = [
        stock("jpcrp_cor:TotalAssetsSummaryOfBusinessResults", 9_007_000_000),
        flow("jpcrp_cor:NetSalesSummaryOfBusinessResults", 5_000_000_000),
    ]
    take(preview(SALES, ASSETS, *cut_off))
    row = statement()
    assert row.sources["total_assets"] == {
        "filing": DOC_ID,
        "element": "jppfs_cor:Assets",
        "context": "CurrentYearInstant",
        "summary": "9007000000",
    }
    assert figure_origins.of(row, Reader())["total_assets"].element == "jppfs_cor:Assets"

    def filed() -> FiledFinding:
        db.session.expire_all()
        return db.session.scalars(select(FiledFinding).where(FiledFinding.rule == "S1")).one()

    assert (filed().field, filed().observed, filed().expected) == ("total_assets", "9000000000", "9007000000")
    assert preview(SALES, ASSETS, *cut_off).proposal.items == []
    edit(row, total_assets=Decimal(9_007_000_000))
    assert filed().status == "closed"
    catching_up.look_at_everything()
    assert filed().status == "closed"
    edit(statement(), total_assets=Decimal(9_000_000_000))
    assert filed().status == "open"


def test_every_figure_is_traced_to_element_context_and_document() -> None:
    company()
    take(preview())
    row = statement()
    assert (row.sources, row.mapping_version) == ({}, mapping.VERSION)
    assert figure_origins.of(row, Reader())["revenue"] == Origin(
        DOC_ID, "jppfs_cor:NetSales", "CurrentYearDuration"
    )


def test_what_is_computed_names_its_formula() -> None:
    company()
    take(
        preview(
            SALES, ASSETS, stock("jppfs_cor:NetAssets", 100), stock("jppfs_cor:NonControllingInterests", 30)
        )
    )
    assert statement().sources == {
        "equity_attributable_to_owners": {
            "filing": DOC_ID,
            "element": mapping.FORMULA,
            "context": "CurrentYearInstant",
        }
    }


def test_the_same_file_a_second_time_changes_nothing() -> None:
    company()
    take(preview())
    again = preview()
    assert (again.proposal.is_empty, again.counts["unchanged"]) == (True, 1)


def test_a_filing_of_the_register_keeps_its_time_and_dates_the_statement() -> None:
    submitted = datetime(2025, 6, 30, 16, 30, tzinfo=calendar.JST)
    factories.filing(company_id=company().id, doc_id=DOC_ID, submitted_at=submitted)
    take(preview())
    assert db.session.get_one(Filing, DOC_ID).submitted_at == submitted
    assert statement().announced_on == date(2025, 6, 30)


def test_a_statement_typed_without_a_filing_takes_the_filings_figures() -> None:
    filer = company()
    typed = factories.statement(company_id=filer.id)
    take(preview())
    assert (statement().id, statement().filing_doc_id, statement().revenue) == (
        typed.id,
        DOC_ID,
        5_000_000_000,
    )


def test_what_an_earlier_reading_got_wrong_is_taken_back_to_nothing() -> None:
    company()
    take(preview(SALES, ASSETS, flow("jppfs_cor:GrossProfit", 3)))
    take(preview(SALES, ASSETS))
    assert statement().gross_profit is None


def test_a_stewards_correction_stays_and_is_remarked_on() -> None:
    company()
    take(preview())
    edit(statement(), revenue=Decimal(4_000_000_000))
    again = preview()
    assert again.proposal.is_empty
    (remark,) = again.kept
    assert (remark.field, remark.params["value"]) == ("revenue", Decimal(5_000_000_000))


def test_a_figure_that_a_steward_typed_otherwise_does_not_claim_to_be_of_the_filing() -> None:
    factories.statement(company_id=company().id, revenue=Decimal(4_000_000_000))
    take(preview())
    assert (statement().revenue, statement().filing_doc_id) == (4_000_000_000, DOC_ID)
    assert set(figure_origins.of(statement(), Reader())) == {"total_assets"}
    assert preview().proposal.is_empty


def test_another_filing_of_the_same_months_is_a_revision_and_the_later_one_is_current() -> None:
    company()
    take(preview())
    earlier = "jpcrp030000-asr-001_E00004-000_2025-03-31_01_2025-06-20.csv"
    take(preview(flow("jppfs_cor:NetSales", 1), ASSETS, doc_id="S100SOON", name=earlier))
    rows = db.session.scalars(select(FinancialStatement).order_by(FinancialStatement.revision_no)).all()
    assert [(row.filing_doc_id, row.revenue, row.is_current) for row in rows] == [
        (DOC_ID, 5_000_000_000, True),
        ("S100SOON", 1, False),
    ]


def test_filings_come_in_any_order() -> None:
    company()
    take(preview())
    earlier = preview(
        stock("jppfs_cor:Assets", 8, "CurrentQuarterInstant"),
        doc_id="S100QONE",
        dei=Q1,
        name="jpcrp040300-q1r-001_E00004-000_2024-06-30_01_2024-08-09.csv",
    )
    take(earlier)
    assert db.session.get_one(Filing, "S100QONE").document_type == "140"
    assert db.session.scalar(select(func.count()).select_from(FinancialStatement)) == 2


def test_an_amendment_names_what_it_amends() -> None:
    company()
    dei = {"AmendmentFlagDEI": "true", "IdentificationOfDocumentSubjectToAmendmentDEI": "S100ORIG"}
    take(preview(dei=dei))
    filing = db.session.get_one(Filing, DOC_ID)
    assert (filing.document_type, filing.parent_doc_id) == ("130", "S100ORIG")


def test_undone_the_tables_are_as_before() -> None:
    company()
    number = take(preview()).id
    assert isinstance(door.undo(number, AUTHOR, "the wrong file"), Applied)
    for model in (Filing, FinancialStatement):
        assert db.session.scalar(select(func.count()).select_from(model)) == 0


def test_the_zip_stays() -> None:
    company()
    take(preview())
    file = db.session.scalars(select(ImportFile)).one()
    assert (file.kind, file_bytes.content_of(file)) == ("edinet-filing", filings.zipped(SALES, ASSETS))


def test_a_filer_who_is_not_stored_is_refused_by_name() -> None:
    with pytest.raises(WrongFile, match="a filing of a stored company; found one of E00004 試験種苗株式会社"):
        preview()


def test_a_document_that_is_stored_for_another_filer_is_refused() -> None:
    company()
    factories.filing(doc_id=DOC_ID)
    with pytest.raises(WrongFile, match=f"the filer of {DOC_ID}"):
        preview()


def test_a_withdrawn_filing_is_refused() -> None:
    factories.filing(company_id=company().id, doc_id=DOC_ID, withdrawal_status="2")
    with pytest.raises(WrongFile, match=f"found {DOC_ID}, which was withdrawn"):
        preview()


def test_a_file_without_its_document_id_is_refused() -> None:
    company()
    with pytest.raises(WrongFile, match=r"found the name report\.zip"):
        preview(doc_id="report")


def test_a_steward_may_have_a_filing_applied_where_other_changes_wait_for_somebody_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    company()
    person = people.user("steward")
    by = Author(person.name, person.id, person.role)
    monkeypatch.setattr(policy, "APPLIED_AT_ONCE", {policy.READ_FROM_FILINGS: frozenset({"steward"})})
    request = Request("edinet-filing", f"{DOC_ID}.zip", filings.zipped(SALES, ASSETS), by)
    change_set = importing.submit(importing.preview(request))
    assert change_set is not None
    importing.confirm(change_set.id, by)
    assert (change_set.status, change_set.decided_how) == ("applied", change.POLICY)
    wish = Wish(FinancialStatement, change.UPDATE, {"revenue": 1}, (statement().id,), statement().version)
    assert isinstance(door.carry([wish], Intent("edit", by, "a wish")), Waiting)


def test_elements_of_a_taxonomy_of_an_unknown_year_are_named_when_it_is_imported() -> None:
    company()
    end = f"{mapping.NEWEST_TAXONOMY[mapping.VERSION] + 1}-03-31"
    dei = {"CurrentPeriodEndDateDEI": end, "CurrentFiscalYearEndDateDEI": end}
    taken = preview(SALES, ASSETS, flow("jppfs_cor:SalesAnew", 4), dei=dei)
    (remark,) = (one for one in taken.findings if "elements" in one.params)
    assert (remark.params["number"], remark.params["elements"]) == (1, "jppfs_cor:SalesAnew")
    assert (remark.record or "").startswith(DOC_ID)
    take(taken)
    assert (statement().revenue, statement().gross_profit) == (5_000_000_000, None)
