"""A database that stops answering is an error in seconds, on our side, and a living one is waited for."""

import time
from collections.abc import Callable, Iterator
from functools import partial

import psycopg
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DataError, IntegrityError, OperationalError

from tests import freezing
from tests.freezing import Way
from webapp import db, silence

ONE = text("SELECT 1")


@pytest.fixture(scope="module")
def way(database_url: URL) -> Iterator[Way]:
    with freezing.way_to(database_url) as way:
        yield way


@pytest.fixture
def frozen_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same clock, in tenths."""
    monkeypatch.setattr(silence, "SECONDS_BEFORE_ASKING", 0.3)
    monkeypatch.setattr(silence, "SECONDS_TO_GREET", 0.3)
    monkeypatch.setattr(silence, "SECONDS_BETWEEN_QUESTIONS", 0.2)
    # psycopg itself waits two seconds at least.
    monkeypatch.setattr("psycopg.connection.timeout_from_conninfo", lambda _params: 0.5)


@pytest.fixture
def through(way: Way, frozen_in_time: None) -> Iterator[Engine]:
    way.thaw()
    engine = db.make_engine(way.url)
    yield engine
    way.thaw()
    engine.dispose()


def refused(engine: Engine) -> float:
    """After how many seconds a statement is given up."""
    began = time.monotonic()
    with pytest.raises(OperationalError), engine.connect() as connection:
        connection.execute(ONE)
    return time.monotonic() - began


def save_while_it_freezes(way: Way) -> None:
    with db.transaction():
        db.session.execute(ONE)
        way.freeze()


def test_a_statement_that_takes_long_on_a_living_server_is_waited_for(through: Engine) -> None:
    with through.connect() as connection:
        connection.execute(text("SELECT pg_sleep(0.5)"))


def test_a_kept_connection_to_a_frozen_server_is_an_error_in_seconds_and_the_next_at_once(
    through: Engine, way: Way
) -> None:
    with through.connect() as connection:
        connection.execute(ONE)
    way.freeze()
    assert refused(through) < 2
    assert refused(through) < 0.15


def test_a_statement_under_way_when_the_server_freezes_ends_and_its_connection_with_it(
    through: Engine, way: Way
) -> None:
    with through.connect() as connection:
        connection.execute(ONE)
        way.freeze()
        began = time.monotonic()
        with pytest.raises(OperationalError) as refusal:
            connection.execute(ONE)
    assert time.monotonic() - began < 2
    assert refusal.value.connection_invalidated
    way.thaw()
    time.sleep(0.2)
    with through.connect() as connection:
        assert connection.scalar(ONE) == 1


def prepared(engine: Engine) -> int:
    """How often a connection has prepared the statement of these tests."""
    with engine.connect() as connection:
        kept = "SELECT count(*) FROM pg_prepared_statements WHERE statement = 'SELECT 1'"
        return connection.exec_driver_sql(kept).scalar_one()


@pytest.fixture
def asked_often(database_url: URL) -> Iterator[Engine]:
    """A connection that has read the same for several pages, each of which ended without keeping anything."""
    engine = db.make_engine(database_url)
    for _ in range(7):
        with engine.connect() as connection:
            connection.execute(ONE)
    yield engine
    engine.dispose()


def test_what_is_prepared_outlives_the_pages_that_it_was_read_for(asked_often: Engine) -> None:
    assert prepared(asked_often) == 1


def test_what_has_failed_is_forgotten_with_all_that_is_prepared(asked_often: Engine) -> None:
    with pytest.raises(DataError), asked_often.connect() as connection:
        connection.execute(text("SELECT 1 / 0"))
    assert prepared(asked_often) == 0


def test_what_a_page_wrote_and_did_not_keep_is_taken_back(asked_often: Engine) -> None:
    with asked_often.connect() as connection:
        connection.execute(text("CREATE TEMPORARY TABLE written (number int)"))
    with asked_often.connect() as connection:
        assert connection.scalar(text("SELECT to_regclass('pg_temp.written')")) is None


def test_one_process_that_stands_still_on_a_living_server_is_given_up_past_the_servers_own_limit(
    through: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(silence, "SECONDS_PAST_ITS_LIMIT", 0.2)
    with through.connect() as connection:
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        driver = connection.connection.driver_connection
        assert isinstance(driver, silence.Connection)
        driver.seconds_allowed = 0.1
        with pytest.raises(OperationalError):
            connection.execute(text("SELECT pg_sleep(20)"))
    with through.connect() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, silence.Connection)
        assert driver.seconds_allowed == silence.SECONDS_OF_A_STATEMENT


def test_a_commit_whose_answer_never_came_is_not_called_a_failure(
    through: Engine, way: Way, engine: Engine
) -> None:
    before = db.session.session_factory.kw.get("bind")
    db.bind(through)
    try:
        with pytest.raises(db.Unconfirmed):
            save_while_it_freezes(way)
    finally:
        silence.give_back(db.session)
        db.bind(before or engine)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (OperationalError("COMMIT", {}, psycopg.errors.AdminShutdown("canary")), db.Unconfirmed),
        (OperationalError("COMMIT", {}, psycopg.OperationalError("gone")), db.Unconfirmed),
        (IntegrityError("COMMIT", {}, psycopg.errors.UniqueViolation("canary")), IntegrityError),
    ],
)
def test_a_commit_has_failed_only_where_the_database_itself_says_so(
    connection: object, monkeypatch: pytest.MonkeyPatch, error: Exception, kind: type[Exception]
) -> None:
    def commit() -> None:
        raise error

    monkeypatch.setattr(db.session, "commit", commit)
    with pytest.raises(kind), db.transaction():
        pass
    # What cannot show the answer then, for want of a database, must not say that nothing was saved.
    assert db.may_have_saved() == (kind is db.Unconfirmed)
    db.session.remove()


def test_a_statement_that_fails_before_the_commit_is_a_failure(engine: Engine) -> None:
    before = db.session.session_factory.kw.get("bind")
    db.bind(engine)
    try:
        with pytest.raises(OperationalError) as refusal, db.transaction():
            db.session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        assert not isinstance(refusal.value, db.Unconfirmed)
    finally:
        silence.give_back(db.session)
        db.bind(before or engine)


@pytest.mark.parametrize("end", [partial(silence.give_back, db.session), db.roll_back])
def test_giving_back_what_a_dead_connection_held_raises_nothing(
    engine: Engine, end: Callable[[], None]
) -> None:
    before = db.session.session_factory.kw.get("bind")
    db.bind(engine)
    try:
        number = db.session.scalar(text("SELECT pg_backend_pid()"))
        with engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:number, 5000)"), {"number": number})
        end()
        assert db.session.scalar(ONE) == 1
    finally:
        silence.give_back(db.session)
        db.bind(before or engine)
