"""Prices as a feed, end to end in cold processes, beside raw COPY of the same rows into the same table."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import psycopg

from tests.bench.data import Size
from tests.bench.measuring import Measurement
from tests.bench.place import STOCKCODE, Finished, Place, name_of

# At SCALE 1; each company has as many days.
PRICES, COMPANIES = 1_000_000, 4_000
MOST_MB = 150.0

MADE_COMPANIES = f"""
INSERT INTO companies (id, ticker_symbol, edinet_code, name_ja, name_ja_folded, listing_status)
SELECT n, (2000 + n)::text, 'E' || lpad(n::text, 5, '0'), '計測' || n, '計測' || n, 'listed'
FROM generate_series(1, {COMPANIES}) n
"""
# As a vendor gives a day of every issue, one day after another, from Monday to Friday; prices move by a little.
ROWS = f"""
SELECT date '2015-01-05' + day / 5 * 7 + day % 5 AS "Date", (2001 + issue)::text AS "Code", price AS "Open",
    price + 12 AS "High", price - 12 AS "Low", price + 5.5 AS "Close",
    n::bigint * 7919 % 1000000 * 100 + {{more}} AS "Volume"
FROM generate_series(0, {{rows}} - 1) n CROSS JOIN LATERAL (SELECT n / {COMPANIES} AS day, n % {COMPANIES} AS issue) i
    CROSS JOIN LATERAL (SELECT 300 + (issue * 7 % 7001 + day * issue % 13)::numeric AS price) p
"""
COLUMNS = "company_id, traded_on, open, high, low, close, volume, data_source"


@dataclass(frozen=True, slots=True)
class Files:
    """The prices, and the same with another volume each."""

    new: Path
    changed: Path
    # A single row: what a command takes before it has any work.
    one: Path


def measure(place: Place, size: Size) -> Iterator[Measurement]:
    """New prices, the same again, all changed, a preview and the undoing, in turn, each beside COPY of as many rows.

    What a command takes to start is taken off: of a million rows it is little, of a few it would be most.
    """
    rows = max(20_000, size.prices * PRICES // 10_000_000)
    template = place.migrated_database()
    with psycopg.connect(template, autocommit=True) as connection:
        connection.execute(MADE_COMPANIES.encode())
        connection.execute(b"VACUUM (ANALYZE)")
        files = _files(connection, place.directory, rows)
    url, copied_url = place.new_database(name_of(template)), place.new_database(name_of(template))
    took: dict[str, Finished] = {"start": _import(place, files.one, url, "--dry-run")}
    took["preview"] = _import(place, files.new, url, "--dry-run")
    took["new"] = _import(place, files.new, url)
    copied = copied_in(url, copied_url, "stock_prices", COLUMNS)
    took["again"] = _import(place, files.new, url)
    took["changed"] = _import(place, files.changed, url)
    took["undo"] = undone(place, took["changed"], url)
    took["undo new"] = undone(place, took["new"], url)
    for one in (url, copied_url, template):
        place.drop(one)
    yield from _told(took, copied, rows)


def _told(took: Mapping[str, Finished], copied: float, rows: int) -> Iterator[Measurement]:
    start = took["start"].seconds
    goals = {"new": 2.0, "again": 1.2, "changed": 3.5}
    names = {"new": "new prices", "again": "the same prices again", "changed": "prices that have all changed"}
    for case, goal in goals.items():
        seconds = took[case].seconds - start
        beside = f"{rows:,} rows: {seconds:.1f} s and {start:.1f} s to start, COPY into the same table {copied:.1f} s"
        yield Measurement(f"feed: {names[case]}", seconds / copied, "x COPY", beside, goal)
        yield Measurement(
            f"feed: {names[case]}, peak memory", took[case].peak_mb, "MB", f"{rows:,} rows", MOST_MB
        )
    for case, of, goal, name in (
        ("preview", "new", 1.0, "preview of new prices"),
        ("undo", "changed", 3.0, "undoing of changed prices"),
        ("undo new", "new", 3.0, "undoing of new prices"),
    ):
        seconds, imported = took[case].seconds - start, took[of].seconds - start
        beside = f"{seconds:.1f} s, the import {imported:.1f} s"
        yield Measurement(f"feed: {name}", seconds / imported, "x import", beside, goal)


def _files(connection: psycopg.Connection, directory: Path, rows: int) -> Files:
    files = Files(directory / "prices.csv", directory / "changed.csv", directory / "one.csv")
    files.one.write_text("Date,Code,Open,High,Low,Close,Volume\n2015-01-05,2001,1,1,1,1,1\n")
    for path, more in ((files.new, 0), (files.changed, 1)):
        query = ROWS.format(rows=rows, more=more)
        with (
            path.open("wb") as file,
            connection.cursor().copy(f"COPY ({query}) TO STDOUT (FORMAT csv, HEADER)".encode()) as copy,
        ):
            for block in copy:
                file.write(block)
    return files


def _import(place: Place, path: Path, url: str, how: str = "--yes") -> Finished:
    return place.run((str(STOCKCODE), "import", "prices", str(path), how, "--json"), url)


def undone(place: Place, done: Finished, url: str) -> Finished:
    """The change set of an import is taken back."""
    number = str(json.loads(done.output)["change_set"])
    return place.run((str(STOCKCODE), "undo", number, "--yes", "--json"), url)


def copied_in(url: str, into: str, table: str, columns: str) -> float:
    """Seconds that PostgreSQL itself needs for the same rows in the same table, its triggers and all."""
    with psycopg.connect(url) as source, psycopg.connect(into) as target:
        with source.cursor().copy(f"COPY (SELECT {columns} FROM {table}) TO STDOUT".encode()) as copy:
            rows = b"".join(bytes(block) for block in copy)
        target.execute("SELECT set_config('app.change_set_id', '1', false)")
        began = perf_counter()
        with target.cursor().copy(f"COPY {table} ({columns}) FROM STDIN".encode()) as copy:
            copy.write(rows)
        target.commit()
        return perf_counter() - began
