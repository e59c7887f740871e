"""The release step in a cold process, beside psql running the same SQL, and beside loading its libraries alone."""

import sys
from collections.abc import Iterator
from statistics import median

from tests.bench.measuring import Measurement
from tests.bench.place import RELEASE_STEP, Finished, Place

ROUNDS = 3
LIBRARIES = (sys.executable, "-c", "import alembic, psycopg, sqlalchemy")


def measure(place: Place) -> Iterator[Measurement]:
    """upgrade of an empty database, upgrade with nothing to do, check; in turn."""
    script = place.directory / "release.sql"
    # Making the script needs no database, but says which one it is for by its address alone.
    script.write_text(place.run((*RELEASE_STEP, "upgrade", "--sql"), place.server.url).output)
    found: dict[str, list[Finished]] = {"upgrade": [], "again": [], "check": [], "psql": [], "load": []}
    for _ in range(ROUNDS):
        plain, ours = place.new_database(), place.new_database()
        psql = (str(place.server.bin_dir / "psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", str(script))
        found["psql"].append(place.run((*psql, plain)))
        found["load"].append(place.run(LIBRARIES))
        for case, words in {"upgrade": "upgrade", "again": "upgrade", "check": "check"}.items():
            found[case].append(place.run((*RELEASE_STEP, words), ours))
        place.drop(plain)
        place.drop(ours)
    took = {case: median(one.seconds for one in runs) for case, runs in found.items()}
    cpu = {case: f"processor {median(one.cpu for one in runs):.2f} s" for case, runs in found.items()}
    libraries = f"Python loading the libraries {took['load']:.2f} s"
    beside = f"{cpu['upgrade']}; psql running the same SQL {took['psql']:.2f} s, {libraries}"
    yield Measurement("release: upgrade of an empty database, cold", took["upgrade"], "s", beside, 5.0)
    beside = f"{cpu['again']}; {libraries}"
    yield Measurement("release: upgrade with nothing to do", took["again"], "s", beside, 1.0)
    beside = f"{cpu['check']}; {libraries}"
    yield Measurement("release: check", took["check"], "s", beside, 3.0)
