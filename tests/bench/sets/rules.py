"""Every rule over every statement, beside one scan of the columns that they read; and the rules of companies."""

from collections.abc import Callable, Iterator
from functools import partial

import psycopg

from tests.bench.measuring import Measurement, in_turn, ms
from tests.bench.place import Place
from webapp.rules import masters
from webapp.rules.accounting import as_sql
from webapp.rules.accounting.catalogue import RULES
from webapp.rules.expressions import ACTIONS, MARKET

ROUNDS = 3
MOST_SECONDS, MOST_SCANS = 10.0, 5.0
READ = sorted(
    {figure.name for rule in RULES for figure in rule.figures() if figure.part not in (ACTIONS, MARKET)}
)


def measure(here: Place, url: str) -> Iterator[Measurement]:
    """How long all of them take; the first of the two goals is meant for 160,000 statements."""
    scan = f"SELECT {', '.join(f'max({name})' for name in READ)} FROM financial_statements WHERE is_current"
    # As our own connections ask it (webapp/db.py).
    with psycopg.connect(here.as_superuser(url), autocommit=True, options="-c jit=off") as connection:
        calls: dict[str, Callable[[], object]] = {
            "scan": partial(connection.execute, scan.encode()),
            "rules": partial(connection.execute, _counted(as_sql.broken())),
            "masters": partial(connection.execute, _counted(masters.broken())),
        }
        costs = {name: cost.wall for name, cost in in_turn(ROUNDS, calls, warm_up=1).items()}
        (statements,) = connection.execute("SELECT count(*) FROM financial_statements").fetchone() or (0,)
    rules, scanned = costs["rules"], costs["scan"]
    beside = f"{len(RULES)} rules, {statements:,} statements"
    yield Measurement("all rules of accounting", rules, "s", beside, MOST_SECONDS)
    beside = f"{len(READ)} columns: {ms(scanned)}"
    yield Measurement("all rules of accounting, beside one scan", rules / scanned, "x", beside, MOST_SCANS)
    yield Measurement("rules of companies", costs["masters"], "s", f"{len(masters.RULES)} rules")


def _counted(found: str) -> bytes:
    return f"SELECT count(*) FROM ({found}) b".encode()
