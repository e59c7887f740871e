"""Versions of a row never overlap, whatever transactions do beside each other."""

import threading
import time
from datetime import datetime
from itertools import pairwise
from typing import Any

import psycopg
import pytest

from tests.models.conftest import SECONDS_TO_WAIT, Connect

CODE = "7974"
CREATE = (
    "INSERT INTO industries (code, name_ja, name_en, sector17_code, sector17_name_ja, sector17_name_en)"
    f" VALUES ('{CODE}', 'その他製品', 'Other', '10', '情報通信', 'IT')"
)
UPSERT = f"{CREATE} ON CONFLICT (code) DO UPDATE SET name_en = 'Again'"
DELETE = f"DELETE FROM industries WHERE code = '{CODE}'"
COUNT_ON = "SELECT set_config('app.keeps_version', 'on', true)"


def change(name: str) -> bytes:
    return f"UPDATE industries SET name_en = '{name}' WHERE code = '{CODE}'".encode()


def begin(session: psycopg.Connection) -> datetime:
    """Begin a transaction; its instant."""
    instant: datetime = _one(session, "SELECT transaction_timestamp()")[0]
    return instant


def _one(session: psycopg.Connection, query: str) -> tuple[Any, ...]:
    row = session.execute(query.encode()).fetchone()
    assert row is not None
    return row


def periods(observer: psycopg.Connection, code: str = CODE) -> list[tuple[datetime, datetime | None]]:
    """From when until when each version of an industry held, in the order of writing; the last is still valid."""
    query = (
        "SELECT valid_from, valid_to FROM (SELECT id, valid_from, valid_to FROM row_versions"
        " WHERE table_name = 'industries' AND row_key = %(code)s UNION ALL"
        " SELECT NULL, changed_at, NULL FROM industries WHERE code = %(code)s) AS every ORDER BY id NULLS LAST"
    )
    return list(observer.execute(query, {"code": code}).fetchall())


def assert_apart(found: list[tuple[datetime, datetime | None]]) -> None:
    """Each version holds for some time, and none begins before the one before it has ended."""
    for begun, ended in found:
        assert ended is None or begun < ended, found
    for (_, ended), (begun, _) in pairwise(found):
        assert ended is not None, found
        assert ended <= begun, found


def assert_joined(found: list[tuple[datetime, datetime | None]]) -> None:
    """Apart, and without a gap: where a version ends, the next one begins."""
    assert_apart(found)
    assert [ended for _, ended in found[:-1]] == [begun for begun, _ in found[1:]]


def wait_until_blocked(observer: psycopg.Connection, session: psycopg.Connection) -> None:
    """Return once the session stands in front of somebody's lock."""
    deadline = time.monotonic() + SECONDS_TO_WAIT
    query = "SELECT cardinality(pg_blocking_pids(%s)) > 0"
    while observer.execute(query, [session.info.backend_pid]).fetchone() != (True,):
        assert time.monotonic() < deadline, "the session does not wait for anybody"
        time.sleep(0.01)


def write_behind(
    observer: psycopg.Connection, first: psycopg.Connection, second: psycopg.Connection, statement: bytes
) -> None:
    """Let `second` write what `first` holds: it waits until `first` has committed; then commit it too."""
    writing = threading.Thread(target=second.execute, args=(statement,))
    writing.start()
    wait_until_blocked(observer, second)
    first.commit()
    writing.join()
    second.commit()


@pytest.fixture
def stored(observer: psycopg.Connection) -> None:
    """The industry that these tests write."""
    observer.execute(CREATE.encode())


@pytest.fixture
def earlier(connect: Connect, stored: None) -> psycopg.Connection:
    """A session whose transaction has begun before everybody else's."""
    session = connect()
    begin(session)
    return session


@pytest.fixture
def later(connect: Connect, earlier: psycopg.Connection) -> psycopg.Connection:
    session = connect()
    begin(session)
    return session


def test_who_began_first_and_writes_last_ends_a_version_after_its_beginning(
    observer: psycopg.Connection, earlier: psycopg.Connection, later: psycopg.Connection
) -> None:
    later.execute(change("Later"))
    later.commit()
    earlier.execute(change("Earlier"))
    earlier.commit()
    found = periods(observer)
    assert len(found) == 3
    assert_joined(found)
    assert _one(observer, "SELECT name_en, version FROM industries") == ("Earlier", 3)


def test_who_began_first_and_waits_for_a_row_ends_a_version_after_its_beginning(
    observer: psycopg.Connection, earlier: psycopg.Connection, later: psycopg.Connection
) -> None:
    later.execute(change("Later"))
    write_behind(observer, later, earlier, change("Earlier"))
    assert len(periods(observer)) == 3
    assert_joined(periods(observer))


def test_who_began_first_and_deletes_last_ends_a_version_after_its_beginning(
    observer: psycopg.Connection, earlier: psycopg.Connection, later: psycopg.Connection
) -> None:
    later.execute(change("Later"))
    later.commit()
    earlier.execute(DELETE.encode())
    earlier.commit()
    assert len(periods(observer)) == 2
    assert_joined(periods(observer))


def test_who_began_first_and_waits_for_a_row_to_be_made_changes_it_after_its_beginning(
    observer: psycopg.Connection, earlier: psycopg.Connection, later: psycopg.Connection
) -> None:
    observer.execute(DELETE.encode())
    later.execute(CREATE.encode())
    write_behind(observer, later, earlier, UPSERT.encode())
    assert _one(observer, "SELECT name_en FROM industries") == ("Again",)
    assert len(periods(observer)) == 3
    assert_apart(periods(observer))


@pytest.mark.parametrize("before", [None, COUNT_ON], ids=["made anew", "counting on"])
def test_a_row_comes_back_after_its_deletion_by_a_transaction_that_began_later(
    observer: psycopg.Connection,
    earlier: psycopg.Connection,
    later: psycopg.Connection,
    before: str | None,
) -> None:
    later.execute(change("Later"))
    later.execute(DELETE.encode())
    later.commit()
    if before is not None:
        earlier.execute(before.encode())
    earlier.execute(CREATE.encode())
    earlier.execute(change("Back"))
    earlier.commit()
    assert len(periods(observer)) == 4
    assert_apart(periods(observer))
    assert _one(observer, "SELECT version FROM industries") == ((2,) if before is None else (4,))


def test_a_row_comes_back_after_waiting_for_its_deletion(
    observer: psycopg.Connection, earlier: psycopg.Connection, later: psycopg.Connection
) -> None:
    later.execute(DELETE.encode())
    write_behind(observer, later, earlier, CREATE.encode())
    assert len(periods(observer)) == 2
    assert_apart(periods(observer))


def test_one_transaction_that_writes_a_row_over_and_over_keeps_every_version_apart(
    observer: psycopg.Connection, earlier: psycopg.Connection
) -> None:
    for turn in range(3):
        earlier.execute(change(f"Turn {turn}"))
    for _ in range(2):
        earlier.execute(DELETE.encode())
        earlier.execute(CREATE.encode())
    earlier.execute(change("At last"))
    earlier.commit()
    assert len(periods(observer)) == 7
    assert_apart(periods(observer))


def test_of_a_statement_over_many_rows_only_those_move_that_must(
    connect: Connect, observer: psycopg.Connection, stored: None
) -> None:
    others = [f"{number:04d}" for number in range(100, 110)]
    for code in others:
        observer.execute(CREATE.replace(CODE, code).encode())
    earlier, later = connect(), connect()
    instant = begin(earlier)
    begin(later)
    later.execute(change("Later"))
    later.commit()
    earlier.execute(b"UPDATE industries SET name_en = 'All'")
    earlier.commit()
    assert_joined(periods(observer))
    for code in others:
        assert_joined(periods(observer, code))
    moved = "SELECT code FROM industries WHERE changed_at <> %s"
    assert observer.execute(moved, [instant]).fetchall() == [(CODE,)]


def test_eight_sessions_that_write_one_row_at_once_leave_versions_end_to_end(
    connect: Connect, observer: psycopg.Connection, stored: None
) -> None:
    sessions = [connect() for _ in range(8)]
    for session in sessions:
        begin(session)
    last_first = reversed(sessions)
    writing = [threading.Thread(target=_change_thrice, args=(session,)) for session in last_first]
    for thread in writing:
        thread.start()
    for thread in writing:
        thread.join()
    assert _one(observer, "SELECT version FROM industries") == (25,)
    assert len(periods(observer)) == 25
    assert_joined(periods(observer))


def _change_thrice(session: psycopg.Connection) -> None:
    for turn in range(3):
        session.execute(change(f"Turn {turn}"))
        session.commit()


def test_a_version_knows_who_began_and_who_ended_it(
    observer: psycopg.Connection, earlier: psycopg.Connection
) -> None:
    for number, statement in ((5, change("Five")), (6, change("Six")), (None, change("From outside"))):
        setting = "" if number is None else str(number)
        earlier.execute("SELECT set_config('app.change_set_id', %s, true)", [setting])
        earlier.execute(statement)
    earlier.commit()
    query = b"SELECT begun_by_change_set_id, ended_by_change_set_id FROM row_versions ORDER BY version"
    assert observer.execute(query).fetchall() == [(None, 5), (5, 6), (6, None)]


def test_versions_that_one_transaction_ended_share_its_number_savepoints_included(
    connect: Connect, observer: psycopg.Connection, stored: None
) -> None:
    numbers = []
    for turn in range(2):
        session = connect()
        session.execute(change(f"Turn {turn}"))
        with session.transaction():
            session.execute(change(f"Turn {turn} again"))
        numbers.append(_one(session, "SELECT pg_current_xact_id()::text::bigint")[0])
        session.commit()
    ended = observer.execute(b"SELECT ended_by_transaction_id FROM row_versions ORDER BY version").fetchall()
    assert ended == [(number,) for number in numbers for _ in range(2)]
