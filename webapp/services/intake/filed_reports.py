"""Reports filed with EDINET beside what is stored: the documents, their statements, and what is remarked on them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from functools import cached_property
from typing import Any

from sqlalchemy import select

from webapp import db
from webapp.files.edinet import mapping, periods
from webapp.files.edinet.filing import Filing as Report
from webapp.files.edinet.statements import Statement
from webapp.files.rows import WrongFile
from webapp.models import code_words
from webapp.models.company import Company
from webapp.models.filing import Filing
from webapp.models.financial_statement import FinancialStatement
from webapp.rules import calendar, change
from webapp.rules import filing as rules
from webapp.rules.disclosure import reading
from webapp.rules.findings import Finding
from webapp.services.changes import row_codec, row_labels
from webapp.services.changes.filed import stored_figures, stored_statements
from webapp.services.changes.filed.filed_statements import FiledStatements
from webapp.services.changes.filed.statement_identities import is_restating
from webapp.services.changes.filed.stored_reports import Reader, StoredDocument
from webapp.services.changes.proposals import Wish
from webapp.services.changes.row_codec import Stored
from webapp.services.companies import known_before
from webapp.services.intake import filed_shares
from webapp.services.intake.merging import Merge

# As the terms of use ask for it, with the mapping by which figures are read.
SOURCE = f"出典：EDINET閲覧（提出）サイト（科目対応表 第{mapping.VERSION}版）"
# An annual report has some hundred elements of detail.
MOST_NAMED = 200
STATEMENTS = row_codec.table_of(FinancialStatement)
Row = Mapping[str, Any]


def stored(reports: Sequence[Report]) -> Stored:
    """The stored statements of the filers' months around the reports, and of their fiscal years."""
    if not reports:
        return {}
    of_periods = [(report.period.fiscal_year_end_on, report.period.type) for report in reports]
    return stored_statements.around(set(_company_ids(reports).values()), of_periods)


@dataclass(frozen=True)
class Filed:
    """Reports, and what is known here of their filers and documents."""

    reports: Sequence[Report]

    @cached_property
    def company_ids(self) -> Mapping[str, int]:
        """The filers that are stored, by EDINET code."""
        return _company_ids(self.reports)

    @cached_property
    def known(self) -> Mapping[str, Row]:
        """The documents that are stored, by id."""
        table = row_codec.table_of(Filing)
        rows = select(table).where(table.c.doc_id.in_([report.doc_id for report in self.reports]))
        return {
            row["doc_id"]: {str(name): value for name, value in row.items()}
            for row in db.session.execute(rows).mappings()
        }

    def refuse(self, report: Report) -> None:
        """Raise WrongFile where the filer or the day is not known, or the document is another's, or was withdrawn."""
        company_id, row = self.company_ids.get(report.edinet_code), self.known.get(report.doc_id)
        who = {"code": report.edinet_code, "name": report.filer_name}
        if company_id is None:
            raise WrongFile(expected="a filing of a stored company", found="one of %(code)s %(name)s", **who)
        if row is not None and row["company_id"] != company_id:
            raise WrongFile(
                expected="the filer of %(document)s, as it is stored",
                found="%(code)s %(name)s",
                document=report.doc_id,
                **who,
            )
        if row is None and not report.is_day_known:
            raise WrongFile(
                expected="the day of submission in the name of the file in the zip, or the register's",
                found="no day",
            )
        if row is not None and row["withdrawal_status"] != rules.STANDING:
            raise WrongFile(
                expected="a filing that stands",
                found="%(document)s, which was withdrawn",
                document=report.doc_id,
            )

    def merge(self, stored: Stored, merging: Merge) -> None:
        """The documents that are not stored yet, the statements of all reports, and the shares that they count.

        None of the reports is refused.
        """
        documents = {report.doc_id: self._document(report) for report in self.reports}
        for report in self.reports:
            self._merge_document(report, documents[report.doc_id], merging)
        reader = Reader({report.doc_id: report for report in self.reports})
        for company_id in dict.fromkeys(document.company_id for document in documents.values()):
            own = {doc_id: one for doc_id, one in documents.items() if one.company_id == company_id}
            of_filer = sorted(
                (report for report in self.reports if report.doc_id in own),
                key=lambda report: (own[report.doc_id].submitted_at, report.doc_id),
            )
            of_company = {key: row for key, row in stored.items() if row["company_id"] == company_id}
            _merge_statements(FiledStatements(of_filer, own, of_company, reader), merging)
        merging.wishes += filed_shares.wishes(self.reports, documents)

    def _document(self, report: Report) -> StoredDocument:
        known = self.known.get(report.doc_id)
        submitted_at = datetime.combine(report.as_of_on, time(), calendar.JST)
        return StoredDocument(
            doc_id=report.doc_id,
            company_id=self.company_ids[report.edinet_code],
            document_type=report.document_type,
            submitted_at=submitted_at if known is None else known["submitted_at"],
            stands=True,
        )

    def _remarks(self, report: Report) -> Iterator[Finding]:
        """What the register alone knows, and what the mapping does not."""
        if report.doc_id not in self.known:
            message = "the file does not say at what time it was submitted: 0:00 is taken"
            yield Finding(None, message, is_blocking=False)
        if report.lacks_own:
            message = (
                "there is no statement of the scope and standard that the DEI names; the others are taken"
            )
            yield Finding(None, message, is_blocking=False)
        if report.leaves_out_before:
            message = "what it says of the year before is left out: by the DEI that year does not end where this begins"
            yield Finding(None, message, is_blocking=False)
        if report.unmapped:
            message = (
                "reported by EDINET's taxonomy of %(year)s, which version %(version)s of the mapping does not know;"
                " elements that became no figure (%(number)s): %(elements)s"
            )
            shown = ", ".join(report.unmapped[:MOST_NAMED])
            facts = {
                "year": report.taxonomy,
                "version": mapping.VERSION,
                "number": len(report.unmapped),
                "elements": shown if len(report.unmapped) <= MOST_NAMED else f"{shown}, …",
            }
            yield Finding(None, message, facts, is_blocking=False)

        for statement in report.rows:
            yield from stored_figures.remarks(statement)

        for one in report.summarised:
            if not one.agrees:
                label = row_codec.table_of(FinancialStatement).columns[one.field].info["label"]
                said = {"value": one.in_statement, "summary": one.in_summary}
                yield reading.SUMMARY.broken(figure=label, scope=code_words.SCOPES[one.scope], **said)

    def _merge_document(self, report: Report, document: StoredDocument, merging: Merge) -> None:
        known = self.known.get(report.doc_id)
        facts = _filing(report, document)
        named = Wish(Filing, change.CREATE, facts)
        if known is None:
            merging.wishes.append(named)
        elif known["file_hash"] != report.sha256:
            hashed = {"file_hash": report.sha256}
            merging.wishes.append(Wish(Filing, change.UPDATE, hashed, (report.doc_id,), known["version"]))
        merging.remarks += [row_labels.of_wish(one, named, facts) for one in self._remarks(report)]


def _company_ids(reports: Sequence[Report]) -> Mapping[str, int]:
    codes = {report.edinet_code for report in reports}
    rows = select(Company.edinet_code, Company.id).where(Company.edinet_code.in_(codes))
    now = {str(row.edinet_code): row.id for row in db.session.execute(rows)}
    unknown = sorted(codes - now.keys())
    return {**known_before.by_code("edinet_code", unknown), **now} if unknown else now


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


def _merge_statements(filed: FiledStatements, merging: Merge) -> None:
    coming: list[Wish] = []
    for of_statement in filed.wishes():
        coming += of_statement.wishes
        merging.remarks += of_statement.remarks
        for (number, name), value in of_statement.says.items():
            merging.says[FinancialStatement, (number,), name] = value
    merging.wishes += coming
    annual = list(_annual(filed.stored, coming))
    for report in filed.reports:
        merging.remarks += _at_year_end(report, filed.own[report.doc_id], annual)


def _annual(stored: Stored, coming: Iterable[Wish]) -> Iterator[tuple[Wish, Row]]:
    """The annual statements as their filers gave them, stored and to come, each with a wish by which it is named."""
    rows: dict[Any, tuple[Wish, Row]] = {
        key: (Wish(FinancialStatement, change.UPDATE, {}, key), row) for key, row in stored.items()
    }
    for wish in coming:
        before = (
            stored.get(wish.key, {"based_on_id": None}) if wish.key is not None else {"based_on_id": None}
        )
        rows[wish.key or id(wish)] = (wish, {**before, **wish.values})
    for wish, row in rows.values():
        if wish.action != change.DELETE and row["period_type"] == periods.YEARLY and not is_restating(row):
            yield wish, row


def _at_year_end(
    report: Report, document: StoredDocument, annual: Sequence[tuple[Wish, Row]]
) -> Iterator[Finding]:
    """Where an interim report gives the last year-end otherwise than the annual row: worth a look, and no revision."""
    before = report.period_before
    if before is None:
        return
    for statement in report.at_year_end:
        own = (before.fiscal_year_end_on, statement.scope, statement.accounting_standard)
        names = ("fiscal_year_end_on", "scope", "accounting_standard")
        announced = [
            (wish, row)
            for wish, row in annual
            if tuple(row[name] for name in names) == own
            and row["announced_at"] is not None
            and row["announced_at"] <= document.submitted_at
        ]
        if announced:
            yield from _differing(
                report.doc_id, statement, *max(announced, key=lambda one: one[1]["announced_at"])
            )


def _differing(doc_id: str, statement: Statement, wish: Wish, annual: Row) -> Iterator[Finding]:
    message = (
        "the interim report %(document)s gives %(value)s at the last year-end, the annual one %(annual)s"
    )
    for name, value in stored_figures.typed(statement).items():
        is_line = value is not None and stored_figures.is_traced(statement.places[name])
        if is_line and annual[name] is not None and annual[name] != value:
            said = {"value": value, "annual": annual[name]}
            facts = row_labels.amounts(STATEMENTS.columns[name], annual, said) | {"document": doc_id}
            yield row_labels.of_companys(Finding(name, message, facts, is_blocking=False), wish, annual)
