"""The list of all filers, end to end in a cold process, beside raw COPY of the rows that it leaves."""

import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import psycopg

from tests.bench import edinet_lists
from tests.bench.measuring import Measurement
from tests.bench.place import STOCKCODE, Finished, Place, name_of

ROUNDS = 3
MOST_SECONDS, MOST_MB = 5.0, 300.0


def measure(place: Place) -> Iterator[Measurement]:
    """Into an empty database, the same file again, and the later list over the earlier one; in turn."""
    lists = edinet_lists.find(place.directory)
    template = place.migrated_database()
    found: dict[str, list[Finished]] = {"empty": [], "again": [], "over": [], "start": []}
    copied: list[float] = []
    filled = place.new_database(name_of(template))
    _import(place, lists.earlier, filled)
    for _ in range(ROUNDS):
        found["start"].append(place.run((str(STOCKCODE), "--help")))
        one = place.new_database(name_of(template))
        found["empty"].append(_import(place, lists.later, one))
        copied.append(_copy(one))
        found["again"].append(_import(place, lists.later, one))
        other = place.new_database(name_of(filled))
        found["over"].append(_import(place, lists.later, other))
        place.drop(one)
        place.drop(other)
    place.drop(template)
    place.drop(filled)
    start = median(one.seconds for one in found["start"])
    start_mb = median(one.peak_mb for one in found["start"])
    beside_mb = f"{lists.origin}; starting alone {start_mb:.0f} MB"
    cases = {
        "empty": "11,220-row list into an empty database",
        "again": "the same 11,220-row list again",
        "over": "11,220-row list over the earlier list",
    }
    for case, name in cases.items():
        seconds = median(one.seconds for one in found[case])
        peak = median(one.peak_mb for one in found[case])
        beside = (
            f"{lists.origin}; processor {median(one.cpu for one in found[case]):.2f} s,"
            f" starting alone {start:.2f} s, raw COPY of its rows {median(copied):.2f} s"
        )
        yield Measurement(f"import: {name}, time", seconds, "s", beside, MOST_SECONDS)
        yield Measurement(f"import: {name}, peak memory", peak, "MB", beside_mb, MOST_MB)


def _import(place: Place, path: Path, url: str) -> Finished:
    return place.run((str(STOCKCODE), "import", "edinet-codes", str(path), "--yes", "--json"), url)


def _copy(url: str) -> float:
    """Seconds that PostgreSQL itself needs for the same rows, with the same indexes and CHECKs."""
    with psycopg.connect(url, autocommit=True) as connection:
        with connection.cursor().copy("COPY companies TO STDOUT") as source:
            rows = b"".join(bytes(block) for block in source)
        connection.execute("CREATE TABLE companies_copied (LIKE companies INCLUDING ALL)")
        began = time.perf_counter()
        with connection.cursor().copy("COPY companies_copied FROM STDIN") as target:
            target.write(rows)
        seconds = time.perf_counter() - began
        connection.execute("DROP TABLE companies_copied")
    return seconds
