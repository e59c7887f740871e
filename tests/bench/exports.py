"""All statements as CSV beside COPY TO, in a process of its own so that its memory is its own.

python -m tests.bench.exports URL prints what it measured as JSON.
"""

import json
import os
import sys
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

import psycopg
from sqlalchemy import Column

from tests.bench import applications
from tests.bench.applications import Browser, PageFailed
from tests.bench.measuring import Measurement, in_turn, ms
from tests.bench.place import ROOT, Place
from webapp.models.financial_statement import FinancialStatement
from webapp.screens.record import registry

EXPORT = "/admin/statements/export/all/"
VIEW = "/admin/statements/export/csv/?unit=million"
# One company's: everything that an export loads is loaded then.
SMALL = f"{EXPORT}?search=E00001"
ROUNDS = 3
MOST_MB = 50.0
KIB_PER_MB = 1_000_000 / 1024


def measure(place: Place, url: str) -> Iterator[Measurement]:
    """Time and growth of memory of the whole export."""
    command = ("/usr/bin/env", "-C", str(ROOT), sys.executable, "-m", "tests.bench.exports", url)
    found = json.loads(place.run(command).output.splitlines()[-1])
    beside = f"COPY TO of the same columns: {ms(found['copy'])}, ours {ms(found['export'])}"
    name = f"CSV export of {found['rows']:,} statements"
    yield Measurement(f"{name}, time", found["export"] / found["copy"], "x", beside, 3.0)
    beside = f"COPY TO of the same columns: {ms(found['copy_view'])}, ours {ms(found['view'])}"
    yield Measurement(
        f"{name} as the list shows them, time", found["view"] / found["copy_view"], "x", beside, 3.0
    )
    beside = f"before: {found['before_mb']:.0f} MB at most"
    yield Measurement(
        f"{name}, growth of memory", found["after_mb"] - found["before_mb"], "MB", beside, MOST_MB
    )


def main(url: str) -> None:
    """Export a little, then everything in turn with COPY TO."""
    browser = applications.ours(url)
    _export(browser, SMALL)
    before = _peak_mb()
    view = browser.client.application.extensions[registry.EXTENSION][FinancialStatement]
    copy = _copy_of([column for column in view.plan.table_columns if column.name not in view.plan.hidden])
    copy_view = _copy_of([view.plan.column_of(name) for name in view.plan.columns])
    with psycopg.connect(url) as connection:
        rows = _copy(connection, copy)
        if _export(browser, EXPORT) != rows:
            raise PageFailed("The export has not as many lines as COPY TO.")
        calls = {
            "export": partial(_export, browser, EXPORT),
            "copy": partial(_copy, connection, copy),
            "view": partial(_export, browser, VIEW),
            "copy_view": partial(_copy, connection, copy_view),
        }
        costs = in_turn(ROUNDS, calls, warm_up=0)
    found = {
        "rows": rows - 1,
        **{name: cost.wall for name, cost in costs.items()},
        "before_mb": before,
        "after_mb": _peak_mb(),
    }
    sys.stdout.write(json.dumps(found) + "\n")


def _copy_of(columns: Iterable[Column[object]]) -> str:
    names = ", ".join(one.name for one in columns)
    return f"COPY financial_statements ({names}) TO STDOUT (FORMAT csv, HEADER)"


def _export(browser: Browser, path: str) -> int:
    """Read the answer as it comes, keep nothing, count the lines."""
    answer = browser.client.get(path)
    if answer.status_code != 200:
        raise PageFailed(f"{path} answers {answer.status_code}.")
    lines = sum(block.count(b"\n") for block in answer.iter_encoded())
    answer.close()
    return lines


def _copy(connection: psycopg.Connection, statement: str) -> int:
    with connection.cursor().copy(statement.encode()) as blocks:
        return sum(bytes(block).count(b"\n") for block in blocks)


def _peak_mb() -> float:
    """The most memory that this program has had. The kernel's ru_maxrss would begin with its parent's."""
    status = Path(f"/proc/{os.getpid()}/status").read_text()
    (line,) = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) / KIB_PER_MB


if __name__ == "__main__":
    main(sys.argv[1])
