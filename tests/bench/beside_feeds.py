"""How long lists take while a feed of prices runs, beside how long they take otherwise."""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles

import psycopg

from tests.bench.applications import Applications
from tests.bench.lists import COMPANIES, PRICES
from tests.bench.measuring import Measurement, ms
from tests.bench.place import OF_THE_CALLER, STOCKCODE, CommandFailed

ROUNDS = 60
MOST_TIMES = 2.0
# Of what is stored, a tenth more, on days that follow: as a vendor gives a day of every issue.
ROWS = """
SELECT last_on + n.day::int AS "Date", c.ticker_symbol AS "Code", 1000 AS "Open", 1010 AS "High", 990 AS "Low",
    1005 AS "Close", 100 AS "Volume"
FROM (SELECT max(traded_on) AS last_on, count(*) / 10 AS number FROM stock_prices) s,
    generate_series(1, s.number / (SELECT count(*) FROM companies WHERE ticker_symbol IS NOT NULL) + 1) n (day),
    companies c WHERE c.ticker_symbol IS NOT NULL AND last_on + n.day::int < current_date
"""


def measure(here: Applications) -> Iterator[Measurement]:
    """The 95th percentile of two lists, first alone, then while a feed is read, compared and written."""
    for page in (COMPANIES, PRICES):
        here.ours.get(page)
    alone = [_timed(here) for _round in range(ROUNDS)]
    with tempfile.TemporaryDirectory(prefix="stockcode-bench-") as directory:
        path = Path(directory) / "prices.csv"
        rows = _written(here.url, path)
        beside = []
        with _importing(here.url, path) as feed:
            while feed.poll() is None:
                beside.append(_timed(here))
    for place, page in enumerate((COMPANIES, PRICES)):
        quiet, busy = (_p95([times[place] for times in rounds]) for rounds in (alone, beside))
        told = f"alone {ms(quiet)}, beside it {ms(busy)}, {len(beside)} times; a feed of {rows:,} rows"
        yield Measurement(f"{page} while a feed runs, p95", busy / quiet, "x", told, MOST_TIMES)


def _timed(here: Applications) -> tuple[float, float]:
    began = time.perf_counter()
    here.ours.get(COMPANIES)
    between = time.perf_counter()
    here.ours.get(PRICES)
    return between - began, time.perf_counter() - between


def _p95(times: list[float]) -> float:
    return quantiles(times, n=20)[-1]


def _written(url: str, path: Path) -> int:
    with (
        psycopg.connect(url) as connection,
        path.open("wb") as file,
        connection.cursor() as cursor,
        cursor.copy(f"COPY ({ROWS}) TO STDOUT (FORMAT csv, HEADER)".encode()) as copy,
    ):
        for block in copy:
            file.write(block)
    return path.read_bytes().count(b"\n") - 1


@contextmanager
def _importing(url: str, path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A feed that runs; raises CommandFailed where it ends badly."""
    environment = {name: value for name, value in os.environ.items() if name not in OF_THE_CALLER}
    environment |= {"SECRET_KEY": "bench" * 8, "APP_ENV": "local", "DATABASE_URL": url}
    command = [str(STOCKCODE), "import", "prices", str(path), "--yes", "--json"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as feed:
        try:
            yield feed
        finally:
            feed.kill()
    if feed.returncode != 0:
        raise CommandFailed(f"the feed ended with {feed.returncode}")
