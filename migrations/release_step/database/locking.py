"""One release at a time: an advisory lock on the very session that runs the DDL."""

import time
from collections.abc import Callable

from sqlalchemy import Connection, text

from migrations.release_step.telling.failures import Failure

POLL_SECONDS = 0.25
PROGRESS_SECONDS = 5

Notice = Callable[[str], None]

# One number for every release into this database and schema; the offline script takes the same lock.
KEY_SQL = (
    "('x' || encode(substr(sha256(convert_to('stock-code-admin release ' || current_database() || '/'"
    " || coalesce(current_schema(), ''), 'UTF8')), 1, 8), 'hex'))::bit(64)::bigint"
)

# pg_locks shows the number split in two halves.
HOLDER = text("""
    SELECT a.pid, coalesce(a.application_name, ''), extract(epoch FROM now() - a.backend_start)::int
    FROM pg_locks l JOIN pg_stat_activity a USING (pid)
    WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND (l.classid::bigint << 32 | l.objid::bigint) = :key
""")


def hold(connection: Connection, seconds: float, notice: Notice) -> None:
    """Poll for the lock until it is ours, with no transaction open between two tries or afterwards.

    A blocking wait would hold a snapshot that CREATE INDEX CONCURRENTLY waits for: a deadlock.
    """
    number = key(connection)
    started = time.monotonic()
    told = started
    while not _try(connection, number):
        now = time.monotonic()
        if now - started >= seconds:
            raise Failure("MIG-LOCK-01", holder=_holder(connection, number), seconds=round(seconds))
        if now - told >= PROGRESS_SECONDS:
            told = now
            notice(f"waiting for another release ({_holder(connection, number)}), {now - started:.0f}s")
        time.sleep(POLL_SECONDS)


def key(connection: Connection) -> int:
    """The number of the lock of this database and schema."""
    number: int = connection.execute(text(f"SELECT {KEY_SQL}")).scalar_one()
    return number


def release(connection: Connection) -> None:
    """Give the lock back; closing the session would do it too."""
    connection.execute(text(f"SELECT pg_advisory_unlock({KEY_SQL})"))
    connection.commit()


def _try(connection: Connection, number: int) -> bool:
    is_ours = connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": number})
    connection.commit()
    return bool(is_ours)


def _holder(connection: Connection, number: int) -> str:
    row = connection.execute(HOLDER, {"key": number}).first()
    connection.commit()
    return f"pid {row[0]}, {row[1]}, connected {row[2]}s" if row else "it has just ended"
