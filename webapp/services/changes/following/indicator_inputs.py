"""What is stored of a few companies that their indicators are reckoned of, read for one page or one change."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import TextClause, select, text

from webapp import db
from webapp.indicators import periods
from webapp.indicators.assembling import Inputs, Row
from webapp.indicators.indicator import OLDEST_PRICE
from webapp.models.financial_statement import FinancialStatement
from webapp.services.changes import row_codec

# What is read of a statement to reckon with it.
READ = ("id", "version", "company_id", "fiscal_year_start_on", "fiscal_year_end_on", "period_end_on", "period_type",
        "scope", "accounting_standard", "industry_format", "announced_on", "is_current", *periods.READ)  # fmt: skip
STATEMENTS = text(
    f"SELECT {', '.join(READ)} FROM financial_statements WHERE is_current AND company_id = ANY(:companies)"
)
# What of these is read beside statements, under which name; all of it by one statement, as each waits for an answer.
CLOSES, COUNTS, ACTIONS = "closes", "counts", "actions"
COLUMNS = {
    CLOSES: {"traded_on": "date", "close": "numeric"},
    COUNTS: {"as_of_on": "date", "issued": "bigint", "treasury": "bigint"},
    ACTIONS: {
        "kind": "text", "ex_on": "date", "effective_on": "date", "ratio_from": "numeric", "ratio_to": "numeric",
    },
}  # fmt: skip
# Of each day the last close before it, as far as it is anybody's price then.
LAST_CLOSES = (
    "(SELECT DISTINCT p.company_id, p.traded_on, p.close"
    " FROM unnest(CAST(:of_days AS bigint[]), CAST(:days AS date[])) AS d (company_id, day)"
    " CROSS JOIN LATERAL (SELECT p.company_id, p.traded_on, p.close FROM stock_prices p"
    " WHERE p.company_id = d.company_id AND p.traded_on BETWEEN d.day - CAST(:oldest AS integer) AND d.day"
    " AND p.close IS NOT NULL ORDER BY p.traded_on DESC LIMIT 1) p)"
)
CLOSES_AROUND = text(
    "SELECT p.company_id, p.traded_on, p.close FROM stock_prices p WHERE p.company_id = :company_id"
    " AND p.close IS NOT NULL AND EXISTS (SELECT FROM unnest(CAST(:days AS date[])) d"
    " WHERE p.traded_on BETWEEN d - CAST(:oldest AS integer) AND d)"
)


def _part(name: str, source: str) -> str:
    """The rows of one of them, with the columns of all."""
    columns = (
        column if part == name else f"CAST(NULL AS {kind}) AS {column}"
        for part, of_part in COLUMNS.items()
        for column, kind in of_part.items()
    )
    return f"SELECT '{name}' AS part, company_id, {', '.join(columns)} FROM {source}"


BESIDE = text(
    f"{_part(CLOSES, f'{LAST_CLOSES} p')}"
    f" UNION ALL {_part(COUNTS, 'shares_outstanding WHERE company_id = ANY(:companies)')}"
    f" UNION ALL {_part(ACTIONS, 'corporate_actions WHERE company_id = ANY(:companies)')}"
)


def of_company(company_id: int) -> Inputs:
    """The current statements of a company, whole, and what they are reckoned with."""
    table = row_codec.table_of(FinancialStatement)
    chosen = select(table).where(table.c.company_id == company_id, table.c.is_current)
    statements = [
        {str(name): value for name, value in row.items()} for row in db.session.execute(chosen).mappings()
    ]
    return beside({company_id: statements})[company_id]


def of_companies(companies: Collection[int]) -> Mapping[int, Inputs]:
    """Of each of these companies what its indicators are reckoned of, and nothing else."""
    return beside(statements_of(companies))


def statements_of(companies: Collection[int]) -> Mapping[int, Sequence[Row]]:
    """The current statements of each of these companies, as far as they are reckoned with."""
    statements = _by_company(STATEMENTS, {"companies": list(companies)})
    return {company_id: statements.get(company_id, []) for company_id in companies}


def beside(statements: Mapping[int, Sequence[Row]]) -> Mapping[int, Inputs]:
    """Each company's statements with what they are reckoned with: last prices, counts of shares, corporate actions."""
    days = {(number, day) for number, rows in statements.items() for day in _days(rows)}
    return _beside(statements, days)


def closes_around(company_id: int, statements: Iterable[Row]) -> Sequence[Row]:
    """Every close that would be the last one of a day of these statements, were those after it not there."""
    facts = {"company_id": company_id, "days": list(_days(statements)), "oldest": OLDEST_PRICE}
    return [row._asdict() for row in db.session.execute(CLOSES_AROUND, facts)]


def _days(statements: Iterable[Row]) -> set[date]:
    return {row[name] for row in statements for name in ("period_end_on", "fiscal_year_end_on")}


def _beside(
    statements: Mapping[int, Sequence[Row]], days: Collection[tuple[int, date]]
) -> Mapping[int, Inputs]:
    numbers, ends = zip(*days, strict=True) if days else ((), ())
    facts = {
        "of_days": list(numbers),
        "days": list(ends),
        "oldest": OLDEST_PRICE,
        "companies": list(statements),
    }
    parts: dict[tuple[str, int], list[Row]] = {}
    for row in db.session.execute(BESIDE, facts).mappings():
        of_part = {name: row[name] for name in ("company_id", *COLUMNS[row["part"]])}
        parts.setdefault((row["part"], row["company_id"]), []).append(of_part)
    return {
        number: Inputs(rows, *(parts.get((part, number), ()) for part in COLUMNS))
        for number, rows in statements.items()
    }


def _by_company(statement: TextClause, facts: Mapping[str, Any]) -> Mapping[int, list[Row]]:
    by_company: dict[int, list[Row]] = {}
    for row in db.session.execute(statement, facts):
        by_company.setdefault(row.company_id, []).append(row._asdict())
    return by_company
