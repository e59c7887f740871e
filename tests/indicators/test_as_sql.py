"""The indicators as SQL are, of thousands of random statements, exactly what they are in Python of each."""

import json
import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, text

from webapp.indicators import as_sql, assembling, periods
from webapp.indicators.assembling import Inputs, Place
from webapp.indicators.formulas import INDICATORS
from webapp.indicators.indicator import OK, Computed
from webapp.models.financial_statement import FinancialStatement
from webapp.models.market.corporate_action import CorporateAction
from webapp.models.market.shares_outstanding import SharesOutstanding
from webapp.models.stock_price import StockPrice

COMPANIES, YEARS = 300, range(2020, 2026)
AMOUNTS = (0, 1, 2, 3, 7, 50, 999, 10**6, 10**11, -1, -40, -(10**9))
FORMATS = (None, None, "CTE", "BNK")
# The types of the reports of a year, and the months that they are of; a half year may be of either type.
REPORTS = (("Q1", 3), ("Q2", 6), ("HY", 6), ("Q3", 9), ("FY", 12))
RATIOS = (
    ("split", 1, 2),
    ("split", 1, 3),
    ("reverse_split", 10, 1),
    ("merger", 1, 2),
    ("rights", None, None),
)
NUMBERS = ("shares_issued", "treasury_share_count", "average_shares")
EARLY = date(1990, 1, 1)


def figure(chance: random.Random) -> Decimal | None:
    return None if chance.random() < 0.12 else Decimal(chance.choice(AMOUNTS))


def count(chance: random.Random) -> int | None:
    return None if chance.random() < 0.3 else chance.choice((0, 1, 30, 999, 10**9))


def end_of(year: int, months: int) -> date:
    """The last day of so many months from the first of April."""
    place = year * 12 + 3 + months
    return date(place // 12, place % 12 + 1, 1) - timedelta(days=1)


def statements_of(chance: random.Random, company_id: int, first: int) -> list[dict[str, Any]]:
    """Some of the reports of some years; a few of years cut short."""
    industry_format, rows = chance.choice(FORMATS), []
    for year in YEARS:
        for kind, months in REPORTS:
            if chance.random() < 0.2:
                continue
            end = end_of(year, months)
            row = {
                "id": first + len(rows),
                "version": 1,
                "company_id": company_id,
                "fiscal_year_start_on": date(year, 4 if chance.random() < 0.97 else 6, 1),
                "fiscal_year_end_on": end_of(year, 12),
                "period_end_on": end,
                "period_type": kind,
                "announced_on": chance.choice((None, end + timedelta(days=chance.choice((40, 90))))),
                "is_current": chance.random() < 0.95,
                "industry_format": industry_format,
                "scope": "consolidated",
                "accounting_standard": "JGAAP",
            }
            amounts = {name: figure(chance) for name in periods.FIGURES if name not in NUMBERS}
            rows.append(row | amounts | {name: count(chance) for name in NUMBERS})
    return rows


def beside(chance: random.Random, company_id: int) -> tuple[list[dict[str, Any]], ...]:
    """Prices and counts of shares on most last days or some days before, and an action for one company in three."""
    prices, shares, actions = {}, {}, []
    for year in YEARS:
        for months in (3, 6, 9, 12):
            end = end_of(year, months)
            traded_on = end - timedelta(days=chance.choice((0, 1, 5, 20, 30)))
            prices[traded_on] = {
                "company_id": company_id,
                "traded_on": traded_on,
                "close": chance.choice((None, 1, 1234.5, 88000)),
            }
            counted_on = end - timedelta(days=chance.choice((0, 60, 99, 110)))
            shares[counted_on] = {"company_id": company_id, "as_of_on": counted_on, "issued": 1000}
            shares[counted_on]["treasury"] = chance.choice((None, 1, 1000))
    if chance.random() < 0.33:
        kind, before, after = chance.choice(RATIOS)
        ex_on = end_of(chance.choice(YEARS), chance.choice((6, 12))) - timedelta(
            days=chance.choice((-20, 2, 25))
        )
        effective_on = chance.choice((None, ex_on + timedelta(days=3), ex_on + timedelta(days=80)))
        action = {"kind": kind, "ratio_from": before, "ratio_to": after, "ex_on": ex_on}
        actions.append({"company_id": company_id, "effective_on": effective_on} | action)
    return list(prices.values()), list(shares.values()), actions


def store(connection: Connection, model: Any, rows: Sequence[dict[str, Any]]) -> None:
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
    connection.execute(text(f"CREATE INDEX ON {name} (company_id)"))
    connection.execute(text(f"ANALYZE {name}"))


def is_about(one: Decimal | None, other: Decimal | None, decimals: int) -> bool:
    """The same to the last decimal, or to the last digits that tell, where a quotient is divided once more."""
    if one is None or other is None:
        return one is other
    return abs(one - other) <= max(Decimal(1).scaleb(-decimals), abs(one) * Decimal("1e-12"))


def in_python(companies: Mapping[int, Inputs]) -> dict[tuple[int, Place], list[Computed]]:
    """Every indicator of every place, in the order of their declaration."""
    return {
        (company_id, at): [one.compute(facts) for one in INDICATORS]
        for company_id, inputs in companies.items()
        for at, facts in assembling.assemble(inputs).items()
    }


def in_sql(connection: Connection, companies: Mapping[int, Inputs]) -> dict[tuple[int, Place], Any]:
    """The same rows as they are computed over sets."""
    models = (FinancialStatement, StockPrice, SharesOutstanding, CorporateAction)
    for place, model in enumerate(models):
        store(connection, model, [row for inputs in companies.values() for row in inputs[place]])
    # As whoever computes all of them does.
    connection.execute(text("SET LOCAL enable_nestloop = off"))
    rows = connection.execute(text(f"WITH {as_sql.reckoned()} SELECT * FROM fresh"))
    return {(row.company_id, Place.of(row._mapping)): row for row in rows}


def test_both_readings_give_the_same_values_and_the_same_reasons(connection: Connection) -> None:
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    companies: dict[int, Inputs] = {}
    number = 1
    for company_id in range(1, COMPANIES + 1):
        statements = statements_of(chance, company_id, number)
        number += len(statements)
        companies[company_id] = Inputs(statements, *beside(chance, company_id))
    # First what takes long: a transaction that waits meanwhile is ended.
    python = in_python(companies)
    sql = in_sql(connection, companies)
    assert python.keys() == sql.keys(), f"seed {seed}"
    differing, reasons = [], set()
    for (company_id, at), computed in python.items():
        row = sql[company_id, at]
        for one, (value, status) in zip(INDICATORS, computed, strict=True):
            reasons.add((at.basis, status))
            same = row.statuses.get(one.name, OK) == status
            if not (same and is_about(getattr(row, one.name), value, one.decimals)):
                differing.append((company_id, at, one.name, value, status, getattr(row, one.name)))
    assert differing == [], f"seed {seed}"
    assert len(reasons) == 21, f"seed {seed}: {sorted(reasons)}"
