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
from webapp.services.changes.filed import stored_figures
from webapp.services.changes.filed.stored_reports import Reader

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a figure stands in which document; a sum has several elements, a computed figure its formula."""

    doc_id: str
    element: str
    context: str | None


@dataclass(frozen=True, slots=True)
class Filed:
    """What a document gives of a figure, and where."""

    origin: Origin
    value: Any


def of(statement: FinancialStatement, reader: Reader) -> Mapping[str, Origin]:
    """The origin of each figure that follows from a document; one that a steward set otherwise has none."""
    return {
        name: filed.origin
        for name, filed in as_filed(statement, reader).items()
        if filed.value == getattr(statement, name)
    }


def as_filed(statement: FinancialStatement, reader: Reader) -> Mapping[str, Filed]:
    """What documents give of each figure, whatever is stored of it.

    Of what `sources` names that is taken to be what is stored: its document need not be at hand.
    """
    named = {name: Filed(origin, getattr(statement, name)) for name, origin in said(statement).items()}
    if statement.based_on_id is not None:
        base = db.session.get_one(FinancialStatement, statement.based_on_id)
        return {**as_filed(base, reader), **named}
    columns = row_codec.table_of(FinancialStatement).columns
    row = {column.name: getattr(statement, column.name) for column in columns}
    return {**_read(row, reader), **named}


def said(statement: FinancialStatement) -> Mapping[str, Origin]:
    """What the statement itself says of where its figures stand."""
    columns = row_codec.table_of(FinancialStatement).columns
    return {
        name: Origin(source["filing"], source["element"], source.get("context"))
        for name, source in statement.sources.items()
        if name in columns
    }


def _read(row: Row, reader: Reader) -> Mapping[str, Filed]:
    """By reading the statement's own filing again."""
    report = reader.report(row["filing_doc_id"]) if row["filing_doc_id"] is not None else None
    if report is None:
        return {}
    is_before = (
        row["revision_type"] == "STD" and row["fiscal_year_end_on"] != report.period.fiscal_year_end_on
    )
    read = next((one for one in (report.before if is_before else report.rows) if _is_same(one, row)), None)
    if read is None:
        return {}
    typed = stored_figures.typed(read)
    return {
        name: Filed(Origin(report.doc_id, place["element"], place["context"]), typed[name])
        for name, place in read.places.items()
        if typed[name] is not None
    }


def _is_same(statement: Statement, row: Row) -> bool:
    return (statement.scope, statement.accounting_standard) == (row["scope"], row["accounting_standard"])
