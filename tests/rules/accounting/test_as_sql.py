"""The rules as SQL say of thousands of random statements exactly what they say in Python of each."""

import json
import random
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any, NamedTuple

import pytest
from sqlalchemy import Connection, text

from tests.rules.accounting.neighbours import Row, facts_of
from webapp.models.financial_statement import FinancialStatement
from webapp.models.market.corporate_action import CorporateAction
from webapp.models.market.shares_outstanding import SharesOutstanding
from webapp.models.stock_price import StockPrice
from webapp.rules.accounting import as_sql
from webapp.rules.accounting.catalogue import BY_ID, RULES
from webapp.rules.accounting.rule import SCOPED_BY, came_to, in_scope
from webapp.rules.expressions import ACTIONS, MARKET

COMPANIES, YEARS = 2100, range(2021, 2025)
WORDS = {
    "accounting_standard": ("JGAAP", "JGAAP", "IFRS", "USGAAP"),
    "scope": ("consolidated", "non_consolidated"),
    "period_type": ("FY", "FY", "FY", "HY"),
    "industry_format": (None, None, "CTE", "BNK", "INS", "SEC"),
    "rounding_unit": (1, 1000, 1_000_000),
}
COLUMNS = FinancialStatement.__table__.columns
DATES = {"fiscal_year_start_on", "fiscal_year_end_on", "period_start_on", "period_end_on"}
NEEDED = {figure.name for rule in RULES for figure in rule.figures() if figure.part not in (ACTIONS, MARKET)}
FIGURES = sorted(NEEDED - DATES - {"rounding_unit"})
# Small ones, so that sums agree now and then; some without a multiple, some far off.
SMALL = (0, 0, 1, 2, 3, 4, 5, 7, -1, -2, 1000, 1001)
# When fiscal years end; in the middle of August two of them may be counted as of one year, or of two apart.
YEAR_ENDS = ((3, 31), (3, 31), (2, 28), (8, 14), (8, 31), (12, 31))
# How many days of its year a period has: as it should, or not.
LENGTHS = {"FY": (365, 365, 362), "HY": (183, 183, 150), "Q1": (91, 91, 70), "Q3": (275, 275, 200)}


class Sample(NamedTuple):
    """Statements, corporate actions, and by statement and rule both sides of what is broken and what was allowed."""

    seed: int
    rows: list[Row]
    actions: list[Row]
    prices: list[Row]
    counts: list[Row]
    broken: dict[tuple[int, str], tuple[Decimal, Decimal, Decimal]]


def random_statements(chance: random.Random) -> list[Row]:
    """A row per company and year, and some beside it: of an earlier day of the year, or of the whole group.

    A company keeps its standard, scope and kind of period; every other one, mostly, its whole years too.
    """
    rows: list[Row] = []
    for company_id in range(1, COMPANIES + 1):
        words = {name: chance.choice(choices) for name, choices in WORDS.items()}
        year_end, share_of_whole_years = chance.choice(YEAR_ENDS), chance.choice((0.5, 0.95))
        for year in YEARS:
            begins_on, ends_on = fiscal_year(year, year_end, share_of_whole_years, chance)
            own = words | {
                "company_id": company_id,
                "fiscal_year_end_on": ends_on,
                "fiscal_year_start_on": begins_on,
            }
            rows.append(own)
            if chance.random() < 0.15:
                rows.append(own | {"period_type": chance.choice(("Q1", "Q3"))})
            if chance.random() < 0.15 and words["scope"] == "non_consolidated":
                standards = chance.choice((("IFRS",), ("JGAAP",), ("IFRS", "JGAAP")))
                rows += [own | {"scope": "consolidated", "accounting_standard": one} for one in standards]
    return [completed(row, number, chance) for number, row in enumerate(rows, start=1)]


def fiscal_year(
    year: int, year_end: tuple[int, int], share_of_whole_years: float, chance: random.Random
) -> tuple[date, date]:
    begins_on, ends_on = (date(one, *year_end) for one in (year - 1, year))
    if chance.random() < share_of_whole_years:
        return begins_on + timedelta(days=1), ends_on
    ends_on -= timedelta(days=chance.choice((0, 0, 10)))
    return ends_on - timedelta(days=chance.choice((364, 300, 380))), ends_on


def completed(row: Row, number: int, chance: random.Random) -> Row:
    begins_on, days = row["fiscal_year_start_on"], chance.choice(LENGTHS[row["period_type"]])
    period = {
        "period_start_on": begins_on + timedelta(days=chance.choice((0, 0, 0, 5))),
        "period_end_on": min(row["fiscal_year_end_on"], begins_on + timedelta(days=days - 1)),
    }
    figures = {name: figure(name, row, chance) for name in FIGURES}
    own = {"id": number, "is_current": chance.random() < 0.95}
    return own | row | period | revision(row["fiscal_year_end_on"], chance) | figures


def revision(ends_on: date, chance: random.Random) -> Row:
    """Of its own report, or what a later one made of it."""
    announced_on = chance.choice((None, *(ends_on + timedelta(days=days) for days in (45, 88, 400, 800))))
    return {
        "based_on_id": chance.choice((None, None, 1)),
        "revision_type": chance.choice(("ORG", "SPL", "RES", "STD", "COR", "STEWARD")),
        "announced_on": announced_on,
    }


def figure(name: str, words: Mapping[str, Any], chance: random.Random) -> Decimal | None:
    """One that is missing now and then; ratios and amounts per share have decimals."""
    if chance.random() < 0.15:
        return None
    number = Decimal(chance.choice(SMALL))
    if COLUMNS[name].info.get("unit") == "shares":
        return abs(number)
    scale = getattr(COLUMNS[name].type, "scale", None)
    if scale:
        return number / 8
    return number * words["rounding_unit"] if chance.random() < 0.9 else number


def random_actions(chance: random.Random) -> list[Row]:
    """Splits of some companies, on any day; of half of them only the ex-date is known."""
    rows = []
    for number, company_id in enumerate(range(1, COMPANIES, 3), start=1):
        ex_on = date(2020, 6, 1) + timedelta(days=chance.randrange(1500))
        effective_on = chance.choice((None, ex_on + timedelta(days=2)))
        ratios = {
            "ratio_from": Decimal(chance.choice((1, 1, 2, 5))),
            "ratio_to": Decimal(chance.choice((1, 3, 10))),
        }
        kind = chance.choice(("split", "reverse_split", "merger"))
        days = {"ex_on": ex_on, "effective_on": effective_on}
        rows.append({"id": number, "company_id": company_id, "kind": kind} | days | ratios)
    return rows


def random_market(rows: list[Row], chance: random.Random) -> tuple[list[Row], list[Row]]:
    """Of some statements a price on their last day, or some days before, or too long ago, and a count of shares."""
    prices: dict[tuple[int, date], Row] = {}
    counts: dict[tuple[int, date], Row] = {}
    for row in chance.sample(rows, k=len(rows) // 2):
        ends_on, company_id = row["period_end_on"], row["company_id"]
        traded_on = ends_on - timedelta(days=chance.choice((0, 0, 9, 15, 16)))
        close = chance.choice((None, Decimal(1), Decimal("0.5")))
        prices[company_id, traded_on] = {"company_id": company_id, "traded_on": traded_on, "close": close}
        number = 10 ** chance.choice((0, 3, 5, 6, 9, 12))
        as_of_on = ends_on + timedelta(days=chance.choice((0, 0, -100, 60)))
        treasury = chance.choice((None, 0, number // 2, number))
        counts[company_id, as_of_on] = {
            "company_id": company_id, "as_of_on": as_of_on, "issued": number, "treasury": treasury,
        }  # fmt: skip
    return list(prices.values()), list(counts.values())


def market_of(row: Row, prices: list[Row], counts: list[Row]) -> Decimal | None:
    """What the shares are worth at the end of a period, by the prices and counts of its company."""
    end = row["period_end_on"]
    known = [one for one in prices if one["close"] is not None and 0 <= (end - one["traded_on"]).days <= 15]
    near = [one for one in counts if abs((end - one["as_of_on"]).days) <= 400]
    if not known or not near:
        return None
    count = min(near, key=lambda one: (abs((end - one["as_of_on"]).days), one["as_of_on"]))
    close = max(known, key=lambda one: one["traded_on"])["close"]
    return close * (count["issued"] - (count["treasury"] or 0)) or None


def by_company(rows: list[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row["company_id"], []).append(row)
    return found


def store(connection: Connection, model: Any, rows: list[Row]) -> None:
    """In a table of this connection alone, which hides the curated one."""
    name = model.__tablename__
    connection.execute(text(f"CREATE TEMP TABLE {name} (LIKE public.{name} INCLUDING INDEXES)"))
    names = ", ".join(rows[0])
    for column in set(model.__table__.columns) - set(model.__table__.primary_key.columns):
        connection.execute(text(f"ALTER TABLE {name} ALTER {column.name} DROP NOT NULL"))
    given = f"json_populate_recordset(NULL::{name}, :rows)"
    insert = text(f"INSERT INTO {name} ({names}) SELECT {names} FROM {given}")
    connection.execute(insert, {"rows": json.dumps(rows, default=str)})
    connection.execute(text(f"ANALYZE {name}"))


def in_python(
    rows: list[Row], actions: list[Row], prices: list[Row], counts: list[Row]
) -> dict[tuple[int, str], tuple[Decimal, Decimal, Decimal]]:
    broken = {}
    splits, priced, counted = by_company(actions), by_company(prices), by_company(counts)
    for company_id, of_company in groupby(
        (row for row in rows if row["is_current"]), lambda row: row["company_id"]
    ):
        statements = list(of_company)
        for row in statements:
            market = market_of(row, priced.get(company_id, []), counted.get(company_id, []))
            facts = facts_of(row, statements, splits.get(company_id, []), market)
            for rule in in_scope(RULES, tuple(row[name] for name in SCOPED_BY)):
                outcome = came_to(rule, facts)
                if outcome is not None and not outcome.is_kept:
                    broken[row["id"], rule.key] = (outcome.observed, outcome.expected, outcome.allowed)
    return broken


@pytest.fixture(scope="module")
def sample() -> Sample:
    """Random rows and what Python finds in them; before any connection is open, as it takes its time."""
    seed = random.randrange(2**32)
    rows, actions = random_statements(random.Random(seed)), random_actions(random.Random(seed))
    prices, counts = random_market(rows, random.Random(seed))
    return Sample(seed, rows, actions, prices, counts, in_python(rows, actions, prices, counts))


@pytest.mark.long
def test_both_readings_find_the_same_and_reckon_the_same(sample: Sample, connection: Connection) -> None:
    assert len(sample.rows) > 10_000
    store(connection, FinancialStatement, sample.rows)
    store(connection, CorporateAction, sample.actions)
    store(connection, StockPrice, sample.prices)
    store(connection, SharesOutstanding, sample.counts)
    never = {rule.key for rule in RULES} - {key for _statement, key in sample.broken}
    assert never == set(), f"seed {sample.seed}"
    # Both are held against one sample, whose making takes longest.
    for where in (as_sql.EVERYWHERE, "now.company_id > 0"):
        in_sql = {
            (row.statement_id, row.rule_key): (row.observed, row.expected, row.allowed)
            for row in connection.execute(text(as_sql.broken(where=where)))
        }
        assert in_sql.keys() == sample.broken.keys(), f"seed {sample.seed}, {where}"
        least = Decimal("1e-25")
        far = [
            place
            for place, sides in sample.broken.items()
            if any(abs(one - other) > least for one, other in zip(sides, in_sql[place], strict=True))
        ]
        assert far == [], f"seed {sample.seed}, {where}"


@pytest.mark.parametrize("where", ["true", "now.company_id = 1"])
def test_what_a_year_has_earned_is_held_against_no_shorter_year_and_what_it_has_is(
    connection: Connection, where: str
) -> None:
    days = [(date(2024, 4, 1), date(2024, 12, 31)), (date(2025, 1, 1), date(2025, 12, 31))]
    words = {"company_id": 1, "is_current": True, "period_type": "FY", "scope": "consolidated"}
    rows = [
        {"id": number, "fiscal_year_start_on": start, "fiscal_year_end_on": end, "period_end_on": end}
        | words
        | {"accounting_standard": "JGAAP", "revenue": 7 * 10**number, "total_assets": 7 * 10**number}
        for number, (start, end) in enumerate(days, start=1)
    ]
    store(connection, FinancialStatement, rows)
    store(connection, CorporateAction, [{"id": 1, "company_id": 2, "kind": "merger"}])
    asked = [BY_ID["T-revenue"], BY_ID["T-assets"]]
    found = connection.execute(text(as_sql.broken(asked, where))).all()
    assert [row.rule_key for row in found] == ["T-assets.total_assets"]


def test_of_two_years_before_the_later_one_counts_also_where_it_keeps_the_rule(
    connection: Connection,
) -> None:
    rows = [
        {"id": number, "fiscal_year_end_on": date(*day), "period_end_on": date(*day), "revenue": revenue}
        for number, (day, revenue) in enumerate(
            [((2024, 3, 20), 100), ((2024, 3, 31), 900), ((2025, 3, 31), 1000)], start=1
        )
    ]
    words = {"company_id": 1, "is_current": True, "period_type": "FY", "scope": "consolidated"}
    store(connection, FinancialStatement, [row | words | {"accounting_standard": "JGAAP"} for row in rows])
    store(connection, CorporateAction, [{"id": 1, "company_id": 2, "kind": "merger"}])
    leaps = [BY_ID["T-revenue"], BY_ID["Y-revenue"]]
    assert connection.execute(text(as_sql.broken(leaps))).all() == []
    number, *counts = connection.execute(text(as_sql.counted(leaps))).one()
    assert (number, counts) == (3, [1, 0, 1, 0])
    connection.execute(text("UPDATE financial_statements SET revenue = 80 WHERE id = 2"))
    found = connection.execute(text(as_sql.broken(leaps))).one()
    assert (found.statement_id, found.beside_id, found.rule_key) == (3, 2, "T-revenue.revenue")
