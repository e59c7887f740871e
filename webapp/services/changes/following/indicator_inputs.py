"""What is stored of a few companies that their indicators are reckoned of, read for one page or one change.

All of it by one statement, as each waits for an answer, and as JSON: over rows of fifty columns psycopg and SQLAlchemy
take longer, column by column, than PostgreSQL takes to find and write them.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import TextClause, select, text

from webapp import db
from webapp.indicators import periods
from webapp.indicators.assembling import Inputs, Place, Row
from webapp.indicators.indicator import OLDEST_PRICE
from webapp.models.financial_statement import FinancialStatement
from webapp.services.changes import row_codec

# What is read of a statement to reckon with it.
READ = ("id", "version", "company_id", "fiscal_year_start_on", "fiscal_year_end_on", "period_end_on", "period_type",
        "scope", "accounting_standard", "industry_format", "announced_on", "is_current", *periods.READ)  # fmt: skip
CURRENT = "FROM financial_statements s{beside} WHERE s.is_current AND s.company_id = ANY(:companies)"
# Of each day the last close before it, as far as it is anybody's price then.
LAST_CLOSES = (
    "SELECT DISTINCT p.company_id, p.traded_on, p.close FROM {days} AS d (company_id, day)"
    " CROSS JOIN LATERAL (SELECT p.company_id, p.traded_on, p.close FROM stock_prices p"
    " WHERE p.company_id = d.company_id AND p.traded_on BETWEEN d.day - CAST(:oldest AS integer) AND d.day"
    " AND p.close IS NOT NULL ORDER BY p.traded_on DESC LIMIT 1) p"
)
GIVEN_DAYS = "unnest(CAST(:of_days AS bigint[]), CAST(:days AS date[]))"
ENDS = CURRENT.format(beside=" CROSS JOIN LATERAL (VALUES (s.period_end_on), (s.fiscal_year_end_on)) e (day)")
DAYS_OF_STATEMENTS = f"(SELECT DISTINCT s.company_id, e.day {ENDS})"
# What these are read of, beside statements, under which name.
CLOSES, COUNTS, ACTIONS = "closes", "counts", "actions"
OTHERS = {
    CLOSES: LAST_CLOSES,
    COUNTS: (
        "SELECT company_id, as_of_on, issued, treasury FROM shares_outstanding WHERE company_id = ANY(:companies)"
    ),
    ACTIONS: (
        "SELECT id, company_id, kind, ex_on, effective_on, ratio_from, ratio_to FROM corporate_actions"
        " WHERE company_id = ANY(:companies)"
    ),
}
STATEMENTS, STORED = "statements", "stored"
AT = ", ".join(("id", "company_id", *Place._fields))
ALL = {
    STATEMENTS: f"SELECT {', '.join(READ)} {CURRENT.format(beside='')}",
    STORED: (
        f"SELECT {AT}, formula_version, statement_id, inputs_digest FROM financial_indicators"
        " WHERE company_id = ANY(:companies)"
    ),
    **OTHERS,
}
# What is a day, and what is exact whatever decimals it has, of all that is read.
KINDS = row_codec.table_of(FinancialStatement).columns
DAYS = (
    "as_of_on", "traded_on", "ex_on", "effective_on",
    *(name for name in READ if KINDS[name].type.python_type is date),
)  # fmt: skip
EXACT = ("close", "ratio_from", "ratio_to")


def _reading(parts: Mapping[str, str], days: str) -> TextClause:
    return text(
        " UNION ALL ".join(
            f"SELECT '{name}', json_agg(r)::text FROM ({rows.format(days=days)}) r"
            for name, rows in parts.items()
        )
    )


BESIDE, WHOLE = _reading(OTHERS, GIVEN_DAYS), _reading(ALL, DAYS_OF_STATEMENTS)
CURRENT_ONES = _reading({STATEMENTS: ALL[STATEMENTS]}, "")
CLOSES_AROUND = text(
    "SELECT p.company_id, p.traded_on, p.close FROM stock_prices p WHERE p.company_id = :company_id"
    " AND p.close IS NOT NULL AND EXISTS (SELECT FROM unnest(CAST(:days AS date[])) d"
    " WHERE p.traded_on BETWEEN d - CAST(:oldest AS integer) AND d)"
)


class Held(NamedTuple):
    """What companies' indicators are reckoned of, by company, and where which are stored, and of what."""

    inputs: Mapping[int, Inputs]
    stored: Sequence[Row]


def of_company(company_id: int) -> Inputs:
    """The current statements of a company, whole, and what they are reckoned with."""
    table = row_codec.table_of(FinancialStatement)
    chosen = select(table).where(table.c.company_id == company_id, table.c.is_current)
    statements = [
        {str(name): value for name, value in row.items()} for row in db.session.execute(chosen).mappings()
    ]
    return beside({company_id: statements})[company_id]


def statements_of(companies: Collection[int]) -> Mapping[int, Sequence[Row]]:
    """The current statements of each of these companies, as far as they are reckoned with."""
    return _by_company(_read(CURRENT_ONES, companies)[STATEMENTS], companies)


def beside(statements: Mapping[int, Sequence[Row]]) -> Mapping[int, Inputs]:
    """Each company's statements with what they are reckoned with: last prices, counts of shares, corporate actions."""
    days = {(number, day) for number, rows in statements.items() for day in _days(rows)}
    of_days, ends = zip(*days, strict=True) if days else ((), ())
    parts = _read(BESIDE, statements, {"of_days": list(of_days), "days": list(ends)})
    return _inputs(statements, parts)


def closes_around(company_id: int, statements: Iterable[Row]) -> Sequence[Row]:
    """Every close that would be the last one of a day of these statements, were those after it not there."""
    facts = {"company_id": company_id, "days": list(_days(statements)), "oldest": OLDEST_PRICE}
    return [row._asdict() for row in db.session.execute(CLOSES_AROUND, facts)]


def _days(statements: Iterable[Row]) -> set[date]:
    return {row[name] for row in statements for name in ("period_end_on", "fiscal_year_end_on")}


def of_companies(companies: Collection[int]) -> Held:
    """Of each of these companies what its indicators are reckoned of, and nothing else."""
    parts = _read(WHOLE, companies)
    return Held(_inputs(_by_company(parts[STATEMENTS], companies), parts), parts[STORED])


def _inputs(
    statements: Mapping[int, Sequence[Row]], parts: Mapping[str, Sequence[Row]]
) -> Mapping[int, Inputs]:
    others = [_by_company(parts[part], statements) for part in OTHERS]
    return {
        number: Inputs(rows, *(of_part[number] for of_part in others)) for number, rows in statements.items()
    }


def _by_company(rows: Sequence[Row], companies: Collection[int]) -> Mapping[int, Sequence[Row]]:
    by_company: dict[int, list[Row]] = {number: [] for number in companies}
    for row in rows:
        by_company[row["company_id"]].append(row)
    return by_company


def _read(
    reading: TextClause, companies: Collection[int], facts: Mapping[str, Any] | None = None
) -> Mapping[str, list[Row]]:
    parameters = {"companies": list(companies), "oldest": OLDEST_PRICE, **(facts or {})}
    return {
        part: [] if rows is None else rows_of(rows) for part, rows in db.session.execute(reading, parameters)
    }


def rows_of(written: str) -> list[Row]:
    """Rows that PostgreSQL wrote as JSON."""
    rows: list[Row] = json.loads(written, parse_float=Decimal, object_hook=_typed)
    return rows


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    for name in DAYS:
        if (day := row.get(name)) is not None:
            row[name] = date.fromisoformat(day)
    for name in EXACT:
        if (number := row.get(name)) is not None:
            row[name] = Decimal(number)
    return row
