"""The list of all filers, end to end in a cold process, beside reading it and raw COPY of the rows that it leaves."""

import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from statistics import median

import psycopg

from tests.bench import edinet_lists
from tests.bench.measuring import Measurement, cost_of
from tests.bench.place import STOCKCODE, Finished, Place, name_of
from tests.files import builders
from webapp.files import edinet_codes

ROUNDS = 3
MOST_MB = 300.0
# Times reading the file and COPY of its rows into a table like theirs, which has no history.
MOST_TIMES = {"empty": 4.0, "again": 2.5, "over": 3.5}


def measure(place: Place) -> Iterator[Measurement]:
    """Into an empty database, the same file again, and the later list over the earlier one; in turn.

    What a command takes to start is taken off, by a list of one filer.
    """
    lists = edinet_lists.find(place.directory)
    one_filer = place.directory / "one_filer.zip"
    one_filer.write_bytes(builders.edinet_zip(edinet_lists.filer(1)))
    template = place.migrated_database()
    found: dict[str, list[Finished]] = {"empty": [], "again": [], "over": [], "start": []}
    copied: list[float] = []
    read: list[float] = []
    filled = place.new_database(name_of(template))
    _import(place, lists.earlier, filled)
    for _ in range(ROUNDS):
        one = place.new_database(name_of(template))
        found["start"].append(_import(place, one_filer, one, "--dry-run"))
        read.append(cost_of(partial(edinet_codes.read, lists.later.read_bytes())).wall)
        found["empty"].append(_import(place, lists.later, one))
        copied.append(_copy(one))
        found["again"].append(_import(place, lists.later, one))
        other = place.new_database(name_of(filled))
        found["over"].append(_import(place, lists.later, other))
        place.drop(one)
        place.drop(other)
    place.drop(template)
    place.drop(filled)
    start, reading, copying = median(one.seconds for one in found["start"]), median(read), median(copied)
    start_mb = median(one.peak_mb for one in found["start"])
    beside_mb = f"{lists.origin}; starting alone {start_mb:.0f} MB"
    cases = {
        "empty": "11,220-row list into an empty database",
        "again": "the same 11,220-row list again",
        "over": "11,220-row list over the earlier list",
    }
    for case, name in cases.items():
        seconds = median(one.seconds for one in found[case]) - start
        peak = median(one.peak_mb for one in found[case])
        beside = (
            f"{lists.origin}: {seconds:.2f} s and {start:.2f} s to start, reading it {reading:.2f} s,"
            f" raw COPY of its rows {copying:.2f} s"
        )
        times = seconds / (reading + copying)
        yield Measurement(f"import: {name}", times, "x reading and COPY", beside, MOST_TIMES[case])
        yield Measurement(f"import: {name}, peak memory", peak, "MB", beside_mb, MOST_MB)


def _import(place: Place, path: Path, url: str, how: str = "--yes") -> Finished:
    return place.run((str(STOCKCODE), "import", "edinet-codes", str(path), how, "--json"), url)


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
