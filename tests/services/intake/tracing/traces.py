"""Where stored figures stand, followed to the facts of their documents."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from webapp.files.edinet import document, mapping, statements
from webapp.models.financial_statement import FinancialStatement
from webapp.services.changes.filed import stored_reports
from webapp.services.changes.filed.statement_chains import FIGURES
from webapp.services.changes.filed.stored_reports import Reader
from webapp.services.intake.tracing import figure_origins
from webapp.services.intake.tracing.figure_origins import Origin

Facts = dict[tuple[str, str | None], Decimal]


class Tracing:
    """Reads each document once, by itself and not as imports read it."""

    def __init__(self) -> None:
        self.reader = Reader()
        self.read: dict[str, Facts] = {}

    def facts(self, doc_id: str) -> Facts:
        if doc_id not in self.read:
            zipped = stored_reports.content(doc_id)
            assert zipped is not None, doc_id
            facts = document.read(zipped).facts
            self.read[doc_id] = {
                (one.element, one.context): one.number for one in facts if one.number is not None
            }
        return self.read[doc_id]

    def stated(self, row: FinancialStatement, origin: Origin) -> Decimal:
        if origin.element == mapping.FORMULA:
            return statements.own_equity({name: getattr(row, name) for name in mapping.PARTS})
        facts = self.facts(origin.doc_id)
        return sum((facts[name, origin.context] for name in origin.element.split(mapping.PLUS)), Decimal(0))

    def untraced(self, stored: Sequence[FinancialStatement]) -> Iterator[tuple[str | None, str]]:
        """The figures that name no fact, or one that says otherwise."""
        for row in stored:
            origins = figure_origins.of(row, self.reader)
            for name in FIGURES:
                value = getattr(row, name)
                if value is not None and (
                    name not in origins or self.stated(row, origins[name]) != Decimal(value)
                ):
                    yield row.filing_doc_id, name
