"""The child does a job as whoever asked for it may, once, and says what came of it."""

import logging

import pytest
from sqlalchemy import Connection, text

from tests import people
from tests.jobs.conftest import AUTHOR, Queue
from tests.schemas import go_back
from webapp import db
from webapp.jobs import child, deferred
from webapp.jobs.child import Ended, Ending
from webapp.services import releasing
from webapp.services.changes import door
from webapp.services.changes.proposals import Author
from webapp.services.intake import importing


def test_an_import_is_written_once_however_often_the_queue_hands_it_out(queue: Queue) -> None:
    number, job = queue.deferred()
    assert child.do(job, importing.APPLY) == {"state": "done"}
    assert child.do(job, importing.APPLY) == {"state": "done"}
    assert (queue.status(number), queue.names()) == ("applied", ["新しい会社"])
    assert db.session.scalar(text("SELECT version FROM companies")) == 1


def test_one_that_is_being_written_elsewhere_is_tried_again_later(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(child.LOCALLY, "lock_timeout", "200ms")
    number, job = queue.deferred()
    with queue.engine.connect() as other:
        other.execute(text("SELECT FROM change_sets WHERE id = :id FOR UPDATE"), {"id": number})
        outcome = child.do(job, importing.APPLY)
    assert (outcome["state"], outcome["is_passing"]) == ("failed", True)


def test_one_that_somebody_has_declined_is_refused_and_says_so(queue: Queue) -> None:
    number, job = queue.deferred()
    door.settle(lambda: importing.decline(number, AUTHOR))
    assert child.do(job, importing.APPLY) == {"state": "refused"}
    assert queue.names() == []
    assert [one["message"] for one in queue.job(job).outcome] == [
        "Somebody else decided on it meanwhile. Import the file again."
    ]


@pytest.mark.parametrize(("role", "is_active", "state"), [
    ("steward", True, "done"), ("viewer", True, "refused"), ("steward", False, "refused"),
])  # fmt: skip
def test_what_counts_is_what_the_person_may_when_it_is_done(
    queue: Queue, role: str, is_active: bool, state: str
) -> None:
    person = people.committed("steward")
    _, job = queue.deferred(Author(person.name, person.id, person.role))
    person.role, person.is_active = role, is_active
    db.session.commit()
    assert child.do(job, importing.APPLY)["state"] == state


def test_a_job_of_newer_code_is_refused_and_not_lost(queue: Queue) -> None:
    _, job = queue.deferred()
    assert child.do(job, "a job of tomorrow") == {"state": "refused"}


def test_a_job_that_ends_by_an_error_says_its_kind_and_no_value(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, job = queue.deferred()
    monkeypatch.setitem(deferred.DEFERRED, importing.APPLY, lambda _asked: 1 // 0)  # type: ignore[attr-defined]  # a dict
    assert child.do(job, importing.APPLY) == {
        "state": "failed",
        "is_passing": False,
        "kind": "ZeroDivisionError",
    }
    (said,) = queue.job(job).outcome
    assert said["params"] == {"kind": "ZeroDivisionError"}


def test_jobs_wait_for_the_release(connection: Connection, caplog: pytest.LogCaptureFixture) -> None:
    older = go_back(connection)
    with caplog.at_level(logging.INFO, logger=child.log.name):
        assert child.do(1, "decline forgotten imports") == {"state": "later"}
    assert [record.getMessage() for record in caplog.records] == [
        f"job left for later: The database is at {older}, this code needs {releasing.shipped().wanted}."
    ]
    releasing.forget()


def test_a_wish_to_end_ends_the_job_and_not_what_comes_between(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    ending = Ending()
    ending.heed(15, None)

    def interrupted(_number: int, _name: str) -> dict[str, object]:
        ending.heed(15, None)
        raise AssertionError("it goes on")

    with monkeypatch.context() as patch:
        patch.setattr(child, "do", interrupted)
        assert ending.do({"number": 1, "name": importing.APPLY}) == {"state": "ended"}
    _, job = queue.deferred()
    assert ending.do({"number": job, "name": importing.APPLY}) == {"state": "done"}


def test_a_job_that_ends_takes_back_what_it_has_written(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, job = queue.deferred()

    def written_and_ended(asked: deferred.Asked) -> list[object]:
        importing.confirm(number, asked.by)
        raise Ended

    monkeypatch.setitem(deferred.DEFERRED, importing.APPLY, written_and_ended)  # type: ignore[attr-defined]  # a dict
    assert child.do(job, importing.APPLY) == {"state": "ended"}
    assert (queue.status(number), queue.names()) == ("proposed", [])
