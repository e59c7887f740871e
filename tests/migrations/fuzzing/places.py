"""A database that a generated revision is tried on, and the one beside it on which its SQL is run by hand."""

import time
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import Any

import psycopg
from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.engine import URL

from migrations.release_step.schema import fingerprint
from migrations.release_step.schema.fingerprint import Fingerprint
from tests.migrations.fuzzing.acts import BASE

OTHERS = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename = current_user
"""
SCHEMAS = r"""
SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
"""
TABLES = """
SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
  AND relname <> 'alembic_version' ORDER BY relname
"""
HISTORY = """
CREATE TABLE alembic_version (version_num varchar(32) CONSTRAINT alembic_version_pkc PRIMARY KEY);
INSERT INTO alembic_version VALUES ('{revision}');
"""
RECORDED = "SELECT version_num FROM public.alembic_version ORDER BY 1"
LEFT = """
SELECT (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database =
          (SELECT oid FROM pg_database WHERE datname = current_database()))
     + (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
          AND application_name = 'stockcode-release')
"""
# A server's process ends a moment after the client that has left it: longer on a busy machine.
ENDING_SECONDS = 5.0
Rows = Mapping[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Look:
    """What a database records, how it is made, and what it holds."""

    recorded: tuple[str, ...]
    schema: Fingerprint
    rows: Rows

    def holds_what(self, other: "Look") -> bool:
        return dict(self.schema) == dict(other.schema) and self.rows == other.rows


class Place:
    """One such database, made anew for each trial without making another."""

    def __init__(self, url: URL) -> None:
        self.url = url
        self.engine = create_engine(url, poolclass=NullPool)
        self.address = url.render_as_string(hide_password=False)
        self.plain = url.set(drivername="postgresql").render_as_string(hide_password=False)

    def reset(self, revision: str, ledger: str | None) -> None:
        """As the first revision leaves it."""
        with psycopg.connect(self.plain) as connection:
            connection.execute(OTHERS)
            for (name,) in connection.execute(SCHEMAS).fetchall():
                connection.execute(f'DROP SCHEMA "{name}" CASCADE')
            connection.execute("CREATE SCHEMA public")
            connection.execute(BASE + HISTORY.format(revision=revision))
            if ledger is not None:
                words = psycopg.sql.Literal(ledger)
                connection.execute(psycopg.sql.SQL("COMMENT ON TABLE alembic_version IS {}").format(words))

    def ledger(self) -> str | None:
        with psycopg.connect(self.plain) as connection:
            row = connection.execute("SELECT obj_description('alembic_version'::regclass)").fetchone()
        return row[0] if row else None

    def look(self) -> Look:
        with self.engine.connect() as connection:
            return Look(_recorded(connection), fingerprint.take(connection, "public"), _rows(connection))

    def left(self) -> int:
        """Sessions and locks that a run has left behind, and that do not end by themselves."""
        until = time.monotonic() + ENDING_SECONDS
        # In one transaction PostgreSQL would show the same sessions each time.
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            while (count := int(connection.scalar(text(LEFT)) or 0)) and time.monotonic() < until:
                time.sleep(0.02)
        return count

    def does(self, statements: Iterable[str]) -> bool:
        """Run them in one transaction; whether that was possible."""
        with closing(psycopg.connect(self.plain)) as connection:
            try:
                for statement in statements:
                    connection.execute(statement)
                connection.commit()
            except psycopg.Error:
                return False
        return True


def _recorded(connection: Connection) -> tuple[str, ...]:
    if connection.scalar(text("SELECT to_regclass('public.alembic_version') IS NULL")):
        return ("no history",)
    return tuple(connection.scalars(text(RECORDED)))


def _rows(connection: Connection) -> Rows:
    names = connection.scalars(text(TABLES)).all()
    found = {}
    for name in names:
        rows = connection.exec_driver_sql(
            f'SELECT * FROM public."{name}" AS t ORDER BY t::text'.replace("%", "%%")
        )
        found[name] = [dict(row) for row in rows.mappings()]
    return found


def lost(before: Rows, after: Rows) -> dict[str, int]:
    """Rows that a table holds no longer, and values that a column holds no longer where no row is gone."""
    gone: dict[str, int] = {}
    for table, rows in before.items():
        left = after.get(table, [])
        if len(left) < len(rows):
            gone[table] = len(rows) - len(left)
            continue
        for column in rows[0] if rows else ():
            count = partial(_values, column)
            if count(left) < count(rows):
                gone[f"{table}.{column}"] = count(rows) - count(left)
    return gone


def _values(column: str, rows: list[dict[str, Any]]) -> int:
    return sum(row.get(column) is not None for row in rows)
