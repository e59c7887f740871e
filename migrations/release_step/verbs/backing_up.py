"""A copy of the whole database that can be believed: what it must hold is counted at the same instant, and after it is
brought back.

The copy is PostgreSQL's own, in its directory format, beside a list of what it must hold: rows of every table, the
revision, and what the schema is made of.
"""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, quoted_name, text

from migrations.release_step.database import connecting, holdings, locking, preflight, programs, recorded
from migrations.release_step.schema import fingerprint
from migrations.release_step.telling.failures import Failure
from migrations.release_step.verbs import running
from migrations.release_step.verbs.running import Release

DUMP, LIST = "dump", "contents.json"
JOBS = 2
MAJOR = text("SELECT current_setting('server_version_num')::int / 10000")
SNAPSHOT = text("SELECT pg_export_snapshot()")
TABLES = text("""
    SELECT relname FROM pg_class
    WHERE relnamespace = to_regnamespace(quote_ident(current_schema())) AND relkind = 'r' ORDER BY relname
""")


def back_up(release: Release, folder: Path) -> dict[str, Any]:
    """Copy the database into a new folder; raises Failure, and leaves no folder that looks like a copy and is none."""
    if folder.exists() and any(folder.iterdir()):
        raise Failure("MIG-SAVE-02", folder=folder.name)
    folder.mkdir(parents=True, exist_ok=True)
    with connecting.connect(release.target, release.patience) as connection, connection.begin():
        # One instant for the copy and for what is counted, while everybody works on.
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
        snapshot, major = connection.scalar(SNAPSHOT), int(connection.scalar(MAJOR) or 0)
        contents = _contents(connection)
        program = programs.find("pg_dump", major, release.environ)
        words = [
            "--format=directory",
            f"--file={folder / DUMP}",
            f"--snapshot={snapshot}",
            f"--jobs={JOBS}",
        ]
        programs.run(program, [*words, "--no-owner", "--no-privileges"], release.target.url, release.environ)
    told = {"made_at": datetime.now(UTC).isoformat(timespec="seconds"), "server": major, **contents}
    # The list comes last: a folder without it is no copy.
    (folder / LIST).write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    rows = sum(told["rows"].values())
    release.reporter.line(f"{release.target.database} at {told['revision']}: {rows:,} rows are in {folder}")
    return {"folder": str(folder), "revision": told["revision"], "rows": rows}


def before(release: Release, name: str, folder: Path) -> None:
    """A copy in front of a release that has anything to do."""
    with connecting.connect(release.target, release.patience) as connection:
        found = recorded.one(connection)
    if release.history.between(found, release.history.resolve(name, found)):
        back_up(release, folder)


def restore(release: Release, folder: Path, confirmed: str | None) -> dict[str, Any]:
    """Bring a copy back into an empty database, or over one whose name was confirmed; then count what is there."""
    expected = _listed(folder)
    with connecting.connect(release.target, release.patience) as connection:
        _require_room(release, connection, confirmed)
        major = int(connection.scalar(MAJOR) or 0)
        connection.rollback()
        program = programs.find("pg_restore", major, release.environ)
        words = [
            "--exit-on-error",
            "--single-transaction",
            "--no-owner",
            "--no-privileges",
            f"--dbname={release.target.database}",
        ]
        over = ["--clean", "--if-exists"] if confirmed is not None else []
        programs.run(program, [*words, *over, str(folder / DUMP)], release.target.url, release.environ)
        with connection.begin():
            connection.exec_driver_sql("ANALYZE")
        found = _contents(connection)
        connection.rollback()
        locking.release(connection)
    differing = [name for name in ("revision", "rows", "schema") if found[name] != expected[name]]
    if differing:
        raise Failure("MIG-SAVE-04", folder=folder.name, parts=", ".join(differing))
    rows = sum(found["rows"].values())
    release.reporter.line(f"{release.target.database} is at {found['revision']} again, with {rows:,} rows")
    return {"revision": found["revision"], "rows": rows, "made_at": expected["made_at"]}


def _require_room(release: Release, connection: Connection, confirmed: str | None) -> None:
    """Hold the release lock on a database that is empty, or whose owner agreed to lose what is in it."""
    tables = list(connection.scalars(TABLES))
    connection.rollback()
    if tables and confirmed != release.target.database:
        raise Failure("MIG-SAVE-03", database=release.target.database, count=len(tables))
    preflight.require(connection, release.target)
    running.locked(release, connection)


def _contents(connection: Connection) -> dict[str, Any]:
    """The revision, how many rows each table has, and a hash of what the schema is made of."""
    counts = {}
    for name in connection.scalars(TABLES).all():
        there = holdings.quote(quoted_name(name, quote=True))
        counting = f"SELECT count(*) FROM {there}"  # noqa: S608 - a quoted name
        counts[name] = connection.exec_driver_sql(counting).scalar_one()
    schema = str(connection.scalar(text("SELECT current_schema()")))
    taken = sorted(
        (kind, name, definition) for (kind, name), definition in fingerprint.take(connection, schema).items()
    )
    of_schema = hashlib.sha256(json.dumps(taken).encode()).hexdigest()
    versions = (
        list(connection.scalars(text("SELECT version_num FROM alembic_version")))
        if "alembic_version" in counts
        else []
    )
    return {"revision": ", ".join(versions) or recorded.BASE, "rows": counts, "schema": of_schema}


def _listed(folder: Path) -> dict[str, Any]:
    try:
        told: dict[str, Any] = json.loads((folder / LIST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise Failure("MIG-SAVE-05", folder=folder.name) from None
    return told
