"""The release step in a cold process, beside psql running the same SQL, and beside loading its libraries alone."""

import sys
from collections.abc import Iterator
from statistics import median

from tests.bench.measuring import Measurement
from tests.bench.place import RELEASE_STEP, Place

ROUNDS = 3
LIBRARIES = (sys.executable, "-c", "import alembic, psycopg, sqlalchemy")


def measure(place: Place) -> Iterator[Measurement]:
    """upgrade of an empty database, upgrade with nothing to do, check; in turn."""
    script = place.directory / "release.sql"
    # Making the script needs no database, but says which one it is for by its address alone.
    script.write_text(place.run((*RELEASE_STEP, "upgrade", "--sql"), place.server.url).output)
    found: dict[str, list[float]] = {"upgrade": [], "again": [], "check": [], "psql": [], "load": []}
    for _ in range(ROUNDS):
        plain, ours = place.new_database(), place.new_database()
        psql = (str(place.server.bin_dir / "psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", str(script))
        found["psql"].append(place.run((*psql, plain)).seconds)
        found["load"].append(place.run(LIBRARIES).seconds)
        for case, words in {"upgrade": "upgrade", "again": "upgrade", "check": "check"}.items():
            found[case].append(place.run((*RELEASE_STEP, words), ours).seconds)
        place.drop(plain)
        place.drop(ours)
    middle = {case: median(seconds) for case, seconds in found.items()}
    psql_took = f"psql running the same SQL {middle['psql']:.2f} s"
    yield Measurement("release: upgrade of an empty database, cold", middle["upgrade"], "s", psql_took, 5.0)
    load_took = f"Python loading the libraries {middle['load']:.2f} s"
    yield Measurement("release: upgrade with nothing to do", middle["again"], "s", load_took, 1.0)
    yield Measurement("release: check", middle["check"], "s", load_took, 3.0)
