"""Indexes built concurrently and repaired; backfills in batches that resume."""

import signal
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy.engine import URL

from tests.migrations.conftest import Begun, Database, Release
from tests.migrations.projects import Project, ended, table_first, until

pytestmark = pytest.mark.release

INDEX = 'indexes.create(op, "ix_first_a", "first", ["a"])'
UNIQUE = 'indexes.create(op, "ix_first_a", "first", ["a"], unique=True)'
NO_INDEX = 'indexes.drop(op, "ix_first_a", "first")'
IS_VALID = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('ix_first_a')"


@pytest.fixture
def project_url(begun: Begun) -> URL:
    return begun(table_first)


@pytest.fixture
def filled(project: Project, ask: Database) -> Project:
    """A table of a thousand rows at the first revision."""
    table_first(project)
    ask.execute("INSERT INTO first (id, a) SELECT n, 'same' FROM generate_series(1, 1000) AS n")
    return project


@pytest.fixture
def writer(filled: Project) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    """Somebody whose open transaction a concurrent build has to wait for."""
    address = filled.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as session:
        session.execute("UPDATE first SET a = 'other' WHERE id = 1")
        yield session


def test_an_index_is_built_and_dropped_without_a_lock_that_others_feel(
    filled: Project, release: Release, ask: Database
) -> None:
    filled.revision(INDEX, NO_INDEX)

    assert release("upgrade").exit_code == 0
    assert ask.scalar(IS_VALID) is True
    filled.environ["APP_ENV"] = "local"
    assert release("downgrade", "-1").exit_code == 0
    assert ask.scalar(IS_VALID) is None


def test_a_cancelled_build_leaves_an_invalid_index_and_the_rerun_a_valid_one(
    filled: Project, release: Release, ask: Database, writer: "psycopg.Connection[tuple[object, ...]]"
) -> None:
    filled.revision(INDEX, NO_INDEX)
    process = filled.fork("upgrade")
    until(lambda: ask.scalar(IS_VALID) is False)

    ask.execute(
        "SELECT pg_cancel_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND query LIKE 'CREATE INDEX CONCURRENTLY%' AND state = 'active'"
    )
    cancelled = ended(process)
    writer.rollback()

    assert (cancelled.exit_code, cancelled.code) == (6, "MIG-REV-02")
    assert "Database remains at 0001aaaa." in cancelled.err
    assert ask.scalar(IS_VALID) is False
    assert release("upgrade").exit_code == 0
    assert ask.scalar(IS_VALID) is True


def test_a_killed_build_is_repaired_too(
    filled: Project, release: Release, ask: Database, writer: "psycopg.Connection[tuple[object, ...]]"
) -> None:
    filled.revision(INDEX, NO_INDEX)
    process = filled.fork("upgrade")
    until(lambda: ask.scalar(IS_VALID) is False)

    process.kill()
    ended(process)
    until(lambda: ask.release_sessions() == 0)
    writer.rollback()

    assert release("upgrade").exit_code == 0
    assert ask.scalar(IS_VALID) is True


def test_an_invalid_index_is_named_by_check_and_repaired_after_the_data_is(
    filled: Project, release: Release, ask: Database
) -> None:
    filled.revision(UNIQUE, NO_INDEX)

    failed = release("upgrade")
    checked = release("check")
    ask.execute("UPDATE first SET a = id::text")

    assert (failed.exit_code, failed.code) == (6, "MIG-REV-02")
    assert "23505" in failed.err
    assert checked.code == "MIG-STATE-03"
    assert release("upgrade").exit_code == 0
    assert ask.scalar(IS_VALID) is True


def test_the_build_waits_as_long_as_it_must_and_the_sessions_patience_returns(
    filled: Project, release: Release, ask: Database
) -> None:
    filled.revision(
        INDEX
        + "\nop.execute(\"CREATE TABLE told AS SELECT current_setting('lock_timeout') AS lock_timeout\")",
        NO_INDEX,
    )

    assert release("upgrade", "--lock-timeout", "1234").exit_code == 0
    assert ask.scalar("SELECT lock_timeout FROM told") == "1234ms"


def test_a_backfill_fills_every_row_in_batches(filled: Project, release: Release, ask: Database) -> None:
    filled.revision(
        "backfills.run(op, backfills.Backfill('first', set_=\"a = 'new'\", where=\"a <> 'new'\", batch=300))",
        'op.execute("SELECT 1")',
        phase="backfill",
    )

    assert release("upgrade").exit_code == 0
    assert ask.scalar("SELECT count(*) FROM first WHERE a = 'new'") == 1000
    assert ask.scalar("SELECT count(DISTINCT xmin::text) FROM first") == 4


def test_a_backfill_over_a_key_of_two_columns_fills_every_row(
    project: Project, release: Release, ask: Database
) -> None:
    project.table("first")
    assert release("upgrade").exit_code == 0
    ask.execute("CREATE TABLE prices (company int, day date, a int, PRIMARY KEY (company, day))")
    ask.execute(
        "INSERT INTO prices SELECT mod(n, 7), date '2025-01-01' + n, NULL FROM generate_series(1, 50) AS n"
    )
    project.revision(
        "backfills.run(op, backfills.Backfill('prices', set_='a = 1', where='a IS NULL',"
        " key=('company', 'day'), batch=8))"
    )

    assert release("upgrade", "--allow-drift").exit_code == 0
    assert ask.scalar("SELECT count(*) FROM prices WHERE a = 1") == 50


def test_a_killed_backfill_resumes_where_it_stopped(filled: Project, release: Release, ask: Database) -> None:
    ask.execute("CREATE TABLE pace AS SELECT 0.4 AS seconds")
    filled.revision(
        "backfills.run(op, backfills.Backfill('first', set_=\"a = 'new'\","
        " where=\"a <> 'new' AND pg_sleep((SELECT seconds FROM pace) / 100) IS NOT NULL\", batch=100))",
    )
    process = filled.fork("upgrade", "--allow-drift")
    until(lambda: ask.scalar("SELECT count(*) FROM first WHERE a = 'new'") >= 200)

    process.send_signal(signal.SIGKILL)
    ended(process)
    until(lambda: ask.release_sessions() == 0)
    done = ask.scalar("SELECT array_agg(DISTINCT xmin::text) FROM first WHERE a = 'new'")
    ask.execute("UPDATE pace SET seconds = 0")
    resumed = release("upgrade", "--allow-drift")
    kept = ask.scalar("SELECT array_agg(DISTINCT xmin::text) FROM first")

    assert resumed.exit_code == 0
    assert ask.scalar("SELECT count(*) FROM first WHERE a = 'new'") == 1000
    assert set(done) <= set(kept), "batches that were done are not done again"


def test_a_backfill_ends_although_running_code_adds_rows_to_fill(
    filled: Project, release: Release, ask: Database
) -> None:
    # Each batch that is filled adds a row to fill, the first 20 times: as many as a busy table's users might.
    ask.execute("CREATE SEQUENCE added")
    ask.execute(
        "CREATE FUNCTION add_one() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF nextval('added') <= 20 THEN INSERT INTO first (id, a) VALUES (-currval('added'), 'old');"
        " END IF; RETURN NULL; END $$"
    )
    ask.execute("CREATE TRIGGER adds AFTER UPDATE ON first EXECUTE FUNCTION add_one()")
    filled.revision(
        "backfills.run(op, backfills.Backfill('first', set_=\"a = 'new'\", where=\"a <> 'new'\", batch=600))",
        phase="backfill",
    )

    assert release("upgrade", "--allow-drift").exit_code == 0
    assert ask.scalar("SELECT count(*) FROM first WHERE a = 'new'") == 1020


def test_a_backfill_whose_rows_stay_as_they_were_is_a_failure(
    filled: Project, release: Release, ask: Database
) -> None:
    filled.revision("backfills.run(op, backfills.Backfill('first', set_='a = a', where='a IS NOT NULL'))")

    failed = release("upgrade")

    assert (failed.exit_code, failed.code) == (6, "MIG-REV-04")
    assert "1000 still match" in failed.err
    assert ask.revision() == "0001aaaa"


def test_a_backfill_waits_for_a_row_that_somebody_holds_for_a_while(
    filled: Project, ask: Database, writer: "psycopg.Connection[tuple[object, ...]]"
) -> None:
    filled.revision(
        "backfills.run(op, backfills.Backfill('first', set_=\"a = 'new'\", where=\"a <> 'new'\"))"
    )
    process = filled.fork("upgrade", "--lock-timeout", "200")
    until(lambda: ask.scalar("SELECT count(*) > 0 FROM pg_locks WHERE NOT granted"))

    writer.commit()

    assert ended(process).exit_code == 0
    assert ask.scalar("SELECT count(*) FROM first WHERE a = 'new'") == 1000
