"""What commands spend before they begin: each in a cold process, beside loading what it used to load, in turn."""

import sys
from collections.abc import Iterator
from statistics import median

from tests.bench.measuring import Measurement
from tests.bench.place import RELEASE_STEP, STOCKCODE, Finished, Place

ROUNDS = 10
COMMANDS = {
    "help": (str(STOCKCODE), "--help"),
    "app": (sys.executable, "-c", "import webapp.app"),
    "heads": (*RELEASE_STEP, "heads"),
    "script": (sys.executable, "-c", "import alembic.script"),
    "import": (sys.executable, "-c", "from webapp.cli import table; table.doing('import')"),
}


def measure(place: Place) -> Iterator[Measurement]:
    """Two goals that are ratios, and what an import spends before it reads a byte."""
    for command in COMMANDS.values():
        place.run(command)  # so that nobody measures the writing of byte code
    runs: dict[str, list[Finished]] = {case: [] for case in COMMANDS}
    cases = list(COMMANDS)
    for number in range(ROUNDS):
        first = number % len(cases)
        for case in cases[first:] + cases[:first]:
            runs[case].append(place.run(COMMANDS[case]))
    took = {case: median(one.seconds for one in found) for case, found in runs.items()}
    cpu = {case: median(one.cpu for one in found) for case, found in runs.items()}

    def beside(case: str, other: str, name: str) -> str:
        return (
            f"{took[case]:.2f} s (processor {cpu[case]:.2f}),"
            f" {name} {took[other]:.2f} s (processor {cpu[other]:.2f})"
        )

    yield Measurement(
        "start: stockcode --help, to loading the application",
        took["help"] / took["app"],
        "x",
        beside("help", "app", "import webapp.app"),
        0.25,
    )
    yield Measurement(
        "start: run_migrations.py heads, to loading Alembic",
        took["heads"] / took["script"],
        "x",
        beside("heads", "script", "import alembic.script"),
        1.3,
    )
    yield Measurement(
        "start: what stockcode import loads, to the application",
        took["import"] / took["app"],
        "x",
        beside("import", "app", "import webapp.app"),
    )
