"""A copy of the whole database that can be believed: what it must hold is counted at the same instant, and after it is
brought back.

The copy is PostgreSQL's own, in its directory format, beside a list of what it must hold: rows of every table, the
revision, and what the schema is made of.
"""

import hashlib
import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, quoted_name, text

from migrations.release_step.database import connecting, holdings, locking, preflight, programs, recorded
from migrations.release_step.schema import fingerprint, spelling
from migrations.release_step.telling.failures import Failure
from migrations.release_step.verbs import running
from migrations.release_step.verbs.running import Release

DUMP, LIST = "dump", "contents.json"
JOBS = 2
# What a copy must hold.
Contents = dict[str, Any]
MAJOR = text("SELECT current_setting('server_version_num')::int / 10000")
SNAPSHOT = text("SELECT pg_export_snapshot()")
BEGIN = """
-- Whoever runs this may go away: then nothing of it is to go on. Nor is it to stand in front of people for long.
SET client_connection_check_interval = 500;
SET lock_timeout = {lock_ms};
BEGIN;
"""
# What the copy does not hold has to go, too: a later release's tables lean on those of the copy, and would stay.
EMPTY = """
DO $empty$
DECLARE
    here CONSTANT oid := to_regnamespace(quote_ident(current_schema()));
    statement text;
BEGIN
    FOREACH statement IN ARRAY coalesce((
        SELECT array_agg(format('DROP %s IF EXISTS %s CASCADE', kind, name) ORDER BY place)
        FROM (SELECT 'pg_class'::regclass AS catalog, oid, CASE relkind WHEN 'S' THEN 2 ELSE 1 END AS place,
                     format('%s.%I', relnamespace::regnamespace, relname) AS name,
                     CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'
                                  WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END AS kind
              FROM pg_class WHERE relnamespace = here AND relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
              UNION ALL
              SELECT 'pg_proc'::regclass, oid, 3, oid::regprocedure::text, 'ROUTINE'
              FROM pg_proc WHERE pronamespace = here
              UNION ALL
              SELECT 'pg_type'::regclass, t.oid, 4, t.oid::regtype::text, 'TYPE'
              FROM pg_type t LEFT JOIN pg_class c ON c.oid = typrelid
              WHERE typnamespace = here AND (typtype IN ('e', 'd', 'r') OR c.relkind = 'c')) AS held
        WHERE NOT EXISTS (SELECT FROM pg_depend
                          WHERE classid = held.catalog AND objid = held.oid AND deptype = 'e')), '{}')
    LOOP
        EXECUTE statement;
    END LOOP;
END
$empty$;
"""
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
        _bring_back(release, folder, major, is_over=confirmed is not None)
        with connection.begin():
            connection.exec_driver_sql("ANALYZE")
        found = _contents(connection)
        connection.rollback()
        locking.release(connection)
    comparable = ["revision", "rows", *(["objects"] if _are_comparable(expected, major) else [])]
    differing = [name for name in comparable if found[name] != expected.get(name)]
    if differing:
        raise Failure("MIG-SAVE-04", folder=folder.name, parts=", ".join(differing))
    rows = sum(found["rows"].values())
    release.reporter.line(f"{release.target.database} is at {found['revision']} again, with {rows:,} rows")
    return {"revision": found["revision"], "rows": rows, "made_at": expected["made_at"]}


def _bring_back(release: Release, folder: Path, major: int, *, is_over: bool) -> None:
    """All of it in one transaction, which ends when the last of the copy has been read, or has not been."""
    reader, writer = (programs.find(name, major, release.environ) for name in ("psql", "pg_restore"))
    with tempfile.TemporaryDirectory() as place:
        first = Path(place) / "first.sql"
        first.write_text(BEGIN.format(lock_ms=release.patience.lock_ms) + (EMPTY if is_over else ""))
        read = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--set=VERBOSITY=sqlstate"]
        # With --single-transaction it writes its BEGIN, and its COMMIT once everything was read.
        write = ["--single-transaction", "--no-owner", "--no-privileges", "--file=-"]
        over = ["--clean", "--if-exists"] if is_over else []
        programs.run_into(
            [str(writer), *write, *over, str(folder / DUMP)],
            [str(reader), *read, f"--file={first}", "--file=-"],
            release.target.url,
            release.environ,
        )


def _are_comparable(expected: Contents, major: int) -> bool:
    """Whether a copy says what its schema is made of, in the words of a server of this release."""
    return "objects" in expected and expected.get("server") == major


def _require_room(release: Release, connection: Connection, confirmed: str | None) -> None:
    """Hold the release lock on a database that is empty, or whose owner agreed to lose what is in it."""
    tables = list(connection.scalars(TABLES))
    connection.rollback()
    if tables and confirmed != release.target.database:
        raise Failure("MIG-SAVE-03", database=release.target.database, count=len(tables))
    preflight.require(connection, release.target)
    running.locked(release, connection)


def _contents(connection: Connection) -> Contents:
    """The revision, how many rows each table has, and a hash of what the schema is made of."""
    counts = {}
    for name in connection.scalars(TABLES).all():
        there = holdings.quote(quoted_name(name, quote=True))
        counting = f"SELECT count(*) FROM {there}"  # noqa: S608 - a quoted name
        counts[name] = connection.exec_driver_sql(counting).scalar_one()
    schema = str(connection.scalar(text("SELECT current_schema()")))
    taken = sorted(
        (kind, name, spelling.canonical(definition))
        for (kind, name), definition in fingerprint.take(connection, schema).items()
    )
    objects = hashlib.sha256(json.dumps(taken).encode()).hexdigest()
    versions = (
        list(connection.scalars(text("SELECT version_num FROM alembic_version")))
        if "alembic_version" in counts
        else []
    )
    return {"revision": ", ".join(versions) or recorded.BASE, "rows": counts, "objects": objects}


def _listed(folder: Path) -> Contents:
    try:
        told: Contents = json.loads((folder / LIST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise Failure("MIG-SAVE-05", folder=folder.name) from None
    return told
