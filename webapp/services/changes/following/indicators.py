"""Keep the indicators as their inputs are: computed anew where a statement, a year before it or a price changes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from webapp import db
from webapp.indicators import as_sql
from webapp.indicators.formulas import INDICATORS
from webapp.indicators.indicator import FORMULA_VERSION
from webapp.services.changes.row_sql import OF_ITEMS
from webapp.services.changes.row_writing import TableOfItems

# Of so many rows, the indicators are computed in the change's own transaction; beyond, a job computes them.
MOST_ROWS = 500
INPUTS = ("company_id", "as_of_on", "basis", "scope", "accounting_standard", "formula_version", "statement_id",
          "prior_statement_id", "price_on", "inputs_digest")  # fmt: skip
COLUMNS = (*INPUTS, *(indicator.name for indicator in INDICATORS), "statuses")
# What is of a statement that is current no more, or of another identity than it says; or of another formula.
GONE = (
    "DELETE FROM financial_indicators i WHERE {of_companies} AND (i.formula_version <> :version"
    " OR i.statement_id IS NULL OR NOT EXISTS (SELECT FROM financial_statements s WHERE s.id = i.statement_id"
    " AND s.is_current AND (s.company_id, s.fiscal_year_end_on, s.period_type, s.scope, s.accounting_standard)"
    " = (i.company_id, i.as_of_on, i.basis, i.scope, i.accounting_standard)))"
)
WRITTEN = (
    "INSERT INTO financial_indicators ({columns}) {reckoned} ON CONFLICT ON CONSTRAINT uq_financial_indicators_identity"
    " DO UPDATE SET computed_at = now(), {sets}"
)
# The companies whose rows a change set is about, by what tells of them: a key, or a statement of before or of now.
OF_TABLES = {
    "financial_statements": (
        "SELECT coalesce(CAST(i.before ->> 'company_id' AS bigint), CAST(i.after ->> 'company_id' AS bigint),"
        " s.company_id) FROM change_set_items i LEFT JOIN financial_statements s ON s.id = i.row_key::bigint"
        f" WHERE {OF_ITEMS}"
    ),
    "stock_prices": (
        f"SELECT CAST(split_part(i.row_key, ',', 1) AS bigint) FROM change_set_items i WHERE {OF_ITEMS}"
    ),
}
SETS = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS)


@dataclass(frozen=True, slots=True)
class Computed:
    """How many rows were computed anew, and how many went because their statement is current no more."""

    written: int
    gone: int


def follow(tables: Sequence[TableOfItems]) -> None:
    """Compute what a small change moves; what a large one moves, a job computes."""
    for table in tables:
        if table.name in OF_TABLES and table.number <= MOST_ROWS:
            _compute(f"{{}}.company_id IN ({OF_TABLES[table.name]})", table.items)


def compute(companies: Collection[int] | None = None) -> Computed:
    """Compute the indicators of these companies, or of all, wherever an input has changed; nothing else is written."""
    if companies is None:
        return _compute("true", {})
    return _compute("{}.company_id = ANY(:companies)", {"companies": sorted(companies)})


def _compute(of_companies: str, facts: Mapping[str, Any]) -> Computed:
    gone = text(GONE.format(of_companies=of_companies.format("i")))
    reckoned = as_sql.reckoned(of_companies.format("now"))
    written = text(WRITTEN.format(columns=", ".join(COLUMNS), reckoned=reckoned, sets=SETS))
    counts = [
        db.session.execute(statement, {**facts, "version": FORMULA_VERSION}).rowcount  # type: ignore[attr-defined]  # of what writes
        for statement in (gone, written)
    ]
    return Computed(written=counts[1], gone=counts[0])
