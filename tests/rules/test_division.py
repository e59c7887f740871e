"""Division as PostgreSQL does it: the same digits, and as many of them."""

import random
from decimal import Decimal

from sqlalchemy import Connection, text

from webapp.rules.division import divide, to_decimals
from webapp.rules.expressions import EXACT

TIMES = 500


def number(chance: random.Random) -> Decimal:
    """Of up to twenty digits, with up to thirty of them behind the point."""
    digits = chance.randrange(10 ** chance.randrange(1, 21))
    return Decimal(chance.choice((1, -1)) * digits).scaleb(-chance.randrange(31))


def as_written(one: Decimal) -> str:
    """PostgreSQL knows no zero below zero."""
    return f"{EXACT.plus(one):f}"


def test_quotients_are_those_of_postgresql_to_the_last_decimal(connection: Connection) -> None:
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    pairs = [(number(chance), number(chance) or Decimal(3)) for _ in range(TIMES)]
    rows = connection.execute(
        text(
            "SELECT (a / b)::text, a::numeric(80, 7)::text FROM unnest(CAST(:left AS numeric[]),"
            " CAST(:right AS numeric[])) WITH ORDINALITY AS n (a, b, place) ORDER BY place"
        ),
        {"left": [one for one, _other in pairs], "right": [other for _one, other in pairs]},
    ).all()
    ours = [(as_written(divide(*pair)), as_written(to_decimals(pair[0], 7))) for pair in pairs]
    differing = [
        (pair, *both) for pair, *both in zip(pairs, ours, map(tuple, rows), strict=True) if both[0] != both[1]
    ]
    assert differing == [], f"seed {seed}"
