"""The worker does every job, in one worker at a time, and outlasts a job that fails."""

import logging
import signal
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.engine import make_url

from tests.cli.conftest import Stockcode
from webapp import db
from webapp.cli import worker
from webapp.models.login_attempt import LoginAttempt
from webapp.settings import DRIVER


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.INFO, logger=worker.log.name):
        yield caplog


def test_every_job_is_done_and_its_result_logged(
    connection: Connection, log: pytest.LogCaptureFixture
) -> None:
    worker.do_round({"first": lambda: 3, "second": lambda: 0})
    done = [(vars(record)["job"], vars(record)["result"]) for record in log.records]
    assert done == [("first", 3), ("second", 0)]


@pytest.mark.usefixtures("connection")
def test_a_job_that_fails_is_logged_and_does_not_keep_the_next_from_its_turn(
    log: pytest.LogCaptureFixture,
) -> None:
    def broken() -> None:
        db.session.execute(text("SELECT 1 / 0"))

    worker.do_round({"broken": broken, "next": lambda: "done"})
    assert [record.getMessage() for record in log.records] == ["job failed", "job done"]


def test_a_job_that_another_worker_is_at_is_left_to_it(
    connection: Connection, engine: Engine, log: pytest.LogCaptureFixture
) -> None:
    with engine.connect() as other:
        assert other.scalar(worker.CLAIM, {"job": "slow"}) is True
        worker.do_round({"slow": lambda: "twice", "free": lambda: "once"})
    assert [vars(record)["job"] for record in log.records] == ["free"]


def test_a_lost_database_is_logged_and_survived(engine: Engine, log: pytest.LogCaptureFixture) -> None:
    lost = db.make_engine(make_url(f"{DRIVER}://nobody@/nothing?host=/nonexistent"))
    db.bind(lost)
    try:
        worker.do_round({"any": lambda: None})
    finally:
        db.bind(engine)
        lost.dispose()
    assert [record.getMessage() for record in log.records] == ["job failed"]


def test_sigterm_ends_the_worker_after_the_round_and_gives_the_signal_back(
    stockcode: Stockcode, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds: list[object] = []

    def round_with_a_signal(jobs: worker.Jobs) -> None:
        rounds.append(jobs)
        signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr(worker, "do_round", round_with_a_signal)
    before = signal.getsignal(signal.SIGTERM)
    done = stockcode("worker")
    assert (done.exit_code, len(rounds)) == (0, 1)
    assert signal.getsignal(signal.SIGTERM) is before


def test_the_applications_jobs_run_from_the_command_line(
    stockcode: Stockcode, connection: Connection
) -> None:
    connection.execute(
        text(
            "INSERT INTO login_attempts (account_key, address_key, attempted_at)"
            " VALUES (repeat('a', 64), repeat('b', 64), now() - interval '1 year')"
        )
    )
    done = stockcode("worker", "--once")
    assert done.exit_code == 0, done.output
    assert db.session.scalar(select(LoginAttempt.id)) is None
