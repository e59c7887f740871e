"""The rules of prices as SQL say of random days exactly what they say in Python of each."""

import json
import random
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import Connection, text

from webapp.rules.market import as_sql, price_moves
from webapp.rules.market.price_moves import Day

COMPANIES = 400
SERIES = (
    "SELECT *, (row_number() OVER ())::integer AS line, true AS is_new"
    f" FROM jsonb_to_recordset(CAST(:days AS jsonb)) AS d ({as_sql.DAYS})"
)
SPANS = f"SELECT * FROM jsonb_to_recordset(CAST(:spans AS jsonb)) AS p ({as_sql.SPANS})"
# On and around a limit, splits and what is near them, and twenty days of the same.
MOVES = (
    "1",
    "1",
    "1",
    "1",
    "1",
    "1.3",
    "0.7",
    "1.30001",
    "0.5",
    "0.2",
    "5",
    "1.5",
    "0.56",
    "0.559",
    "0.1",
    "0",
)


def random_days(chance: random.Random) -> list[Day]:
    """Days of one company, with gaps; some without a trade, some as the day before."""
    day, close = date(2025, 3, 3), Decimal(chance.choice((99, 100, 1000, 1500, 10_000, 49_999_999)))
    is_quiet = chance.random() < 0.3
    days = []
    for _number in range(chance.randrange(1, 60)):
        day += timedelta(days=chance.choice((1, 1, 1, 1, 2, 3, 5)))
        if chance.random() < (0.9 if is_quiet else 0.1):
            days.append(
                Day(day, None, None, None, 0) if chance.random() < 0.5 else Day(day, close, close, close, 0)
            )
            continue
        close = max(close * Decimal(chance.choice(MOVES)), Decimal("0.1")).quantize(Decimal("0.0001"))
        high, low = (chance.choice((close, None, close + step)) for step in (1, -1))
        days.append(Day(day, high, low, close, chance.choice((0, 100, None))))
    return days


def random_factors(days: list[Day], chance: random.Random) -> dict[date, Decimal]:
    on = chance.sample(days, k=min(len(days), chance.randrange(4)))
    return {day.traded_on: Decimal(chance.choice(("0.2", "0.5", "10", "0.3333333333333333"))) for day in on}


def told(days: list[Day], factors: dict[date, Decimal]) -> Iterator[tuple[date, str, str]]:
    for traded_on, finding in price_moves.remarks(days, factors):
        yield traded_on, finding.rule or "", str(finding)


def test_both_readings_of_the_rules_say_the_same_of_random_days(connection: Connection) -> None:
    chance = random.Random(8697)
    days = {number: random_days(chance) for number in range(1, COMPANIES + 1)}
    factors = {number: random_factors(of_company, chance) for number, of_company in days.items()}
    given = [
        {"company_id": number, "traded_on": str(day.traded_on), "volume": day.volume}
        | {
            name: None if getattr(day, name) is None else str(getattr(day, name))
            for name in ("high", "low", "close")
        }
        for number, of_company in days.items()
        for day in of_company
    ]
    names = ("last_from", "last_until", "day_from", "day_until", "factor")
    spans = [
        {"company_id": number, **dict(zip(names, map(str, span), strict=True))}
        for number, of_company in factors.items()
        for span in as_sql.spans_of(of_company)
    ]
    facts = {"days": json.dumps(given), "spans": json.dumps(spans), **as_sql.parameters()}
    rows = connection.execute(text(as_sql.remarks(SERIES, SPANS, 1_000_000)), facts).mappings()
    in_sql = sorted(
        (row["company_id"], row["traded_on"], row["rule"], str(as_sql.finding(dict(row)))) for row in rows
    )
    in_python = sorted(
        (number, *remark)
        for number, of_company in days.items()
        for remark in told(of_company, factors[number])
    )
    assert {rule for _number, _day, rule, _text in in_python} == {
        price_moves.LIMIT, price_moves.SPLIT, price_moves.STALE, price_moves.MISSING,
    }  # fmt: skip
    assert in_sql == in_python
