"""Reports that are withdrawn, or stand again: of their months each statement is laid out anew by all that stands.

What a later report restates had been laid over the withdrawn one, and falls with it. It is laid over what stands
instead, where anything does: an original whose amendment was withdrawn, say.
"""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import select

from webapp import db
from webapp.models.financial_statement import FinancialStatement
from webapp.services.changes import row_codec
from webapp.services.intake import filed_reports, stored_reports
from webapp.services.intake.filed_statements import FiledStatements
from webapp.services.intake.merging import Merge
from webapp.services.intake.statement_identities import Identity
from webapp.services.intake.stored_reports import Reader, StoredDocument


def merge(standing: Mapping[str, bool], merging: Merge) -> None:
    """Wish for what the statements become once these documents stand, or do so no more."""
    documents = [
        replace(document, stands=standing[doc_id])
        for doc_id, document in stored_reports.documents(standing).items()
        if document.stands != standing[doc_id]
    ]
    reader = Reader()
    for company_id in sorted({document.company_id for document in documents}):
        own = {one.doc_id: one for one in documents if one.company_id == company_id}
        _merge_company(company_id, own, reader, merging)


def _merge_company(
    company_id: int, own: Mapping[str, StoredDocument], reader: Reader, merging: Merge
) -> None:
    table = row_codec.table_of(FinancialStatement)
    names = [table.c[name] for name in Identity.__annotations__]
    rows = select(*names).where(table.c.company_id == company_id, table.c.filing_doc_id.in_(own)).distinct()
    identities = [Identity(*row) for row in db.session.execute(rows.order_by(*names))]
    if not identities:
        return
    of_periods = [(one.fiscal_year_end_on, one.period_type) for one in identities]
    stored = filed_reports.around({company_id}, of_periods)
    for anew in FiledStatements((), own, stored, reader).anew(identities):
        merging.wishes += anew.wishes
        merging.remarks += anew.remarks
