"""From one figure of a stored statement to the facts that it follows from, or to why it follows from none."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from webapp.files.edinet import mapping
from webapp.files.edinet.filed_facts import FiledFact
from webapp.models.financial_statement import FinancialStatement
from webapp.models.steward_value import StewardValue
from webapp.rules import change
from webapp.services.changes.filed.stored_reports import Reader
from webapp.services.changes.following import steward_values
from webapp.services.intake.tracing import figure_origins, filed_figures
from webapp.services.intake.tracing.figure_origins import Origin
from webapp.services.intake.tracing.filed_figures import FilingFacts, Place

# How a figure follows: it is what a line says, a sum of lines, worked out of other figures; a person has set it, or it
# is otherwise for another reason; its document names the place and is not at hand; or no document is known.
LINE, SUM, FORMULA, BY_HAND, OTHERWISE, UNREAD, NOWHERE = (
    "line", "sum", "formula", "by_hand", "otherwise", "unread", "nowhere"
)  # fmt: skip
Read = Callable[[str], FilingFacts | None]


@dataclass(frozen=True, slots=True)
class Trace:
    """How a figure follows, from the facts of which document, and what these come to.

    `origin`: where it stands as the statement or its filing says, None where neither does. `by`: who set it by hand.
    """

    statement: FinancialStatement
    field: str
    how: str
    doc_id: str | None
    origin: Origin | None = None
    facts: Sequence[FiledFact] = ()
    filed: Decimal | None = None
    by: StewardValue | None = None

    @property
    def value(self) -> Any:
        """What is stored."""
        return getattr(self.statement, self.field)


@dataclass(frozen=True, slots=True)
class Traced:
    """A figure's trace, and the document to which it leads, where that is stored."""

    trace: Trace
    filing: FilingFacts | None


def of(statement: FinancialStatement, field: str, read: Read = filed_figures.of) -> Traced:
    """The trace of a figure; `read` reads a document, for whoever follows many."""
    filing = _guess(statement, field, read)
    filed = figure_origins.as_filed(statement, Reader() if filing is None else filing.reader)
    by = steward_values.of_rows(FinancialStatement, [(statement.id,)]).get((statement.id,), {}).get(field)
    origins = {name: one.origin for name, one in filed.items()}
    origin = origins.get(field)
    if origin is None:
        how = NOWHERE if by is None else BY_HAND
        return Traced(Trace(statement, field, how, statement.filing_doc_id, by=by), filing)
    if filing is None or filing.doc_id != origin.doc_id:
        filing = read(origin.doc_id)
    if filing is None:
        how = UNREAD if by is None else BY_HAND
        return Traced(Trace(statement, field, how, origin.doc_id, origin, by=by), None)
    return Traced(_trace(statement, field, filing, origins, by), filing)


def _guess(statement: FinancialStatement, field: str, read: Read) -> FilingFacts | None:
    """The document in which the figure probably stands, so that it is read once."""
    source = statement.sources.get(field)
    doc_id = source["filing"] if source is not None else statement.filing_doc_id
    return None if doc_id is None else read(doc_id)


def _trace(
    statement: FinancialStatement,
    field: str,
    filing: FilingFacts,
    origins: Mapping[str, Origin],
    by: StewardValue | None,
) -> Trace:
    origin = origins[field]
    places = list(filed_figures.places(origin, origins, filing.doc_id))
    facts = _facts(filing, places, statement.currency)
    if origin.element == mapping.FORMULA:
        filed = None
        how = BY_HAND if by is not None and by.how == change.SET else FORMULA
    else:
        filed = sum((fact.number for fact in facts if fact.number is not None), Decimal(0)) if facts else None
        kept = LINE if len(facts) == 1 else SUM
        how = kept if filed == getattr(statement, field) else OTHERWISE if by is None else BY_HAND
    return Trace(statement, field, how, filing.doc_id, origin, facts, filed, by)


def _facts(filing: FilingFacts, places: Sequence[Place], currency: str) -> Sequence[FiledFact]:
    return [
        fact
        for fact in filing.facts
        if fact.number is not None
        and (fact.element, fact.context) in places
        and filed_figures.is_counted_in(fact, currency)
    ]
