"""Runs of the release step as processes of their own, quickly: each is a child of one process that has loaded it all.

A run may be ended at its Nth word to the database, or a moment after, by a signal that it sends to itself: a place
that can be found again, unlike one by the clock.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import traceback
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import alembic.autogenerate  # noqa: F401 - loaded once for all children
import alembic_postgresql_enum  # noqa: F401 - the same
from sqlalchemy import Engine, event

from migrations import backfills, indexes, run_migrations  # noqa: F401 - the same
from migrations.release_step.commands import releases, revisions  # noqa: F401 - the same
from migrations.release_step.revisions import environment, shipped
from migrations.release_step.telling import signals

ROOT = Path(__file__).parents[3]
LONGEST_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Stop:
    """Which signal a run gets, at which of its words to the database, and how many seconds after it."""

    point: int
    number: int
    after: float = 0.0


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended; negative: by that signal. With how many words to the database, where it could say so."""

    exit_code: int
    out: str
    err: str
    points: int

    @property
    def line(self) -> str:
        """The last line of what it said of a failure."""
        return (self.err.splitlines() or [""])[-1]


class Runs:
    """The process that has loaded it all, and the runs that it begins."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", __spec__.name if __spec__ else ""]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def run(self, root: Path, address: str, *arguments: str, stop: Stop | None = None) -> Ended:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        ask = {"root": str(root), "address": address, "arguments": arguments, "stop": stop and asdict(stop)}
        self.process.stdin.write(json.dumps(ask) + "\n")
        self.process.stdin.flush()
        return Ended(**json.loads(self.process.stdout.readline()))

    def stop(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(LONGEST_SECONDS)
        self.process.stdout.close()


class _Points:
    """Counts the words to the database of the run itself, and ends it at one of them."""

    def __init__(self, stop: dict[str, Any] | None) -> None:
        self.count = 0
        self.stop = Stop(**stop) if stop else None
        event.listen(Engine, "before_cursor_execute", self._pass)
        event.listen(Engine, "commit", self._pass)

    def _pass(self, *_: Any) -> None:
        if threading.current_thread() is not threading.main_thread():
            return
        self.count += 1
        if self.stop is None or self.count != self.stop.point:
            return
        end = (os.getpid(), self.stop.number)
        if self.stop.after:
            threading.Timer(self.stop.after, os.kill, end).start()
        else:
            os.kill(*end)


def main() -> None:
    """Answer each line with how the run ended for which it asks."""
    for line in sys.stdin:
        ask = json.loads(line)
        with tempfile.TemporaryDirectory(prefix="stockcode-fuzz-") as folder:
            files = [Path(folder) / name for name in ("out", "err", "points")]
            child = os.fork()
            if child == 0:
                _be_a_run(ask, files)
            _, status = os.waitpid(child, 0)
            out, err, points = (path.read_text() if path.exists() else "" for path in files)
        exit_code = os.waitstatus_to_exitcode(status)
        ended = Ended(exit_code, out, err, int(points or 0))
        sys.stdout.write(json.dumps(asdict(ended)) + "\n")
        sys.stdout.flush()


def _be_a_run(ask: dict[str, Any], files: list[Path]) -> None:
    """What `python run_migrations.py` does, once everything is loaded; does not return."""
    exit_code = 1
    try:
        for path, descriptor in zip(files, (1, 2), strict=False):
            os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND), descriptor)
        signal.alarm(LONGEST_SECONDS)
        environment.PROJECT = Path(ask["root"]) / "pyproject.toml"
        shipped.VERSIONS = Path(ask["root"]) / "migrations" / "versions"
        os.environ.update(DATABASE_URL=ask["address"], APP_ENV="local")
        points = _Points(ask["stop"])
        signals.install()
        exit_code = run_migrations.main(ask["arguments"])
        files[2].write_text(str(points.count))
        sys.stdout.flush()
    except BaseException:  # as Python itself would end
        os.write(2, traceback.format_exc().encode())
    finally:
        os._exit(exit_code)


if __name__ == "__main__":
    main()
