"""Reports that are withdrawn, or stand again: of their months each statement is laid out anew by all that stands.

What a later report restates had been laid over the withdrawn one, and falls with it. It is laid over what stands
instead, where anything does: an original whose amendment was withdrawn, say. Whoever withdraws a report, the statements
move in the same change set.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from sqlalchemy import select

from webapp import db
from webapp.models.financial_statement import FinancialStatement
from webapp.rules.findings import Finding
from webapp.services.changes import row_codec
from webapp.services.changes.filed import stored_reports, stored_statements
from webapp.services.changes.filed.filed_statements import FiledStatements
from webapp.services.changes.filed.statement_identities import Identity
from webapp.services.changes.filed.stored_reports import Reader, StoredDocument
from webapp.services.changes.following import stewards_words
from webapp.services.changes.proposals import Wish
from webapp.services.changes.revisions import Withdrawn
from webapp.services.changes.row_codec import Key, Stored

Row = Mapping[str, Any]
# Statements as the same change set leaves them; None where it takes them away.
Beside = Mapping[Key, Row | None]
NOTHING: Beside = {}


@dataclass(frozen=True, slots=True)
class Laid:
    """A wish for a statement, the row that it is about, and what is remarked on it; or a remark on all of it alone."""

    wish: Wish | None
    row: Row | None
    remarks: Sequence[Finding]


def following(withdrawn: Withdrawn, beside: Beside = NOTHING) -> Iterator[Laid]:
    """What the statements become once these documents fall, or stand again; figures of stewards stay."""
    documents = [
        replace(document, stands=not withdrawn[doc_id])
        for doc_id, document in stored_reports.documents(withdrawn).items()
        if document.stands == withdrawn[doc_id]
    ]
    reader = Reader()
    for company_id in sorted({document.company_id for document in documents}):
        own = {one.doc_id: one for one in documents if one.company_id == company_id}
        yield from _of_company(company_id, own, reader, beside)


def _of_company(
    company_id: int, own: Mapping[str, StoredDocument], reader: Reader, beside: Beside
) -> Iterator[Laid]:
    identities = _of_documents(company_id, own)
    standing = (reader.report(doc_id) for doc_id, document in own.items() if document.stands)
    reports = [report for report in standing if report is not None]
    of_periods = [(one.fiscal_year_end_on, one.period_type) for one in identities]
    of_periods += [(report.period.fiscal_year_end_on, report.period.type) for report in reports]
    if not of_periods:
        return
    around = stored_statements.around({company_id}, of_periods)
    rows: Stored = {key: row for key, row in {**around, **beside}.items() if row is not None}
    filed = FiledStatements((), own, rows, reader)
    of_reports = chain.from_iterable(map(filed.touched_by, reports))
    for anew in filed.anew(chain(identities, of_reports)):
        for wish, remarks in stewards_words.respect(FinancialStatement, anew.wishes, rows):
            row = None if wish.key is None else rows[wish.key]
            yield Laid(wish, row, remarks)
        if anew.remarks:
            # A change set leads from a remark to a row of the table that it is about, which is that of documents.
            yield Laid(None, None, [replace(one, row_key=None) for one in anew.remarks])


def _of_documents(company_id: int, documents: Mapping[str, StoredDocument]) -> Sequence[Identity]:
    """The statements of which these documents say anything that is stored."""
    table = row_codec.table_of(FinancialStatement)
    names = [table.c[name] for name in Identity.__annotations__]
    of_documents = table.c.company_id == company_id, table.c.filing_doc_id.in_(documents)
    rows = select(*names).where(*of_documents).distinct().order_by(*names)
    return [Identity(*row) for row in db.session.execute(rows)]
