"""Random companies: years, quarters, scopes, splits, prices and counts, with whatever may be missing or odd."""

import json
import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, text

from webapp.indicators import periods
from webapp.indicators.assembling import Inputs
from webapp.models.financial_statement import FinancialStatement
from webapp.models.market.corporate_action import CorporateAction
from webapp.models.market.shares_outstanding import SharesOutstanding
from webapp.models.stock_price import StockPrice

# The tax rate of the law was another one in most of them.
YEARS = range(2013, 2019)
SCOPES = (("consolidated",), ("consolidated",), ("non_consolidated",), ("consolidated", "non_consolidated"))
STANDARDS = ("JGAAP", "JGAAP", "IFRS")
AMOUNTS = (0, 1, 2, 3, 7, 50, 999, 10**6, 10**11, -1, -40, -(10**9))
FORMATS = (None, None, "CTE", "BNK")
# The types of the reports of a year, and the months that they are of; a half year may be of either type.
REPORTS = (("Q1", 3), ("Q2", 6), ("HY", 6), ("Q3", 9), ("FY", 12))
RATIOS = (
    ("split", 1, 2),
    ("split", 1, 3),
    ("split", 7, 10),
    ("reverse_split", 10, 1),
    ("reverse_split", 3, 1),
    ("merger", 1, 2),
    ("rights", None, None),
)
NUMBERS = ("shares_issued", "treasury_share_count", "average_shares")
# To four decimals, as their columns hold them.
PER_SHARE = ("eps_basic", "bps", "dps_annual", "dps_interim")
MODELS = (FinancialStatement, StockPrice, SharesOutstanding, CorporateAction)


def make(chance: random.Random, numbers: Iterable[int]) -> dict[int, Inputs]:
    """A company of each number; its statements have numbers of their own."""
    companies: dict[int, Inputs] = {}
    first = 1
    for company_id in numbers:
        statements = _statements(chance, company_id, first)
        first += len(statements)
        companies[company_id] = Inputs(statements, *_beside(chance, company_id))
    return companies


def store(connection: Connection, companies: Mapping[int, Inputs]) -> None:
    """In tables of this connection alone, which hide the real ones."""
    for place, model in enumerate(MODELS):
        _store(connection, model, [row for inputs in companies.values() for row in inputs[place]])


def _figure(chance: random.Random, name: str) -> Decimal | int | None:
    if name in NUMBERS:
        return None if chance.random() < 0.3 else chance.choice((0, 1, 30, 999, 10**9))
    amount = None if chance.random() < 0.12 else Decimal(chance.choice(AMOUNTS))
    return amount if amount is None or name not in PER_SHARE else amount.quantize(Decimal("0.0001"))


def _end_of(year: int, months: int) -> date:
    """The last day of so many months from the first of April."""
    place = year * 12 + 3 + months
    return date(place // 12, place % 12 + 1, 1) - timedelta(days=1)


def _statements(chance: random.Random, company_id: int, first: int) -> list[dict[str, Any]]:
    """Some of the reports of some years; a few of years cut short, and a few of two years that end in one."""
    industry_format, standard = chance.choice(FORMATS), chance.choice(STANDARDS)
    rows: list[dict[str, Any]] = []
    for scope in chance.choice(SCOPES):
        for year in YEARS:
            for kind, months in REPORTS:
                if chance.random() < 0.2:
                    continue
                days = (
                    date(year, 4 if chance.random() < 0.97 else 6, 1),
                    _end_of(year, 12),
                    _end_of(year, months),
                )
                own = {"scope": scope, "period_type": kind, "id": first + len(rows)}
                rows.append(_statement(chance, *days) | own)
            if chance.random() < 0.1:
                days = (date(year, 7, 1), _end_of(year, 15), _end_of(year, 12))
                rows.append(
                    _statement(chance, *days) | {"scope": scope, "period_type": "Q3", "id": first + len(rows)}
                )
    same = {"company_id": company_id, "industry_format": industry_format, "accounting_standard": standard}
    return [row | same for row in rows]


def _statement(chance: random.Random, start_on: date, year_end_on: date, end_on: date) -> dict[str, Any]:
    return {
        "version": chance.choice((1, 2, 11)),
        "fiscal_year_start_on": start_on,
        "fiscal_year_end_on": year_end_on,
        "period_end_on": end_on,
        "announced_on": chance.choice((None, end_on + timedelta(days=chance.choice((40, 90))))),
        "is_current": chance.random() < 0.95,
        **{name: _figure(chance, name) for name in periods.READ},
    }


def _beside(chance: random.Random, company_id: int) -> tuple[list[dict[str, Any]], ...]:
    """Prices and counts of shares on most last days or some days before, and an action for one company in two."""
    prices, shares, actions = {}, {}, []
    for year in YEARS:
        for months in (3, 6, 9, 12):
            end = _end_of(year, months)
            traded_on = end - timedelta(days=chance.choice((0, 1, 5, 20, 30)))
            prices[traded_on] = {
                "company_id": company_id,
                "traded_on": traded_on,
                "close": chance.choice(
                    (None, Decimal("1.0000"), Decimal("1234.5000"), Decimal("88000.0000"))
                ),
            }
            counted_on = end - timedelta(days=chance.choice((0, 60, 99, 110)))
            shares[counted_on] = {"company_id": company_id, "as_of_on": counted_on, "issued": 1000}
            shares[counted_on]["treasury"] = chance.choice((None, 1, 1000))
    for kind, before, after in chance.sample(RATIOS, chance.choice((0, 0, 1, 3))):
        end = _end_of(chance.choice(YEARS), chance.choice((6, 12)))
        ex_on = end - timedelta(days=chance.choice((-20, 2, 25)))
        effective_on = chance.choice((None, ex_on + timedelta(days=3), ex_on + timedelta(days=80)))
        action = {"kind": kind, "ratio_from": before, "ratio_to": after, "ex_on": ex_on}
        actions.append({"company_id": company_id, "effective_on": effective_on} | action)
    return list(prices.values()), list(shares.values()), actions


def _store(connection: Connection, model: Any, rows: Sequence[dict[str, Any]]) -> None:
    """In a table of this connection alone, which hides the real one."""
    name = model.__tablename__
    connection.execute(text(f"CREATE TEMP TABLE {name} (LIKE public.{name})"))
    for column in model.__table__.columns:
        connection.execute(text(f"ALTER TABLE {name} ALTER {column.name} DROP NOT NULL"))
    # Of few companies none may have done anything to its shares.
    columns = ", ".join(f'"{column}"' for column in (rows[0] if rows else ("company_id",)))
    insert = text(
        f"INSERT INTO {name} ({columns}) SELECT {columns} FROM json_populate_recordset(NULL::{name}, :rows)"
    )
    connection.execute(insert, {"rows": json.dumps(rows, default=str)})
    connection.execute(text(f"CREATE INDEX ON {name} (company_id)"))
    connection.execute(text(f"ANALYZE {name}"))
