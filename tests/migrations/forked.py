"""The release step as a process of its own that begins at once: a child of one that has loaded it all.

What matters of it is that it has a number, can be sent signals and ends by itself; how Python starts it, and what it
loads first, is seen by tests that start one for real (`Project.start`).
"""

import multiprocessing
import os
import signal
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path

from migrations import run_migrations
from migrations.release_step.revisions import environment, shipped
from migrations.release_step.telling import signals

# What a run loads on its way, once for all of them; pytest is what a child of pytest's own command begins with.
LOADED = (
    "pytest",
    "alembic.autogenerate",
    "alembic_postgresql_enum",
    "migrations.backfills",
    "migrations.indexes",
    "migrations.release_step.commands.releases",
    "migrations.release_step.commands.revisions",
    "psycopg",
    "sqlalchemy.dialects.postgresql.psycopg",
)
OUT, ERR = "out", "err"
_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload([__name__, *LOADED])


@dataclass(frozen=True, slots=True)
class Forked:
    """A run that goes on, or has ended; asked as a `subprocess.Popen` is."""

    child: multiprocessing.process.BaseProcess
    words: Path
    # It speaks into files.
    stdout: None = None
    stderr: None = None

    @classmethod
    def start(
        cls, root: Path, words: Path, variables: dict[str, str], arguments: tuple[str, ...]
    ) -> "Forked":
        """Begin a run on a project's revisions; what it says goes into files of that folder."""
        words.mkdir()
        child = _context.Process(target=_run, args=(root, words, variables, arguments))
        child.start()
        return cls(child, words)

    @property
    def returncode(self) -> int | None:
        """Its exit code; negative: the signal that has ended it."""
        return self.child.exitcode

    def poll(self) -> int | None:
        return self.child.exitcode

    def send_signal(self, number: int) -> None:
        assert self.child.pid is not None
        os.kill(self.child.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def wait(self, timeout: float | None = None) -> None:
        self.child.join(timeout)
        assert self.child.exitcode is not None, "it has not ended in time"

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """What it has said, once it has ended."""
        self.wait(timeout)
        out, err = ((self.words / name).read_text() for name in (OUT, ERR))
        return out, err


def _run(root: Path, words: Path, variables: dict[str, str], arguments: tuple[str, ...]) -> None:
    """What `python run_migrations.py` does, once everything is loaded; does not return."""
    exit_code = 1
    try:
        for name, descriptor in ((OUT, 1), (ERR, 2)):
            os.dup2(os.open(words / name, os.O_WRONLY | os.O_CREAT), descriptor)
        os.chdir("/")
        os.environ.clear()
        os.environ.update(variables)
        environment.PROJECT = root / "pyproject.toml"
        shipped.VERSIONS = root / "migrations" / "versions"
        signals.install()
        exit_code = run_migrations.main(arguments)
        sys.stdout.flush()
    except BaseException:  # whatever ends it is printed, as Python itself does
        os.write(2, traceback.format_exc().encode())
    finally:
        os._exit(exit_code)
