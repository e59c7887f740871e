"""A report filed with EDINET: the filing and its statements, each figure with its element, context and document."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from webapp import db
from webapp.files.edinet import document, mapping
from webapp.files.edinet import filing as edinet
from webapp.files.edinet.filing import Filing as Report
from webapp.files.edinet.statements import Statement
from webapp.files.rows import MasterList, WrongFile
from webapp.label import Label
from webapp.models.company import Company
from webapp.models.filing import Filing
from webapp.models.financial_statement import FinancialStatement
from webapp.rules import calendar, change
from webapp.rules.findings import Finding
from webapp.services.changes import row_codec
from webapp.services.changes.proposals import Wish
from webapp.services.changes.proposing import Stored
from webapp.services.intake import steward_corrections
from webapp.services.intake.import_kind import ImportKind
from webapp.services.intake.merging import Merge

OF_ANOTHER_FILING = "statement_of_another_filing"
STANDING = "0"
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Known:
    """What the tables hold of the document: its company, the day of its submission, and whether it is stored."""

    company_id: int
    announced_on: date
    is_stored: bool


def stored(report: MasterList[Statement]) -> Stored:
    """The stored statements of the filer's period, of every scope, standard and revision."""
    assert isinstance(report, Report)
    table = row_codec.table_of(FinancialStatement)
    rows = select(table).where(
        table.c.company_id == _company_id(report),
        table.c.fiscal_year_end_on == report.period.fiscal_year_end_on,
        table.c.period_type == report.period.type,
    )
    of_period = [
        {str(name): value for name, value in row.items()} for row in db.session.execute(rows).mappings()
    ]
    return {row_codec.key_of(FinancialStatement, row): row for row in of_period}


def merge(report: MasterList[Statement], stored: Stored) -> Merge:
    """The document, where it is not stored yet, and its statements over those of the same identity.

    A statement that came from another document stays: which of two documents speaks is a matter of revisions.
    """
    merging = Merge()
    if not report.rows:
        return merging
    assert isinstance(report, Report)
    known = _known(report)
    if not known.is_stored:
        merging.wishes.append(Wish(Filing, change.CREATE, _filing(report, known)))
        merging.remarks.append(
            Finding(
                None, "the file does not say at what time it was submitted: 0:00 is taken", is_blocking=False
            )
        )
    for statement in report.rows:
        same = [row for row in stored.values() if _is_same(row, statement)]
        row = next((row for row in same if row["filing_doc_id"] in (report.doc_id, None)), None)
        if row is None and same:
            merging.left_alone[OF_ANOTHER_FILING] += 1
            merging.remarks.append(_of_another(same))
        else:
            merging.wishes.append(_wish_for(statement, row, report, known))
    return merging


def _company_id(report: Report) -> int:
    number = db.session.scalar(select(Company.id).where(Company.edinet_code == report.edinet_code))
    if number is None:
        raise WrongFile(
            expected="a filing of a stored company",
            found="one of %(code)s %(name)s",
            code=report.edinet_code,
            name=report.filer_name,
        )
    return number


def _known(report: Report) -> _Known:
    company_id = _company_id(report)
    document = db.session.execute(
        select(Filing.company_id, Filing.submitted_at, Filing.withdrawal_status).where(
            Filing.doc_id == report.doc_id
        )
    ).one_or_none()
    if document is None:
        return _Known(company_id, report.as_of_on, is_stored=False)
    if document.company_id != company_id:
        raise WrongFile(
            expected="the filer of %(document)s, as it is stored",
            found="%(code)s %(name)s",
            document=report.doc_id,
            code=report.edinet_code,
            name=report.filer_name,
        )
    if document.withdrawal_status != STANDING:
        raise WrongFile(
            expected="a filing that stands", found="%(document)s, which was withdrawn", document=report.doc_id
        )
    return _Known(company_id, document.submitted_at.astimezone(calendar.JST).date(), is_stored=True)


def _filing(report: Report, known: _Known) -> dict[str, Any]:
    return {
        "doc_id": report.doc_id,
        "company_id": known.company_id,
        "document_type": report.document_type,
        "submitted_at": datetime.combine(report.as_of_on, time(), calendar.JST),
        "parent_doc_id": report.parent_doc_id,
        "period_start_on": report.period.fiscal_year_start_on,
        "period_end_on": report.period.end_on,
    }


def _is_same(row: Row, statement: Statement) -> bool:
    return (row["scope"], row["accounting_standard"]) == (statement.scope, statement.accounting_standard)


def _of_another(same: list[Row]) -> Finding:
    current = next((row for row in same if row["is_current"]), same[0])
    return Finding(
        "filing_doc_id",
        "the statement of this period, scope and standard came from %(document)s and stays",
        {"document": current["filing_doc_id"]},
        is_blocking=False,
    )


def _wish_for(statement: Statement, row: Row | None, report: Report, known: _Known) -> Wish:
    values: dict[str, Any] = {
        "fiscal_year_start_on": report.period.fiscal_year_start_on,
        "period_start_on": report.period.fiscal_year_start_on,
        "period_end_on": report.period.end_on,
        "currency": statement.currency,
        "rounding_unit": statement.rounding_unit,
        "announced_on": known.announced_on,
        "filing_doc_id": report.doc_id,
        **{name: _typed(name, value) for name, value in statement.values.items()},
        "sources": {name: {"filing": report.doc_id, **place} for name, place in statement.places.items()},
    }
    if row is not None:
        values["sources"] = _beside_stewards(values, row)
        return Wish(FinancialStatement, change.UPDATE, values, (row["id"],), line=statement.line)
    identity = {
        "company_id": known.company_id,
        "fiscal_year_end_on": report.period.fiscal_year_end_on,
        "period_type": report.period.type,
        "scope": statement.scope,
        "accounting_standard": statement.accounting_standard,
    }
    return Wish(FinancialStatement, change.CREATE, identity | values, line=statement.line)


def _beside_stewards(values: Row, row: Row) -> dict[str, Any]:
    """The sources, but for figures that a steward set otherwise: those did not come from this filing."""
    key = (row["id"],)
    by_hand = steward_corrections.stewards_values(FinancialStatement, {key: row}, [key]).get(key, {})
    kept = {name for name, value in by_hand.items() if name in values and values[name] != value}
    of_filing = {name: place for name, place in values["sources"].items() if name not in kept}
    return of_filing | {name: place for name, place in row["sources"].items() if name in kept}


def _typed(name: str, value: Decimal | None) -> Decimal | int | None:
    """Shares and people are counted; a fraction of one is left for the column's rule to refuse."""
    is_count = row_codec.table_of(FinancialStatement).columns[name].type.python_type is int
    return int(value) if is_count and value is not None and value == int(value) else value


KIND = ImportKind(
    name="edinet-filing",
    label=Label("有価証券報告書・四半期報告書・半期報告書", "Annual, quarterly or half-year report"),
    source=f"出典：EDINET閲覧（提出）サイト（科目対応表 第{mapping.VERSION}版）",
    model=FinancialStatement,
    recognises=document.is_in,
    read=edinet.read,
    stored=stored,
    merge=merge,
    words={
        OF_ANOTHER_FILING: Label("別の書類による財務諸表", "statement of another filing"),
    },
    is_list=False,
    keeps_bytes=True,
)
