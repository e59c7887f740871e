"""The facts of a filing, and which figures of which stored statements each of them became."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from webapp import db
from webapp.files.edinet import mapping
from webapp.files.edinet import statements as edinet
from webapp.files.edinet.filed_facts import FiledFact, FiledFacts
from webapp.files.edinet.numbers import PER_SHARE
from webapp.models.financial_statement import FinancialStatement
from webapp.services.changes.filed import stored_reports
from webapp.services.changes.filed.stored_reports import Reader
from webapp.services.intake.tracing import figure_origins
from webapp.services.intake.tracing.figure_origins import Origin

# As ISO 4217 writes it.
CURRENCY = re.compile(r"[A-Z]{3}")
# The element and the context of a fact.
Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Became:
    """A figure of a stored statement that a fact became, or of which it is one part: of a sum, or of a formula."""

    statement: FinancialStatement
    field: str
    is_part: bool


@dataclass(frozen=True, slots=True)
class FilingFacts:
    """The facts of a document in the filer's order, and what they became by their places."""

    doc_id: str
    facts: Sequence[FiledFact]
    has_consolidated: bool
    became: Mapping[Place, Sequence[Became]]
    reader: Reader

    def of(self, fact: FiledFact) -> Sequence[Became]:
        """What a fact became; one without a number, or in another currency than the figure, has become nothing."""
        if fact.number is None:
            return ()
        uses = self.became.get((fact.element, fact.context), ())
        return [use for use in uses if is_counted_in(fact, use.statement.currency)]


def of(doc_id: str) -> FilingFacts | None:
    """The facts of a document; None where its zip is not stored, or cannot be read any more."""
    report = stored_reports.filed_facts(doc_id)
    return None if report is None else _of(doc_id, report)


def _of(doc_id: str, report: FiledFacts) -> FilingFacts:
    reader = Reader({doc_id: report.filing})
    became: dict[Place, list[Became]] = {}
    stored = statements(doc_id)
    by_currency = {currency: _numbers(report, currency) for currency in {one.currency for one in stored}}
    for statement in stored:
        # What a restatement does not say itself is of the row over which it is laid.
        is_laid_over = statement.based_on_id is not None
        numbers = by_currency[statement.currency]
        origins = figure_origins.said(statement) if is_laid_over else figure_origins.of(statement, reader)
        for name, origin in origins.items():
            at = list(places(origin, origins, doc_id))
            is_computed = origin.element == mapping.FORMULA
            if is_computed or sum(numbers.get(place, 0) for place in at) == getattr(statement, name):
                for place in at:
                    became.setdefault(place, []).append(Became(statement, name, place[0] != origin.element))
    has_consolidated = any(row.scope == edinet.CONSOLIDATED for row in report.filing.rows)
    return FilingFacts(doc_id, report.facts, has_consolidated, became, reader)


def _numbers(report: FiledFacts, currency: str) -> Mapping[Place, Decimal]:
    return {
        (fact.element, fact.context): fact.number
        for fact in report.facts
        if fact.number is not None and is_counted_in(fact, currency)
    }


def is_counted_in(fact: FiledFact, currency: str) -> bool:
    """Whether a number is an amount in this currency, or none of money."""
    unit = fact.unit.removesuffix(PER_SHARE)
    return unit == currency or CURRENCY.fullmatch(unit) is None


def statements(doc_id: str) -> Sequence[FinancialStatement]:
    """The stored statements of a document: its own, and those that it restates, the latest first."""
    rows = select(FinancialStatement).where(FinancialStatement.filing_doc_id == doc_id)
    latest_first = (
        FinancialStatement.fiscal_year_end_on.desc(),
        FinancialStatement.scope,
        FinancialStatement.id,
    )
    return db.session.scalars(rows.order_by(*latest_first)).all()


def places(origin: Origin, origins: Mapping[str, Origin], doc_id: str) -> Iterator[Place]:
    """Where in this document the facts of a figure stand; those of a formula, where the figures in it do."""
    if origin.element == mapping.FORMULA:
        parts = (origins.get(name) for name in mapping.PARTS)
        yield from (place for part in parts if part is not None for place in places(part, {}, doc_id))
    elif origin.doc_id == doc_id:
        yield from ((element, origin.context or "") for element in origin.element.split(mapping.PLUS))
