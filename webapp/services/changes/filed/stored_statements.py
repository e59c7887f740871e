"""The stored statements that documents of some months may speak of."""

from collections.abc import Collection
from datetime import date, timedelta

from sqlalchemy import select

from webapp import db
from webapp.files.edinet import periods
from webapp.models.financial_statement import FinancialStatement
from webapp.services.changes import row_codec
from webapp.services.changes.filed.statement_identities import months
from webapp.services.changes.row_codec import Stored

# So far from a report's own fiscal year lie those of which it, or a report beside it, speaks.
AROUND = timedelta(days=1000)


def around(company_ids: Collection[int], of_periods: Collection[tuple[date, str]]) -> Stored:
    """The stored statements of companies around periods, each given as the end of its fiscal year and its type."""
    table = row_codec.table_of(FinancialStatement)
    kinds = {kind for kind in periods.TYPES for _end, own in of_periods if months(kind) == months(own)}
    year_ends = [year_end for year_end, _own in of_periods]
    rows = select(table).where(
        table.c.company_id.in_(company_ids),
        table.c.fiscal_year_end_on.between(min(year_ends) - AROUND, max(year_ends) + AROUND),
        table.c.period_type.in_(kinds | {periods.YEARLY}),
    )
    as_stored = (
        {str(name): value for name, value in row.items()} for row in db.session.execute(rows).mappings()
    )
    return {row_codec.key_of(FinancialStatement, row): row for row in as_stored}
