"""Real reports of EDINET, end to end in a cold process: into an empty database, and all of them again."""

import os
from collections.abc import Iterator
from pathlib import Path

from tests.bench import edinet_lists
from tests.bench.measuring import Measurement
from tests.bench.place import ROOT, STOCKCODE, Finished, Place, name_of

DATA = Path(os.environ.get("STOCKCODE_REAL_DATA") or ROOT.parent / "shared" / "data")
MOST_SECONDS, MOST_MB, MOST_SECONDS_A_REPORT = 20.0, 150.0, 0.15


def measure(place: Place) -> Iterator[Measurement]:
    """Nothing where the real reports are not at hand: made-up ones have a tenth of their lines."""
    reports = DATA / "edinet_type5"
    if not reports.is_dir():
        return
    number = sum(1 for _ in reports.rglob("*.zip"))
    url = place.new_database(name_of(place.migrated_database()))
    lists = edinet_lists.find(place.directory)
    place.run((str(STOCKCODE), "import", "edinet-codes", str(lists.later), "--yes", "--json"), url)
    start = place.run((str(STOCKCODE), "--help"))
    runs = {"": _import(place, reports, url), " again": _import(place, reports, url)}
    place.drop(url)
    for again, run in runs.items():
        beside = f"processor {run.cpu:.1f} s, starting alone {start.seconds:.2f} s"
        yield Measurement(f"import: {number} reports{again}, time", run.seconds, "s", beside, MOST_SECONDS)
        yield Measurement(f"import: {number} reports{again}, peak memory", run.peak_mb, "MB", "", MOST_MB)
        each = (run.seconds - start.seconds) / number
        yield Measurement(
            f"import: one of {number} reports{again}, time", each, "s", "the mean", MOST_SECONDS_A_REPORT
        )


def _import(place: Place, reports: Path, url: str) -> Finished:
    return place.run((str(STOCKCODE), "import", "edinet-filing", str(reports), "--yes", "--json"), url)
