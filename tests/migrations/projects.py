"""A project of a few small revisions beside the real release step, for tests that need revisions of their own."""

import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy.engine import URL

from tests.migrations.forked import Forked

ROOT = Path(__file__).parents[2]
# What Python calls a file of compiled code until it is whole: it may be gone in a moment.
BEING_WRITTEN = "*.pyc.*"

REVISION = '''"""{title}.

Why: The tests need a revision that does exactly this.
Phase: {phase}
"""

import time

import sqlalchemy as sa
from alembic import op

from migrations import backfills, indexes

revision = "{revision}"
down_revision = {parent!r}
{extra}

def upgrade() -> None:
{up}


def downgrade() -> None:
{down}
'''


@dataclass(frozen=True, slots=True)
class Result:
    """How a run of the release step ended."""

    exit_code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        lines = self.out.splitlines()
        assert len(lines) == 1, f"not one object: {self.out}"
        found: dict[str, Any] = json.loads(lines[0])
        return found

    @property
    def code(self) -> str:
        """The message's code; its line is the only one."""
        lines = self.err.splitlines()
        assert len(lines) == 1, f"not one line: {self.err}"
        return lines[0].split(":")[0]


@dataclass
class Project:
    """A root folder like the real one, with the real release step and revisions written by the test."""

    root: Path
    url: URL
    head: str | None = None
    count: int = 0
    environ: dict[str, str] = field(default_factory=dict)
    processes: list["Running"] = field(default_factory=list)

    @classmethod
    def make(cls, root: Path, url: URL) -> "Project":
        """What Alembic asks for; the rest comes with the first process, which most tests do without."""
        (root / "migrations" / "versions").mkdir(parents=True)
        for name in ("pyproject.toml", "migrations/env.py", "migrations/script.py.mako"):
            shutil.copy(ROOT / name, root / name)
        (root / "webapp" / "models").mkdir(parents=True)
        (root / "webapp" / "models" / "__init__.py").write_text('"""No tables."""\n')
        return cls(root, url)

    def bring_code(self) -> None:
        """The real release step, as a process finds it: beside what tests have written, which stays as it is.

        What Python has compiled of it comes along, for it is as old as its source: compiling takes longer than running.
        """
        if (self.root / "migrations" / "release_step").exists():
            return
        for name in ("migrations", "webapp/rules"):
            skipped = shutil.ignore_patterns("versions", "linted.json", "env.py", BEING_WRITTEN)
            shutil.copytree(ROOT / name, self.root / name, ignore=skipped, dirs_exist_ok=True)
        compiled = ROOT / "webapp" / "__pycache__"
        if compiled.is_dir():
            shutil.copytree(
                compiled, self.root / "webapp" / "__pycache__", ignore=shutil.ignore_patterns(BEING_WRITTEN)
            )
        for name in (
            "__init__.py",
            "constraint_names.py",
            "db.py",
            "environment.py",
            "settings.py",
            "silence.py",
            "sqlstates.py",
        ):
            shutil.copy2(ROOT / "webapp" / name, self.root / "webapp")

    @property
    def versions(self) -> Path:
        return self.root / "migrations" / "versions"

    def revision(self, up: str, down: str = "pass", **options: Any) -> str:
        """Write one revision on top of the last, or on `parent`; returns its id."""
        self.count += 1
        name = options.get("revision", f"{self.count:04d}aaaa")
        source = REVISION.format(
            title=options.get("title", f"Revision {self.count}"),
            phase=options.get("phase", "expand"),
            revision=name,
            parent=options.get("parent", self.head),
            extra=options.get("extra", ""),
            up=textwrap.indent(textwrap.dedent(up).strip(), "    "),
            down=textwrap.indent(textwrap.dedent(down).strip(), "    "),
        )
        (self.versions / f"20260101_{self.count:06d}_{name}_revision.py").write_text(source)
        self.head = name
        return str(name)

    def table(self, name: str) -> str:
        """A revision that makes a small table."""
        key = 'sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False)'
        up = f'op.create_table("{name}", {key}, sa.Column("a", sa.Text))'
        return self.revision(up, f'op.drop_table("{name}")')

    def variables(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "APP_ENV")}
        return {**kept, "DATABASE_URL": self.url.render_as_string(hide_password=False), **self.environ}

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        """The release step in a process of its own, in a directory that has nothing to do with it."""
        self.bring_code()
        command = [sys.executable, str(self.root / "migrations" / "run_migrations.py"), *arguments]
        process = subprocess.Popen(
            command,
            cwd="/",
            env=self.variables(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.processes.append(process)
        return process

    def fork(self, *arguments: str) -> Forked:
        """The same for tests to which it is all one how Python starts it, and what it loads first."""
        words = self.root / f"words-{len(self.processes)}"
        process = Forked.start(self.root, words, self.variables(), arguments)
        self.processes.append(process)
        return process

    def stop(self) -> None:
        """End what a failed test left running."""
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.wait()
            for stream in (process.stdout, process.stderr):
                if stream is not None:
                    stream.close()

    def run(self, *arguments: str) -> Result:
        return ended(self.start(*arguments))


def table_first(project: Project) -> None:
    """What most tests begin with."""
    project.table("first")


Running = subprocess.Popen[str] | Forked


def ended(process: Running, seconds: float = 60) -> Result:
    out, err = process.communicate(timeout=seconds)
    assert process.returncode is not None
    return Result(process.returncode, out, err)


def terminate(process: Running, number: int = signal.SIGTERM) -> Result:
    process.send_signal(number)
    return ended(process)


def until(condition: Any, seconds: float = 20) -> None:
    """Wait for something that another process does."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
