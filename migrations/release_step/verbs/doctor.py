"""Look at everything that could stand in a release's way, and say of each whether it does."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from migrations.release_step.database import connecting, diagnosing, preflight, recorded
from migrations.release_step.database.watching import spoken
from migrations.release_step.revisions import linting, squawk
from migrations.release_step.telling.failures import Failure
from migrations.release_step.verbs import checking
from migrations.release_step.verbs.running import Release

LONG_SECONDS = 60

LONG_TRANSACTIONS = text("""
    SELECT pid, coalesce(application_name, '') AS application, state,
           extract(epoch FROM clock_timestamp() - xact_start)::int AS age
    FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
      AND xact_start < clock_timestamp() - make_interval(secs => :seconds)
    ORDER BY xact_start
""")
PREPARED = text("SELECT gid FROM pg_prepared_xacts WHERE database = current_database()")


def examine(release: Release) -> dict[str, Any]:
    """Print and return every finding; fails as the first bad one would."""
    findings: list[dict[str, Any]] = []
    first: Failure | None = None
    with connecting.connect(release.target, release.patience) as connection:
        for name, look in _looks(release, connection):
            failure, fact = _outcome(release, connection, look)
            first = first or failure
            findings.append({"what": name, "is_well": failure is None, "fact": fact})
            release.reporter.line(f"{'well' if failure is None else 'BAD':>4}  {name}: {fact}")
    if first is not None:
        first.details = findings
        raise first
    return {"findings": findings}


def long_transactions(connection: Connection, seconds: float = LONG_SECONDS) -> list[dict[str, Any]]:
    """Sessions whose open transaction would make a release wait; leaves no transaction open."""
    rows = [dict(row._mapping) for row in connection.execute(LONG_TRANSACTIONS, {"seconds": seconds})]
    connection.rollback()
    return rows


def _outcome(release: Release, connection: Connection, look: Callable[[], str]) -> tuple[Failure | None, str]:
    """What a look finds; one that cannot look says so, and the next one looks on."""
    try:
        return None, look()
    except Failure as failure:
        return failure, failure.line
    except (Exception, SystemExit) as error:  # a revision is code: it may raise anything
        obstacle = diagnosing.of_session(release.target, error)
        with contextlib.suppress(SQLAlchemyError):
            connection.rollback()
        return obstacle, obstacle.line


def _looks(release: Release, connection: Connection) -> Iterator[tuple[str, Callable[[], str]]]:
    def server() -> str:
        preflight.require(connection, release.target)
        return "it may be released to"

    def revision() -> str:
        return checking.require_head(connection, release.history)

    def edited() -> str:
        checking.require_unedited(connection, release.history, release.target)
        return "none"

    def indexes() -> str:
        checking.require_valid_indexes(connection)
        return "all are valid"

    def schema() -> str:
        found = checking.drift(connection, release.target)
        if found:
            raise Failure("MIG-STATE-04", count=len(found), first=f"{found[0].kind} {found[0].name}")
        return "as the models declare it"

    def changes() -> str:
        found = recorded.one(connection)
        return checking.require_unchanged(connection, release.history, release.target, found)

    def lint() -> str:
        linting.require_clean(linting.lint(release.history, needs_squawk=False))
        return "nothing to say" if squawk.program() else "nothing to say (squawk is not installed here)"

    yield "server", server
    yield "revision", revision
    yield "edited revisions", edited
    yield "indexes", indexes
    yield "schema", schema
    yield "changes by hand", changes
    yield "revision files", lint
    yield "long transactions", lambda: _named_transactions(connection)
    yield "prepared transactions", lambda: _prepared(connection)


def _named_transactions(connection: Connection) -> str:
    found = long_transactions(connection)
    named = [f"pid {one['pid']} {one['application']} {spoken(one['age'])} {one['state']}" for one in found]
    if named:
        raise Failure("MIG-LOCK-04", sessions="; ".join(named))
    return f"none older than {LONG_SECONDS}s"


def _prepared(connection: Connection) -> str:
    names = list(connection.scalars(PREPARED))
    connection.rollback()
    if names:
        raise Failure("MIG-LOCK-05", names=", ".join(names))
    return "none"
