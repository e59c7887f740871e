"""The history as a script for psql: made without a database, the same schema, guarded by its start."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, NullPool, create_engine
from sqlalchemy.engine import URL

from migrations.release_step.database import ledger, locking
from migrations.release_step.revisions import environment
from migrations.release_step.revisions.history import History
from migrations.release_step.schema import fingerprint
from tests.migrations.conftest import Database, Release
from tests.migrations.projects import ROOT, Project
from webapp.cli import embedded

pytestmark = pytest.mark.release


def psql(url: URL, script: str, folder: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    path = folder / "script.sql"
    path.write_text(script)
    environ = {**os.environ, "PGPASSWORD": url.password or ""}
    host = str(url.query.get("host", url.host))
    command = [str(embedded.server_tools() / "psql"), "--no-psqlrc", "--quiet", "--file", str(path), *options]
    command += ["--host", host, "--port", str(url.port or 5432), "--username", str(url.username)]
    return subprocess.run(
        [*command, str(url.database)], env=environ, capture_output=True, text=True, check=False
    )


def real_script(*arguments: str) -> str:
    """What the real release step prints, with no address in its environment."""
    environ = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    command = [sys.executable, str(ROOT / "migrations" / "run_migrations.py"), *arguments, "--sql"]
    done = subprocess.run(command, env=environ, cwd="/", capture_output=True, text=True, check=True)
    return done.stdout


@pytest.fixture
def online(database_url: URL) -> Iterator[Connection]:
    engine = create_engine(database_url, poolclass=NullPool)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_the_whole_history_through_psql_is_the_schema_that_a_release_makes(
    online: Connection, empty_url: URL, tmp_path: Path
) -> None:
    done = psql(empty_url, real_script("upgrade"), tmp_path)
    engine = create_engine(empty_url, poolclass=NullPool)
    with engine.connect() as connection:
        found = fingerprint.take(connection, "public")
        shipped = ledger.read(connection)["shipped"]
    engine.dispose()

    assert (done.returncode, done.stderr) == (0, "")
    assert shipped == ledger.read(online)["shipped"], "older code knows this database after a rollback"
    assert fingerprint.differences(fingerprint.take(online, "public"), found) == []


def test_the_whole_history_back_through_psql_leaves_nothing(
    new_database: Callable[[], URL], tmp_path: Path
) -> None:
    url = new_database()
    head = History(environment.config()).head
    assert psql(url, real_script("upgrade"), tmp_path).returncode == 0

    done = psql(url, real_script("downgrade", f"{head}:base"), tmp_path)
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        found = fingerprint.take(connection, "public")
    engine.dispose()

    assert (done.returncode, dict(found)) == (0, {})
    assert psql(url, real_script("upgrade"), tmp_path).returncode == 0


def test_a_script_for_another_start_changes_nothing(
    project: Project, release: Release, ask: Database, tmp_path: Path
) -> None:
    first = project.table("first")
    project.table("second")
    project.table("third")
    script = release("upgrade", "0002aaaa:0003aaaa", "--sql").out
    assert release("upgrade", first).exit_code == 0

    done = psql(project.url, script, tmp_path)

    assert done.returncode != 0
    assert "MIG-STATE-03: this script starts at 0002aaaa, the database is at 0001aaaa" in done.stderr
    assert ask.revision() == first
    assert not ask.has_table("third")


def test_a_script_of_a_range_continues_where_it_starts(
    project: Project, release: Release, ask: Database, tmp_path: Path
) -> None:
    first = project.table("first")
    project.revision(
        'indexes.create(op, "ix_first_a", "first", ["a"])', 'indexes.drop(op, "ix_first_a", "first")'
    )
    head = project.revision(
        "backfills.run(op, backfills.Backfill('first', set_=\"a = 'x'\", where='a IS NULL', batch=2))",
        'op.execute("SELECT 1")',
    )
    assert release("upgrade", first).exit_code == 0
    ask.execute("INSERT INTO first (id) SELECT generate_series(1, 5)")

    done = psql(project.url, release("upgrade", f"{first}:{head}", "--sql").out, tmp_path)

    assert (done.returncode, ask.revision()) == (0, head), done.stderr
    assert ask.scalar("SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix_first_a'::regclass")
    assert ask.scalar("SELECT count(*) FROM first WHERE a = 'x'") == 5


def test_a_script_does_not_run_beside_a_release(
    project: Project, release: Release, ask: Database, tmp_path: Path
) -> None:
    project.table("first")
    script = release("upgrade", "--sql").out

    with create_engine(project.url, poolclass=NullPool).connect() as other:
        locking.hold(other, 0, lambda _: None)
        done = psql(project.url, script, tmp_path)

    assert done.returncode != 0
    assert "MIG-LOCK-01" in done.stderr
    assert ask.revision() is None


def test_a_downgrade_script_needs_both_ends(project: Project, release: Release) -> None:
    project.table("first")

    refused, backwards = release("downgrade", "base", "--sql"), release("upgrade", "0001aaaa:base", "--sql")

    assert (refused.exit_code, refused.code) == (2, "MIG-USE-03")
    assert (backwards.exit_code, backwards.code) == (2, "MIG-USE-03")
