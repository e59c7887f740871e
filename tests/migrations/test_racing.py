"""Several releases at once, killed and interrupted ones, and long transactions in front of them."""

import os
import signal
import threading
import time
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy.engine import URL

from tests.migrations.conftest import Database, Release
from tests.migrations.projects import Project, ended, terminate, until

pytestmark = [pytest.mark.release, pytest.mark.alone]

# Sleeps the first time; the test makes the table before the second.
SLEEPS_ONCE = """
op.execute(
    "DO $$ BEGIN IF to_regclass('beside.awake') IS NULL THEN PERFORM pg_sleep(60); END IF; END $$"
)
"""


@pytest.fixture
def other_session(empty_url: URL) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    """Somebody else's session."""
    with psycopg.connect(
        empty_url.set(drivername="postgresql").render_as_string(hide_password=False)
    ) as session:
        yield session


def is_sleeping(ask: Database) -> bool:
    return bool(
        ask.scalar(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()"
        )
    )


def test_eight_releases_at_once_all_succeed_and_each_revision_runs_once(
    project: Project, ask: Database
) -> None:
    for name in ("first", "second", "third"):
        project.table(name)

    results = [ended(process) for process in [project.fork("upgrade", "--json") for _ in range(8)]]

    assert [result.exit_code for result in results] == [0] * 8, [result.err for result in results]
    applied = [one["revision"] for result in results for one in result.json["applied"]]
    assert sorted(applied) == ["0001aaaa", "0002aaaa", "0003aaaa"]
    assert ask.revision() == "0003aaaa"
    assert ask.advisory_locks() == 0


def test_a_successor_takes_over_soon_after_the_runner_was_killed(project: Project, ask: Database) -> None:
    project.revision(SLEEPS_ONCE)
    first = project.fork("upgrade")
    until(lambda: is_sleeping(ask))
    second = project.fork("upgrade")
    until(lambda: ask.release_sessions() >= 3)  # the first one's two, and the second one waiting for the lock
    # Beside the schema of the release, in which a change by hand would be one.
    ask.execute("CREATE SCHEMA beside; CREATE TABLE beside.awake (id int)")

    first.kill()
    killed = time.monotonic()
    taken_over = ended(second)
    seconds = time.monotonic() - killed
    ended(first)

    assert (taken_over.exit_code, ask.revision()) == (0, "0001aaaa"), taken_over.err
    assert seconds < 0.5 + 2


@pytest.mark.parametrize(("number", "exit_code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_cancels_the_statement_and_leaves_nothing_behind(
    project: Project, ask: Database, number: int, exit_code: int
) -> None:
    project.table("first")
    project.revision('op.create_table("half", sa.Column("id", sa.Integer))\n' + SLEEPS_ONCE)
    process = project.start("upgrade")
    until(lambda: is_sleeping(ask))

    result = terminate(process, number)

    assert (result.exit_code, result.code) == (exit_code, "MIG-INT-01")
    assert "Database remains at 0001aaaa." in result.err
    assert (ask.release_sessions(), ask.advisory_locks()) == (0, 0)
    assert ask.revision() == "0001aaaa"
    assert not ask.has_table("half")


def test_a_signal_also_ends_the_wait_for_the_lock(project: Project, ask: Database) -> None:
    project.revision(SLEEPS_ONCE)
    holder = project.fork("upgrade")
    until(lambda: is_sleeping(ask))
    waiter = project.fork("upgrade")
    until(lambda: ask.release_sessions() >= 3)

    assert terminate(waiter).exit_code == 143
    assert terminate(holder).exit_code == 143
    assert ask.release_sessions() == 0


def test_a_release_that_waits_too_long_names_the_one_that_runs(
    project: Project, release: Release, ask: Database
) -> None:
    project.revision(SLEEPS_ONCE)
    holder = project.fork("upgrade")
    until(lambda: is_sleeping(ask))

    refused = release("upgrade", "--wait", "0.6")
    terminate(holder)

    assert (refused.exit_code, refused.code) == (5, "MIG-LOCK-01")
    assert "pid " in refused.err


def test_reads_do_not_wait_for_a_release(project: Project, release: Release, ask: Database) -> None:
    project.revision(SLEEPS_ONCE)
    holder = project.fork("upgrade")
    until(lambda: is_sleeping(ask))

    started = time.monotonic()
    current = release("current")
    seconds = time.monotonic() - started
    terminate(holder)

    assert (current.exit_code, current.out) == (0, "base\n")
    assert seconds < 2


def test_a_concurrent_index_and_a_waiting_release_do_not_deadlock(project: Project, ask: Database) -> None:
    project.table("first")
    project.revision(
        'indexes.create(op, "ix_first_a", "first", ["a"])', 'indexes.drop(op, "ix_first_a", "first")'
    )

    results = [ended(process) for process in [project.fork("upgrade", "--json") for _ in range(2)]]

    assert [result.exit_code for result in results] == [0, 0], [result.err for result in results]
    assert {one["attempts"] for result in results for one in result.json["applied"]} == {1}
    assert ask.scalar("SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix_first_a'::regclass")


class Probe:
    """An application that reads the table all the time, and remembers its longest wait."""

    def __init__(self, url: URL, statement: str) -> None:
        self.longest = 0.0
        self._statement = statement
        self._url = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Probe":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _run(self) -> None:
        with psycopg.connect(self._url, autocommit=True) as session:
            while not self._done.wait(0.02):
                started = time.monotonic()
                session.execute(self._statement)
                self.longest = max(self.longest, time.monotonic() - started)


def test_behind_a_long_transaction_the_application_never_waits_long_and_the_blocker_is_named(
    project: Project, release: Release, ask: Database, other_session: "psycopg.Connection[tuple[object, ...]]"
) -> None:
    project.table("first")
    assert release("upgrade").exit_code == 0
    project.revision('op.add_column("first", sa.Column("b", sa.Text))', 'op.drop_column("first", "b")')
    other_session.execute("SELECT * FROM first")  # and never ends its transaction

    with Probe(project.url, "SELECT * FROM first") as probe:
        refused = release("upgrade", "--lock-timeout", "500")

    assert (refused.exit_code, refused.code) == (5, "MIG-LOCK-02")
    assert f"first is locked (pid {other_session.info.backend_pid}, " in refused.err
    assert "idle in transaction" in refused.err
    assert "Database remains at 0001aaaa." in refused.err
    assert probe.longest < 2 * 0.5


def test_the_release_gets_through_when_the_long_transaction_ends(
    project: Project, release: Release, ask: Database, other_session: "psycopg.Connection[tuple[object, ...]]"
) -> None:
    project.table("first")
    assert release("upgrade").exit_code == 0
    project.revision('op.add_column("first", sa.Column("b", sa.Text))', 'op.drop_column("first", "b")')
    other_session.execute("SELECT * FROM first")

    def end_after_a_try() -> None:
        until(
            lambda: ask.scalar(
                "SELECT EXISTS (SELECT FROM pg_locks WHERE relation = 'first'::regclass AND NOT granted)"
            )
        )
        time.sleep(0.5)
        other_session.rollback()

    ending = threading.Thread(target=end_after_a_try)
    ending.start()

    done = release("upgrade", "--json", "--lock-timeout", "300")
    ending.join()

    assert done.exit_code == 0
    assert 1 < done.json["applied"][0]["attempts"] <= 5


def test_a_backend_ended_by_an_administrator_is_a_lost_connection(project: Project, ask: Database) -> None:
    project.revision(SLEEPS_ONCE)
    process = project.fork("upgrade")
    until(lambda: is_sleeping(ask))

    ask.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE wait_event = 'PgSleep' AND datname = current_database()"
    )
    result = ended(process)

    assert (result.exit_code, result.code) == (4, "MIG-CONN-04")
    assert "Database remains at base." in result.err
    assert os.fspath(project.root) not in result.err
