"""Where each figure of a statement stands: the document, element and context from which it follows.

`sources` names what does not follow from the statement's own filing; all else is found by reading that filing again, or
that of the statement over which this one is laid.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from webapp import db
from webapp.files.edinet.statements import Statement
from webapp.models.financial_statement import FinancialStatement
from webapp.services.changes import row_codec
from webapp.services.intake import statement_chains
from webapp.services.intake.stored_reports import Reader

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a figure stands in which document; a sum has several elements, a computed figure its formula."""

    doc_id: str
    element: str
    context: str | None


def of(statement: FinancialStatement, reader: Reader) -> Mapping[str, Origin]:
    """The origin of each figure that follows from a document; one that a steward set otherwise has none."""
    columns = row_codec.table_of(FinancialStatement).columns
    row = {column.name: getattr(statement, column.name) for column in columns}
    origins = {name: _named(source) for name, source in row["sources"].items() if name in columns}
    if row["based_on_id"] is not None:
        base = db.session.get_one(FinancialStatement, row["based_on_id"])
        followed: Mapping[str, Origin] = {
            name: origin for name, origin in of(base, reader).items() if row[name] == getattr(base, name)
        }
    else:
        followed = _read(row, reader)
    return {**followed, **origins}


def _named(source: Row) -> Origin:
    return Origin(source["filing"], source["element"], source.get("context"))


def _read(row: Row, reader: Reader) -> Mapping[str, Origin]:
    """By reading the statement's own filing again: what stands there as it is stored."""
    report = reader.report(row["filing_doc_id"]) if row["filing_doc_id"] is not None else None
    if report is None:
        return {}
    is_before = (
        row["revision_type"] == "STD" and row["fiscal_year_end_on"] != report.period.fiscal_year_end_on
    )
    read = next((one for one in (report.before if is_before else report.rows) if _is_same(one, row)), None)
    if read is None:
        return {}
    typed = statement_chains.typed(read)
    return {
        name: Origin(report.doc_id, place["element"], place["context"])
        for name, place in read.places.items()
        if typed[name] == row[name]
    }


def _is_same(statement: Statement, row: Row) -> bool:
    return (statement.scope, statement.accounting_standard) == (row["scope"], row["accounting_standard"])
