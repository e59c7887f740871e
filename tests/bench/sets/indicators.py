"""Every indicator of every statement, with prices: computed for the first time, and again where nothing has changed."""

from collections.abc import Iterator

import psycopg

from tests.bench.measuring import Measurement
from tests.bench.place import STOCKCODE, Place

MOST_SECONDS, STATEMENTS = 15.0, 160_000


def measure(place: Place, url: str) -> Iterator[Measurement]:
    """Of as many statements as there are; the goal is as much smaller."""
    command = (str(STOCKCODE), "recalculate")
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM financial_statements").fetchone()
    assert row is not None
    most = MOST_SECONDS * row[0] / STATEMENTS
    for name in ("", " again"):
        run = place.run(command, url)
        beside = f"{row[0]:,} statements, processor of the process {run.cpu:.1f} s"
        yield Measurement(f"recalculate all indicators{name}, time", run.seconds, "s", beside, most)
