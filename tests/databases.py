"""The databases of a run: empty ones, and copies of one that the release step has brought to the newest revision."""

import fcntl
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from psycopg import sql
from psycopg.pq import ExecStatus, TransactionStatus
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.engine import URL, make_url

from webapp import db
from webapp.cli import embedded
from webapp.settings import DRIVER

ROOT = Path(__file__).parents[1]
# What is never copied from: PostgreSQL's own empty one.
EMPTY = "template0"
MIGRATED = "migrated"
# In bytes, what is worth a sweep of some tenths of a second.
MUCH = 4 * 1024 * 1024
# Where Linux keeps files in memory, and how much of it must be left.
MEMORY = Path("/dev/shm")
PLENTY = 10 * 1024**3
PREFIX = "stockcode-test-"
# In rows, what is planned for otherwise than a few.
MANY = 500


def place() -> Path:
    """A folder for a server that is thrown away: in memory, where there is plenty, since most of its work is files.

    Copying an empty database takes a fourth of the time there. The databases of a whole run came to 3.1 GiB.
    """
    _remove_what_killed_runs_left()
    has_plenty = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and _available() > PLENTY
    return Path(tempfile.mkdtemp(prefix=PREFIX, dir=MEMORY if has_plenty else None))


def _available() -> int:
    """How many bytes may still be kept in memory: what is free of it, as far as the folder may grow."""
    told = re.search(r"^MemAvailable:\s+(\d+) kB", Path("/proc/meminfo").read_text(), re.MULTILINE)
    return min(int(told[1]) * 1024 if told else 0, shutil.disk_usage(MEMORY).free)


def _remove_what_killed_runs_left() -> None:
    """Memory is not given back otherwise; a server that lives holds its lock."""
    for lock in MEMORY.glob(f"{PREFIX}*/postgres/lock"):
        with suppress(OSError), lock.open("ab") as file:  # held by a server that lives, or just gone
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(lock.parents[1])


class Databases:
    """Makes databases on the server of this run; their owner is no superuser."""

    def __init__(self, server_url: str) -> None:
        self._server_url = server_url
        self._made: list[str] = []

    def create(self, template: str = EMPTY) -> URL:
        """An empty database, or a copy of another one to which nobody is connected."""
        name = f"test_{uuid4().hex[:12]}"
        url = make_url(self._server_url).set(drivername=DRIVER, database=name)
        if not _is_given():
            url = url.set(username=embedded.NAME)
        statement = "CREATE DATABASE {} OWNER {} TEMPLATE {}"
        if template == EMPTY:
            # The embedded server's built-in C.UTF-8 sorts like the C.UTF-8 of a server's operating system.
            statement += " ENCODING 'UTF8'" + (" LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'" if _is_given() else "")
        if not _is_given():
            # Its checkpoints write nothing through, so copying files takes half of what logging every page does.
            statement += " STRATEGY FILE_COPY"
        with self._administrator() as connection:
            owner = sql.Identifier(url.username or "")
            _run(connection, statement, sql.Identifier(name), owner, sql.Identifier(template))
        self._made.append(name)
        return url

    def migrated(self) -> str:
        """The name of one at the newest revision, to make copies of: of the embedded server all workers have one."""
        if _is_given():
            return str(self._released().database)
        with self._administrator() as connection:
            connection.execute("SELECT pg_advisory_lock(hashtext(%s))", [MIGRATED])
            known = "SELECT EXISTS (SELECT FROM pg_database WHERE datname = %s)"
            if connection.execute(known, [MIGRATED]).fetchone() == (False,):
                url = self._released()
                names = sql.Identifier(url.database or ""), sql.Identifier(MIGRATED)
                _run(connection, "ALTER DATABASE {} RENAME TO {}", *names)
        return MIGRATED

    def drop_all(self) -> None:
        """Each drop waits for a checkpoint, and the embedded server is thrown away whole."""
        if _is_given():
            with self._administrator() as connection:
                for name in self._made:
                    _run(connection, "DROP DATABASE IF EXISTS {} WITH (FORCE)", sql.Identifier(name))

    def _released(self) -> URL:
        url = self.create()
        migrate(url)
        return url

    def _administrator(self) -> psycopg.Connection:
        return psycopg.connect(self._server_url, autocommit=True)


class Sweeping:
    """Takes rows out of a database that were rolled back: PostgreSQL wades through them until it sweeps by itself."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._size = self._measured()

    def sweep(self) -> None:
        """Where there are many; what is left of indexes afterwards is how large it is."""
        if self._measured() > self._size + MUCH:
            with self._engine.connect() as connection:
                connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("VACUUM")
            self._size = self._measured()

    def _measured(self) -> int:
        with self._engine.connect() as connection:
            return int(connection.scalar(text("SELECT pg_database_size(current_database())")) or 0)


@contextmanager
def inside(connection: Connection, engine: Engine) -> Iterator[None]:
    """Let the application's session work inside the transaction of this connection, and after that as before."""
    db.session.remove()
    db.session.configure(bind=connection, join_transaction_mode="create_savepoint")
    yield
    db.session.remove()
    db.session.configure(bind=engine, join_transaction_mode="conditional_savepoint")


@contextmanager
def taken_back(engine: Engine) -> Iterator[Connection]:
    """A connection in a transaction that is rolled back in the end, for what several tests begin with."""
    with engine.connect() as connection:
        outer = connection.begin()
        yield connection
        outer.rollback()


@contextmanager
def taken_back_within(connection: Connection, engine: Engine) -> Iterator[None]:
    """Inside that transaction one of its own, which is rolled back, too; the application's session works in it."""
    own = connection.begin_nested()
    with inside(connection, engine):
        yield
    own.rollback()


def mark_places_shortly(engine: Engine) -> None:
    """Say savepoints in one breath: in a test every request and every commit is one.

    Past SQLAlchemy, which compiles each by itself, and past psycopg, which takes going back to one for a rollback and
    forgets every statement that it had PostgreSQL prepare. A page in production does neither.
    """
    dialect: Any = engine.dialect
    dialect.do_savepoint = _shortly("SAVEPOINT", dialect.do_savepoint)
    dialect.do_rollback_to_savepoint = _shortly("ROLLBACK TO SAVEPOINT", dialect.do_rollback_to_savepoint)
    dialect.do_release_savepoint = _shortly("RELEASE SAVEPOINT", dialect.do_release_savepoint)


def _shortly(verb: str, at_length: Callable[[Connection, str], None]) -> Callable[[Connection, str], None]:
    """Where PostgreSQL does not do it, it is said again at length, for the error that the application would get."""

    def say(connection: Connection, name: str) -> None:
        driver: Any = connection.connection.driver_connection
        is_waiting = driver.pgconn.transaction_status in (
            TransactionStatus.INTRANS,
            TransactionStatus.INERROR,
        )
        if not is_waiting or driver.pgconn.exec_(f"{verb} {name}".encode()).status != ExecStatus.COMMAND_OK:
            at_length(connection, name)

    return say


def plan_anew_for_many(engine: Engine) -> None:
    """After many rows let what is prepared be planned anew, as it is in production once ANALYZE has seen them.

    In a transaction that is rolled back it never does, and what was planned for ten rows takes minutes for thousands.
    """

    @event.listens_for(engine, "after_cursor_execute")
    def plan_anew(_connection: Connection, cursor: psycopg.Cursor, *_of_the_statement: object) -> None:
        if cursor.rowcount >= MANY:
            cursor.connection.execute("DISCARD PLANS")


def migrate(url: URL) -> None:
    """Bring a database to the newest revision, as a release does."""
    environment = {**os.environ, "DATABASE_URL": url.render_as_string(hide_password=False)}
    command = [sys.executable, str(ROOT / "migrations" / "run_migrations.py"), "upgrade"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"the release step ended with {done.returncode}: {done.stderr}"


def _is_given() -> bool:
    """Whether the server is somebody's, and not the embedded one of this run alone."""
    return "TEST_DATABASE_URL" in os.environ


def _run(connection: psycopg.Connection, statement: str, *parts: sql.Composable) -> None:
    connection.execute(sql.SQL(statement).format(*parts))  # type: ignore[arg-type]  # the texts are above
