"""What keeping the history costs where rows come in bulk: prices upserted with their triggers, beside raw COPY."""

import time
from collections.abc import Iterator, Mapping
from statistics import median

import psycopg

from tests.bench.measuring import Measurement
from tests.bench.place import Place, name_of

ROUNDS = 3
ROWS = 100_000
COMPANIES = 100

MADE_COMPANIES = """
INSERT INTO companies (id, edinet_code, name_ja, name_ja_folded, listing_status)
SELECT n, 'E' || lpad(n::text, 5, '0'), '計測' || n, '計測' || n, 'unlisted' FROM generate_series(1, {companies}) n
"""

# As a price file would be taken in: first into a table of its own, which costs every case the same and is not timed.
RECEIVED = """
CREATE UNLOGGED TABLE received AS
SELECT n % {companies} + 1 AS company_id, date '2000-01-03' + n / {companies} AS traded_on,
    (300 + n % 700)::numeric(14, 4) AS price, n::bigint AS volume FROM generate_series(0, {rows} - 1) n
"""

UPSERT = """
INSERT INTO stock_prices AS t
    (company_id, traded_on, open, high, low, close, adjusted_close, volume, data_source)
SELECT company_id, traded_on, price, price, price, price, price, volume + {more}, 'bench' FROM received
ON CONFLICT (company_id, traded_on) DO UPDATE SET open = excluded.open, high = excluded.high, low = excluded.low,
    close = excluded.close, adjusted_close = excluded.adjusted_close, volume = excluded.volume,
    data_source = excluded.data_source
WHERE (t.open, t.high, t.low, t.close, t.adjusted_close, t.volume, t.data_source) IS DISTINCT FROM
    (excluded.open, excluded.high, excluded.low, excluded.close, excluded.adjusted_close, excluded.volume,
     excluded.data_source)
"""

CASES = {
    "new": ("upsert of new rows", UPSERT.format(more=0)),
    "again": ("upsert of unchanged rows", UPSERT.format(more=0)),
    "changed": ("upsert of rows that have all changed", UPSERT.format(more=1)),
    "deleted": ("DELETE of all rows", "DELETE FROM stock_prices"),
}
# The figures of docs/architecture, where a million rows were measured, and a tenth more.
MOST = {"new": 1.6 * 1.1, "again": 0.9 * 1.1, "changed": 3.0 * 1.1}


def measure(place: Place) -> Iterator[Measurement]:
    """New rows, the same again, all changed, all deleted; every round in a database of its own."""
    template = place.migrated_database()
    rounds = [seconds(place, template) for _ in range(ROUNDS)]
    place.drop(template)
    copied = median(one["copy"] for one in rounds)
    for case, (name, _statement) in CASES.items():
        ratio = median(one[case] / one["copy"] for one in rounds)
        beside = f"{ROWS:,} prices; raw COPY of them {copied:.2f} s"
        yield Measurement(f"history: {name}, time", ratio, "x COPY", beside, MOST.get(case))


def seconds(place: Place, template: str) -> Mapping[str, float]:
    """What one round took, by case, and raw COPY of the same rows."""
    url = place.new_database(name_of(template))
    took: dict[str, float] = {}
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(MADE_COMPANIES.format(companies=COMPANIES).encode())
        connection.execute(RECEIVED.format(companies=COMPANIES, rows=ROWS).encode())
        # As in an import: what no change set writes is in two indexes more.
        connection.execute(b"SELECT set_config('app.change_set_id', '1', false)")
        for case, (_name, statement) in CASES.items():
            connection.execute("VACUUM (ANALYZE)")
            began = time.perf_counter()
            connection.execute(statement.encode())
            took[case] = time.perf_counter() - began
            if case == "new":
                took["copy"] = _copy(connection)
    place.drop(url)
    return took


def _copy(connection: psycopg.Connection) -> float:
    """Seconds for COPY of the prices into a table with the same indexes and CHECKs, without triggers."""
    with connection.cursor().copy("COPY stock_prices TO STDOUT") as source:
        rows = b"".join(bytes(block) for block in source)
    connection.execute("CREATE TABLE copied (LIKE stock_prices INCLUDING ALL)")
    began = time.perf_counter()
    with connection.cursor().copy("COPY copied FROM STDIN") as target:
        target.write(rows)
    took = time.perf_counter() - began
    connection.execute("DROP TABLE copied")
    return took
