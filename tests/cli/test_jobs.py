"""stockcode jobs: the queue on a terminal."""

import pytest
from sqlalchemy import delete, update

from tests.cli.conftest import Stockcode
from webapp import db
from webapp.cli import jobs
from webapp.models.jobs import job_queue
from webapp.models.jobs.job_progress import JobProgress
from webapp.services.changes.proposals import Author
from webapp.services.queueing import deferring, watching

pytestmark = pytest.mark.usefixtures("connection")


@pytest.fixture(autouse=True)
def speaking_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the terminal of whoever runs the tests speaks."""
    monkeypatch.setenv("LC_ALL", "C")


def job(status: str = "todo") -> int:
    number = deferring.defer("apply import", Author("an operator"), {})
    become(number, status)
    return number


def become(number: int, status: str) -> None:
    table = job_queue.JOBS
    db.session.execute(update(table).where(table.c.id == number).values(status=status))
    db.session.commit()


def test_the_newest_jobs_are_lines(stockcode: Stockcode) -> None:
    first, second = job(), job("failed")
    assert stockcode("jobs", "list").stdout.splitlines() == [
        f"#{second} Write an import: failed · an operator",
        f"#{first} Write an import: waiting · an operator",
    ]
    assert stockcode("jobs", "list", "--most", "1").stdout.count("#") == 1


def test_a_job_that_came_by_itself_and_was_done_is_a_line_where_all_are_wanted(stockcode: Stockcode) -> None:
    number = job("succeeded")
    db.session.execute(delete(JobProgress).where(JobProgress.job_id == number))
    db.session.commit()
    without = stockcode("jobs", "list")
    assert (without.stdout, without.stderr) == ("", "No jobs.\n")
    assert stockcode("jobs", "list", "--all").stdout == f"#{number} Write an import: done · periodic\n"


@pytest.mark.parametrize(("end", "exit_code"), [("succeeded", 0), ("failed", 1), ("aborted", 1)])
def test_a_job_is_watched_until_it_has_ended(
    stockcode: Stockcode, monkeypatch: pytest.MonkeyPatch, end: str, exit_code: int
) -> None:
    number = job("doing")
    monkeypatch.setattr(jobs.time, "sleep", lambda _seconds: become(number, end))
    done = stockcode("jobs", "watch", str(number))
    assert done.exit_code == exit_code
    first, last = done.stdout.splitlines()
    assert first.startswith(f"#{number} Write an import: running")
    assert "running" not in last


def test_a_job_is_cancelled_and_done_again(stockcode: Stockcode) -> None:
    number = job()
    assert stockcode("jobs", "cancel", str(number)).stdout == f"Job {number} is cancelled.\n"
    refused = stockcode("jobs", "cancel", str(number))
    assert (refused.exit_code, refused.stderr) == (1, f"Error: Job {number} had ended already.\n")
    stockcode("jobs", "again", str(number))
    newest = watching.newest(1)[0]
    assert (newest.id > number, newest.status) == (True, "todo")


@pytest.mark.parametrize("word", ["watch", "again"])
def test_a_job_that_is_not_there_is_one_line(stockcode: Stockcode, word: str) -> None:
    refused = stockcode("jobs", word, "99999")
    assert (refused.exit_code, refused.stderr.count("\n")) == (1, 1)
