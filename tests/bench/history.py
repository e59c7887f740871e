"""What keeping the history costs where rows come in bulk: prices upserted with their triggers, beside raw COPY."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median

import psycopg

from tests.bench.measuring import Measurement
from tests.bench.place import RELEASE_STEP, Place, name_of

ROUNDS = 5
ROWS = 50_000
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
# The revision before versions kept apart whatever overlaps, and said who began them; released, so it stays.
BEFORE = "93c6f0b8e1d7"
MOST_BESIDE_BEFORE = 1.1

Took = Mapping[str, float]


def measure(place: Place) -> Iterator[Measurement]:
    """New rows, the same again, all changed, all deleted: beside raw COPY, and beside the triggers of BEFORE."""
    now, before = place.migrated_database(), place.new_database()
    place.run((*RELEASE_STEP, "upgrade", BEFORE), before)
    found: dict[str, list[Took]] = {now: [], before: []}
    for number in range(ROUNDS):
        for template in (now, before) if number % 2 else (before, now):
            found[template].append(_round(place, template))
    for case, (name, _statement) in CASES.items():
        took, copied, earlier = (
            median(one[key] for one in found[template])
            for template, key in ((now, case), (now, "copy"), (before, case))
        )
        beside = f"{ROWS:,} prices; {took:.2f} s of the server's processor, raw COPY of them {copied:.2f} s"
        yield Measurement(f"history: {name}, processor", took / copied, "x COPY", beside)
        beside = f"{earlier:.2f} s of the server's processor at revision {BEFORE}"
        yield Measurement(f"history: {name}, beside before", took / earlier, "x", beside, MOST_BESIDE_BEFORE)
    place.drop(now)
    place.drop(before)


def _round(place: Place, template: str) -> Took:
    """Seconds of the processor that each case took in a database of its own, and raw COPY of the same rows."""
    url = place.new_database(name_of(template))
    took: dict[str, float] = {}
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(MADE_COMPANIES.format(companies=COMPANIES).encode())
        connection.execute(RECEIVED.format(companies=COMPANIES, rows=ROWS).encode())
        # As in an import: what no change set writes is in two indexes more.
        connection.execute(b"SELECT set_config('app.change_set_id', '1', false)")
        for case, (_name, statement) in CASES.items():
            connection.execute(b"VACUUM (ANALYZE)")
            began = _processor_seconds(connection)
            connection.execute(statement.encode())
            took[case] = _processor_seconds(connection) - began
            if case == "new":
                took["copy"] = _copy(connection)
    place.drop(url)
    return took


def _copy(connection: psycopg.Connection) -> float:
    """What COPY of the prices takes into a table with the same indexes and CHECKs, without triggers."""
    with connection.cursor().copy("COPY stock_prices TO STDOUT") as source:
        rows = b"".join(bytes(block) for block in source)
    connection.execute("CREATE TABLE copied (LIKE stock_prices INCLUDING ALL)")
    began = _processor_seconds(connection)
    with connection.cursor().copy("COPY copied FROM STDIN") as target:
        target.write(rows)
    took = _processor_seconds(connection) - began
    connection.execute("DROP TABLE copied")
    return took


def _processor_seconds(connection: psycopg.Connection) -> float:
    """What the session's server process has used so far: what else the machine does hardly counts."""
    # Its first figure is nanoseconds (proc_pid_schedstat); stat counts in hundredths of a second.
    figures = Path(f"/proc/{connection.info.backend_pid}/schedstat").read_text()
    return int(figures.split()[0]) / 1e9
