"""A report filed with EDINET: the filing, its statements, and what it restates of the year before."""

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import or_, select

from webapp import db
from webapp.files.edinet import document, mapping, periods
from webapp.files.edinet import filing as edinet
from webapp.files.edinet.filing import Filing as Report
from webapp.files.edinet.statements import Statement
from webapp.files.rows import MasterList, WrongFile
from webapp.label import Label
from webapp.models.company import Company
from webapp.models.filing import Filing
from webapp.models.financial_statement import FinancialStatement
from webapp.rules import calendar, change
from webapp.rules import filing as rules
from webapp.rules.findings import Finding
from webapp.services.changes import row_codec
from webapp.services.changes.proposals import Wish
from webapp.services.changes.proposing import Stored
from webapp.services.companies import known_before
from webapp.services.intake import file_findings, statement_chains
from webapp.services.intake.filed_statements import FiledStatements
from webapp.services.intake.import_kind import ImportKind
from webapp.services.intake.merging import Merge
from webapp.services.intake.statement_identities import is_restating, months
from webapp.services.intake.stored_reports import Reader, StoredDocument

# So far from the report's own fiscal year lie those of which it, or a report beside it, speaks.
AROUND = timedelta(days=1000)
Row = Mapping[str, Any]


def stored(report: MasterList[Statement]) -> Stored:
    """The stored statements of the filer's months around the report, and of its fiscal years where it is an interim."""
    assert isinstance(report, Report)
    table = row_codec.table_of(FinancialStatement)
    period = report.period
    kinds = [kind for kind in periods.TYPES if months(kind) == months(period.type)]
    year_end = report.period_before.fiscal_year_end_on if report.period_before is not None else None
    rows = select(table).where(
        table.c.company_id == _company_id(report),
        table.c.fiscal_year_end_on.between(
            period.fiscal_year_end_on - AROUND, period.fiscal_year_end_on + AROUND
        ),
        or_(
            table.c.period_type.in_(kinds),
            (table.c.period_type == periods.YEARLY) & (table.c.fiscal_year_end_on == year_end),
        ),
    )
    around = [
        {str(name): value for name, value in row.items()} for row in db.session.execute(rows).mappings()
    ]
    return {row_codec.key_of(FinancialStatement, row): row for row in around}


def merge(report: MasterList[Statement], stored: Stored) -> Merge:
    """The document, where it is not stored yet, and its statements among the revisions of each."""
    merging = Merge()
    if not report.rows:
        return merging
    assert isinstance(report, Report)
    known = _known(report)
    document = _document(report, known)
    if known is None:
        merging.wishes.append(Wish(Filing, change.CREATE, _filing(report, document)))
        message = "the file does not say at what time it was submitted: 0:00 is taken"
        merging.remarks.append(Finding(None, message, is_blocking=False))
    elif known["file_hash"] != report.sha256:
        merging.wishes.append(
            Wish(Filing, change.UPDATE, {"file_hash": report.sha256}, (report.doc_id,), known["version"])
        )
    filed = FiledStatements(report, document, stored, Reader({report.doc_id: report}))
    for wishes, remarks in filed.wishes():
        merging.wishes += wishes
        merging.remarks += remarks
    merging.remarks += _at_year_end(report, document, stored)
    return merging


def _company_id(report: Report) -> int:
    number = db.session.scalar(select(Company.id).where(Company.edinet_code == report.edinet_code))
    if number is None:
        number = known_before.by_code("edinet_code", [report.edinet_code]).get(report.edinet_code)
    if number is None:
        raise WrongFile(
            expected="a filing of a stored company",
            found="one of %(code)s %(name)s",
            code=report.edinet_code,
            name=report.filer_name,
        )
    return number


def _known(report: Report) -> Row | None:
    """The stored document; raises WrongFile where it is another filer's, or was withdrawn."""
    table = row_codec.table_of(Filing)
    row = db.session.execute(select(table).where(table.c.doc_id == report.doc_id)).mappings().one_or_none()
    if row is None:
        return None
    if row["company_id"] != _company_id(report):
        raise WrongFile(
            expected="the filer of %(document)s, as it is stored",
            found="%(code)s %(name)s",
            document=report.doc_id,
            code=report.edinet_code,
            name=report.filer_name,
        )
    if row["withdrawal_status"] != rules.STANDING:
        raise WrongFile(
            expected="a filing that stands", found="%(document)s, which was withdrawn", document=report.doc_id
        )
    return {str(name): value for name, value in row.items()}


def _document(report: Report, known: Row | None) -> StoredDocument:
    submitted_at = datetime.combine(report.as_of_on, time(), calendar.JST)
    return StoredDocument(
        doc_id=report.doc_id,
        company_id=_company_id(report),
        document_type=report.document_type,
        submitted_at=submitted_at if known is None else known["submitted_at"],
        stands=True,
    )


def _filing(report: Report, document: StoredDocument) -> dict[str, Any]:
    return {
        "doc_id": report.doc_id,
        "company_id": document.company_id,
        "document_type": report.document_type,
        "submitted_at": document.submitted_at,
        "parent_doc_id": report.parent_doc_id,
        "period_start_on": report.period.fiscal_year_start_on,
        "period_end_on": report.period.end_on,
        "file_hash": report.sha256,
    }


def _at_year_end(report: Report, document: StoredDocument, stored: Stored) -> Iterator[Finding]:
    """Where an interim report gives the last year-end otherwise than the annual row: worth a look, and no revision."""
    before = report.period_before
    for statement in report.at_year_end:
        row = None
        if before is not None:
            row = _annual(stored, statement, before.fiscal_year_end_on, document)
        if row is not None:
            yield from _differing(statement, row)


def _differing(statement: Statement, annual: Row) -> Iterator[Finding]:
    wish = Wish(FinancialStatement, change.UPDATE, {}, (annual["id"],))
    message = "the interim report gives %(value)s at the last year-end, the annual one %(annual)s"
    for name, value in statement_chains.typed(statement).items():
        is_line = value is not None and statement_chains.is_traced(statement.places[name])
        if is_line and annual[name] is not None and annual[name] != value:
            facts = {"value": value, "annual": annual[name]}
            yield file_findings.of_wish(Finding(name, message, facts, is_blocking=False), wish, annual)


def _annual(stored: Stored, statement: Statement, year_end: Any, document: StoredDocument) -> Row | None:
    """The annual statement as it had been announced when the interim report was submitted."""
    own = (periods.YEARLY, year_end, statement.scope, statement.accounting_standard)
    names = ("period_type", "fiscal_year_end_on", "scope", "accounting_standard")
    rows = (
        row
        for row in stored.values()
        if tuple(row[name] for name in names) == own
        and row["announced_at"] is not None
        and row["announced_at"] <= document.submitted_at
        and not is_restating(row)
    )
    return max(rows, key=lambda row: row["announced_at"], default=None)


KIND = ImportKind(
    name="edinet-filing",
    label=Label("有価証券報告書・四半期報告書・半期報告書", "Annual, quarterly or half-year report"),
    source=f"出典：EDINET閲覧（提出）サイト（科目対応表 第{mapping.VERSION}版）",
    model=FinancialStatement,
    recognises=document.is_in,
    read=edinet.read,
    stored=stored,
    merge=merge,
    is_list=False,
    beside="edinet-documents",
    keeps_bytes=True,
)
