"""The rules as SQL say of thousands of random statements exactly what they say in Python of each."""

import json
import random
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, text

from webapp.models.financial_statement import FinancialStatement
from webapp.rules.accounting import as_sql
from webapp.rules.accounting.catalogue import RULES
from webapp.rules.accounting.rule import outcome
from webapp.rules.expressions import NOW, PRIOR

COMPANIES, YEARS = 2500, range(2021, 2025)
WORDS = {
    "accounting_standard": ("JGAAP", "JGAAP", "IFRS", "USGAAP"),
    "scope": ("consolidated", "consolidated", "non_consolidated"),
    "period_type": ("FY", "FY", "FY", "HY"),
    "industry_format": (None, None, "CTE", "BNK", "INS", "SEC"),
    "rounding_unit": (1, 1000, 1_000_000),
}
COLUMNS = FinancialStatement.__table__.columns
FIGURES = sorted({figure.name for rule in RULES for figure in rule.figures()})
# Small ones, so that sums agree now and then; some without a multiple, some far off.
SMALL = (0, 0, 1, 2, 3, 4, 5, 7, -1, -2, 1000, 1001)


def random_statements(chance: random.Random) -> list[dict[str, Any]]:
    """A row per company and year; a company keeps its standard, scope and kind of period."""
    rows = []
    for company_id in range(1, COMPANIES + 1):
        words = {name: chance.choice(choices) for name, choices in WORDS.items()}
        for year in YEARS:
            figures = {name: figure(name, words, chance) for name in FIGURES}
            own = {"id": len(rows) + 1, "company_id": company_id, "is_current": chance.random() < 0.95}
            rows.append(own | {"fiscal_year_end_on": date(year, 3, 31)} | words | figures)
    return rows


def figure(name: str, words: Mapping[str, Any], chance: random.Random) -> Decimal | None:
    """One that is missing now and then; ratios and amounts per share have decimals."""
    if chance.random() < 0.15:
        return None
    number = Decimal(chance.choice(SMALL))
    scale = getattr(COLUMNS[name].type, "scale", None)
    if scale:
        return number / 8
    return number * words["rounding_unit"] if chance.random() < 0.9 else number


def store(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """In a table of this connection alone, which hides the curated one."""
    connection.execute(text("CREATE TEMP TABLE financial_statements (LIKE public.financial_statements)"))
    names = ", ".join(rows[0])
    for column in COLUMNS:
        connection.execute(text(f"ALTER TABLE financial_statements ALTER {column.name} DROP NOT NULL"))
    given = "json_populate_recordset(NULL::financial_statements, :rows)"
    insert = text(f"INSERT INTO financial_statements ({names}) SELECT {names} FROM {given}")
    connection.execute(insert, {"rows": json.dumps(rows, default=str)})
    connection.execute(text("ANALYZE financial_statements"))


def in_python(rows: list[dict[str, Any]]) -> dict[tuple[int, str], tuple[Decimal, Decimal, Decimal]]:
    current = [row for row in rows if row["is_current"]]
    by_year = {(row["company_id"], row["fiscal_year_end_on"].year): row for row in current}
    broken = {}
    for row in current:
        prior = by_year.get((row["company_id"], row["fiscal_year_end_on"].year - 1))
        facts = {NOW: row} if prior is None else {NOW: row, PRIOR: prior}
        for rule in RULES:
            came_to = outcome(rule, facts)
            if came_to is not None and not came_to.is_kept:
                broken[row["id"], rule.id] = (came_to.observed, came_to.expected, came_to.allowed)
    return broken


def test_both_readings_find_the_same_and_reckon_the_same(connection: Connection) -> None:
    seed = random.randrange(2**32)
    rows = random_statements(random.Random(seed))
    store(connection, rows)
    in_sql = {
        (row.statement_id, row.rule): (row.observed, row.expected, row.allowed)
        for row in connection.execute(text(as_sql.broken()))
    }
    reckoned = in_python(rows)
    assert in_sql.keys() == reckoned.keys(), f"seed {seed}"
    assert {rule for _statement, rule in reckoned} == {rule.id for rule in RULES}, f"seed {seed}"
    least = Decimal("1e-25")
    far = [
        place
        for place, sides in reckoned.items()
        if any(abs(one - other) > least for one, other in zip(sides, in_sql[place], strict=True))
    ]
    assert far == [], f"seed {seed}"
