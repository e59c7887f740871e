"""Where the measurements happen: an embedded PostgreSQL 18 with production's settings, gone at the end."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL, make_url

from webapp.cli import embedded
from webapp.settings import DRIVER

ROOT = Path(__file__).parents[2]
COLD = Path(__file__).with_name("cold.py")
STOCKCODE = Path(sys.executable).with_name("stockcode")
RELEASE_STEP = (sys.executable, str(ROOT / "migrations" / "run_migrations.py"))
OF_THE_CALLER = ("DATABASE_URL", "SECRET_KEY", "APP_ENV", "TRUSTED_HOSTS", "SESSION_HOURS", "BEHIND_PROXIES")
MEGABYTE = 1_000_000


class CommandFailed(Exception):
    """A command that was to be measured ended badly; the message holds what it said."""


@dataclass(frozen=True, slots=True)
class Finished:
    """What a cold process took: on the clock, of the processors, and of memory."""

    seconds: float
    cpu: float
    peak_mb: float
    output: str


@dataclass(frozen=True, slots=True)
class Place:
    """The server, and the temporary directory that goes with it."""

    server: embedded.Server
    directory: Path

    def new_database(self, template: str = "template0") -> str:
        """The address of a new database, owned by the application's role."""
        name = f"bench_{uuid4().hex[:12]}"
        statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(embedded.NAME), sql.Identifier(template)
        )
        with psycopg.connect(self.server.admin_url, autocommit=True) as connection:
            connection.execute(statement)
        return str(_renamed(self.server.url, name))

    def drop(self, url: str) -> None:
        statement = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name_of(url)))
        with psycopg.connect(self.server.admin_url, autocommit=True) as connection:
            connection.execute(statement)

    def as_superuser(self, url: str) -> str:
        """The same database, for loading without triggers."""
        return str(_renamed(self.server.admin_url, name_of(url)))

    def run(self, command: tuple[str, ...], url: str | None = None) -> Finished:
        """Run a command in a new process; raises CommandFailed."""
        environment = {name: value for name, value in os.environ.items() if name not in OF_THE_CALLER}
        environment |= {"SECRET_KEY": "bench" * 8, "APP_ENV": "local"}
        if url is not None:
            environment["DATABASE_URL"] = url
        done = subprocess.run(
            [sys.executable, "-I", "-S", str(COLD), *command],
            cwd=self.directory,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        found = json.loads(done.stdout)
        if found["exit_code"] != 0:
            raise CommandFailed(f"{' '.join(command)} ended with {found['exit_code']}: {found['output']}")
        return Finished(
            found["seconds"], found["cpu_seconds"], found["peak_bytes"] / MEGABYTE, found["output"]
        )

    def migrated_database(self) -> str:
        """A new database at the newest revision."""
        url = self.new_database()
        self.run((*RELEASE_STEP, "upgrade"), url)
        return url


@contextmanager
def opened() -> Iterator[Place]:
    """A place that leaves nothing behind, whatever happens inside."""
    directory = Path(tempfile.mkdtemp(prefix="stockcode-bench-"))
    try:
        # Not is_throwaway: what is measured writes to disk as it does in production.
        with embedded.start(directory / "postgres") as server:
            yield Place(server, directory)
    finally:
        shutil.rmtree(directory)


def name_of(url: str) -> str:
    return make_url(url).database or ""


def for_sqlalchemy(url: str) -> URL:
    """The same address with the driver named."""
    return make_url(url).set(drivername=DRIVER)


def _renamed(url: str, database: str) -> str:
    return make_url(url).set(database=database).render_as_string(hide_password=False)
