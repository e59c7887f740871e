"""Reckon anew which rules are broken, by the same statements as findings are filed by; nothing is written.

What a source says is kept by the findings on it and follows from nothing else: of those the unresolved ones count.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import select, text

from webapp import db
from webapp.models.company import Company
from webapp.models.findings.finding import FiledFinding
from webapp.rules import finding, masters
from webapp.rules.accounting.catalogue import BY_ID, RULES
from webapp.rules.disclosure import reading
from webapp.services.changes import row_sql
from webapp.services.changes.following import accounting_findings, late_filings, odd_prices, summary_findings
from webapp.services.changes.following.filed_findings import COLUMNS, Found

STANDING = f"SELECT {COLUMNS} FROM findings f WHERE f.closed_at IS NULL AND {{}}"
ASKED = (
    f"SELECT {COLUMNS} FROM ({{}}) g WHERE g.rule = ANY(:asked)"
    " ORDER BY array_position(:asked, g.rule), g.company_id, g.row_key, g.field"
)


class _Of(NamedTuple):
    """Some companies, or all of them: None."""

    companies: Sequence[int] | None

    @property
    def numbers(self) -> str:
        """A condition with a place for a company's number."""
        return "true" if self.companies is None else "{} = ANY(:companies)"

    @property
    def rows(self) -> str:
        """A condition with a place for a row that is about a company."""
        return self.numbers.format("{}.company_id")

    @property
    def facts(self) -> Mapping[str, Sequence[int]]:
        """The parameters of both."""
        return {} if self.companies is None else {"companies": self.companies}


def broken(rules: Collection[str], companies: Sequence[int] | None = None) -> Iterator[FiledFinding]:
    """What breaks one of these rules now, as findings that stand nowhere yet."""
    of = _Of(companies)
    for ids, find in KINDS.items():
        asked = [rule for rule in ids if rule in rules]
        for query in find(asked, of) if asked else ():
            yield from _findings(query, asked, of)


def _of_statements(asked: Collection[str], of: _Of) -> Iterator[Found]:
    yield accounting_findings.found(tuple(rule for rule in RULES if rule.id in asked), of.rows)


def _of_companies(asked: Collection[str], of: _Of) -> Iterator[Found]:
    chosen = [rule for rule in masters.RULES if rule.id in asked]
    yield Found(masters.broken(chosen, of.numbers.format("c.id")), {})


def _of_summaries(_asked: Collection[str], of: _Of) -> Iterator[Found]:
    yield summary_findings.found(of.rows)


def _of_filings(_asked: Collection[str], of: _Of) -> Iterator[Found]:
    yield late_filings.found(of.numbers, of.facts)


def _of_prices(_asked: Collection[str], of: _Of) -> Iterator[Found]:
    yield from odd_prices.found_everywhere(of.companies)


def _of_sources(_asked: Collection[str], of: _Of) -> Iterator[Found]:
    yield Found(STANDING.format(of.rows.format("f")), {})


KINDS: Mapping[tuple[str, ...], Callable[[Collection[str], _Of], Iterator[Found]]] = {
    tuple(BY_ID): _of_statements,
    tuple(masters.BY_ID): _of_companies,
    (reading.SUMMARY.id,): _of_summaries,
    (reading.LATE.id,): _of_filings,
    tuple(rule.id for rule in reading.OF_PRICES): _of_prices,
    tuple(finding.OF_SOURCES): _of_sources,
}


def _findings(query: Found, asked: Sequence[str], of: _Of) -> Iterator[FiledFinding]:
    facts = {**of.facts, **query.facts, "asked": list(asked)}
    with row_sql.planned_for(1 if of.companies else row_sql.MANY + 1):
        rows = db.session.execute(text(ASKED.format(query.select)), facts).mappings().all()
    numbers = {row["company_id"] for row in rows}
    companies = {one.id: one for one in db.session.scalars(select(Company).where(Company.id.in_(numbers)))}
    for row in rows:
        yield FiledFinding(**row, company=companies.get(row["company_id"]))
