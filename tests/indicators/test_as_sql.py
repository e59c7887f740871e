"""The indicators as SQL are, of thousands of random statements, exactly what they are in Python of each."""

import json
import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, text

from webapp.indicators import as_sql
from webapp.indicators.formulas import INDICATORS
from webapp.indicators.indicator import OK, OLDER, PRICE
from webapp.models.financial_statement import FinancialStatement
from webapp.models.stock_price import StockPrice
from webapp.rules.expressions import NOW, PRIOR

COMPANIES, YEARS = 1600, range(2020, 2026)
PRICES = {"close"}
FIGURES = sorted(
    {
        figure.name
        for one in INDICATORS
        for side in (one.formula, *one.bases, *(one.grows or ()))
        for figure in side.figures()
    }
    - PRICES
)
AMOUNTS = (0, 1, 2, 3, 7, 50, 999, 10**6, 10**11, -1, -40, -(10**9))
FORMATS = (None, None, "CTE", "BNK")
IDENTITY = {"period_type": "FY", "scope": "consolidated", "accounting_standard": "JGAAP"}


def figure(chance: random.Random) -> Decimal | None:
    return None if chance.random() < 0.12 else Decimal(chance.choice(AMOUNTS))


def random_rows(chance: random.Random) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """A statement a company and year, and a price on most of their last days or some days before."""
    statements: list[dict[str, Any]] = []
    prices: list[dict[str, Any]] = []
    for company_id in range(1, COMPANIES + 1):
        industry_format = chance.choice(FORMATS)
        for year in YEARS:
            end = date(year, 3, 31)
            own = {
                "id": len(statements) + 1,
                "version": 1,
                "company_id": company_id,
                "fiscal_year_end_on": end,
            }
            own |= {"is_current": chance.random() < 0.95, "industry_format": industry_format}
            statements.append(own | IDENTITY | {name: figure(chance) for name in FIGURES})
            traded_on = end - timedelta(days=chance.choice((0, 1, 5, 20, 30)))
            close = chance.choice((None, 1, 1234.5, 88000))
            prices.append({"company_id": company_id, "traded_on": traded_on, "close": close})
    return statements, prices


def store(connection: Connection, model: Any, rows: list[dict[str, Any]]) -> None:
    """In a table of this connection alone, which hides the real one."""
    name = model.__tablename__
    connection.execute(text(f"CREATE TEMP TABLE {name} (LIKE public.{name})"))
    for column in model.__table__.columns:
        connection.execute(text(f"ALTER TABLE {name} ALTER {column.name} DROP NOT NULL"))
    columns = ", ".join(f'"{column}"' for column in rows[0])
    insert = text(
        f"INSERT INTO {name} ({columns}) SELECT {columns} FROM json_populate_recordset(NULL::{name}, :rows)"
    )
    connection.execute(insert, {"rows": json.dumps(rows, default=str)})
    connection.execute(text(f"ANALYZE {name}"))


def facts_of(
    row: dict[str, Any], by_year: dict[Any, dict[str, Any]], prices: dict[Any, list[dict[str, Any]]]
) -> dict[str, dict[str, Any]]:
    company_id, end = row["company_id"], row["fiscal_year_end_on"]
    facts = {NOW: row}
    for part, years in ((PRIOR, 1), (OLDER, 3)):
        if (beside := by_year.get((company_id, end.year - years))) is not None:
            facts[part] = beside
    known = [
        price
        for price in prices[company_id]
        if price["close"] is not None and timedelta(0) <= end - price["traded_on"] <= timedelta(days=21)
    ]
    if known:
        last = max(known, key=lambda price: price["traded_on"])
        facts[PRICE] = {"close": Decimal(str(last["close"]))}
    return facts


def is_about(one: Decimal | None, other: Decimal | None, decimals: int) -> bool:
    """The same to the last decimal: half a unit of it may fall either way where a quotient is divided once more."""
    if one is None or other is None:
        return one is other
    return abs(one - other) <= Decimal(1).scaleb(-decimals)


def test_both_readings_give_the_same_values_and_the_same_reasons(connection: Connection) -> None:
    seed = random.randrange(2**32)
    statements, prices = random_rows(random.Random(seed))
    store(connection, FinancialStatement, statements)
    store(connection, StockPrice, prices)
    current = [row for row in statements if row["is_current"]]
    by_year = {(row["company_id"], row["fiscal_year_end_on"].year): row for row in current}
    by_company: dict[Any, list[dict[str, Any]]] = {}
    for price in prices:
        by_company.setdefault(price["company_id"], []).append(price)
    in_sql = {row.statement_id: row for row in connection.execute(text(as_sql.reckoned()))}
    assert in_sql.keys() == {row["id"] for row in current}
    differing, reasons = [], set()
    for row in current:
        facts = facts_of(row, by_year, by_company)
        for one in INDICATORS:
            computed = one.compute(facts)
            reasons.add(computed.status)
            of_sql = in_sql[row["id"]]
            same = of_sql.statuses.get(one.name, OK) == computed.status
            if not (same and is_about(getattr(of_sql, one.name), computed.value, one.decimals)):
                differing.append((row["id"], one.name, computed, getattr(of_sql, one.name)))
    assert differing == [], f"seed {seed}"
    assert len(reasons) == 7, f"seed {seed}"
