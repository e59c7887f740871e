"""A job belongs to the transaction in which it was deferred, waits once, and is ended or begun anew by its number."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Connection, func, text, update

from tests import people
from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.import_file import ImportFile
from webapp.models.jobs import job_queue
from webapp.services.changes.proposals import Author
from webapp.services.intake import importing
from webapp.services.queueing import deferring, sweeping, watching
from webapp.services.queueing.deferring import WaitsAlready
from webapp.services.queueing.watching import Job

pytestmark = pytest.mark.usefixtures("connection")

BY = Author("an operator")


def job(number: int) -> Job:
    found = watching.one(number)
    assert found is not None
    return found


def defer(**facts: object) -> int:
    return deferring.defer("apply import", BY, facts)


def become(number: int, status: str, **facts: object) -> None:
    jobs = job_queue.JOBS
    db.session.execute(update(jobs).where(jobs.c.id == number).values(status=status, **facts))


def stored() -> int:
    """An import of a file that waits for a decision; its change set's number."""
    sha256 = uuid4().hex * 2
    file = ImportFile(
        kind="jpx-list", name="a list", sha256=sha256, size_bytes=1, bytes_dropped_at=func.now()
    )
    db.session.add(file)
    db.session.flush()
    facts = {"kind": "import", "table_name": "companies", "status": "proposed", "import_file_id": file.id}
    change_set = ChangeSet(author_name="a test", digest="", **facts)
    db.session.add(change_set)
    db.session.flush()
    return change_set.id


def test_a_job_says_who_asked_for_it_and_when_and_of_what() -> None:
    person = people.user("steward")
    change_set = stored()
    number = deferring.defer(
        "apply import", Author(person.name, person.id, person.role), {}, change_set_id=change_set
    )
    found = job(number)
    assert (found.name, found.status, found.asked_by, found.asked_by_id, found.change_set_id) == (
        "apply import",
        "todo",
        person.name,
        person.id,
        change_set,
    )
    assert found.age() < timedelta(minutes=1)
    assert (found.rate, found.remaining, found.has_ended) == (None, None, False)


def test_a_job_is_gone_with_the_transaction_that_it_belongs_to() -> None:
    number = defer()
    db.roll_back()
    assert watching.one(number) is None


def test_the_same_job_waits_once_and_the_transaction_goes_on() -> None:
    change_set = stored()
    importing.confirm_later(change_set, BY)
    with pytest.raises(WaitsAlready):
        importing.confirm_later(change_set, BY)
    assert db.session.scalar(text("SELECT count(*) FROM procrastinate_jobs")) == 1


def test_one_that_waits_ends_at_once_and_one_that_runs_is_asked_to() -> None:
    waiting, running, over = defer(), defer(), defer()
    become(running, "doing")
    become(over, "succeeded")
    assert [deferring.cancel(number) for number in (waiting, running, over)] == [True, True, False]
    assert [(job(number).status, job(number).is_to_end) for number in (waiting, running, over)] == [
        ("cancelled", True),
        ("doing", True),
        ("succeeded", False),
    ]


def test_what_has_ended_is_begun_anew_as_a_job_of_its_own() -> None:
    number = defer()
    with pytest.raises(LookupError):
        deferring.begin_anew(number, BY)
    become(number, "failed")
    again = deferring.begin_anew(number, Author("somebody else"))
    assert again != number
    assert (job(again).status, job(again).asked_by, job(number).status) == ("todo", "somebody else", "failed")


def test_progress_tells_how_fast_and_how_long_yet() -> None:
    number = defer()
    become(number, "doing")
    db.session.execute(
        text(
            "UPDATE job_progress SET began_at = now() - interval '10 s', told_at = now(), done = 500, total = 2000"
            " WHERE job_id = :number"
        ),
        {"number": number},
    )
    found = job(number)
    assert found.rate == pytest.approx(50)
    assert found.remaining is not None
    assert found.remaining.total_seconds() == pytest.approx(30)


def test_old_jobs_are_forgotten_periodic_ones_sooner(connection: Connection) -> None:
    kept, old = defer(), defer()
    for number in (kept, old):
        become(number, "succeeded")
    connection.execute(
        text("INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('default', 'periodic')")
    )
    become(connection.scalar(text("SELECT max(id) FROM procrastinate_jobs")), "succeeded")
    age = text("UPDATE procrastinate_events SET at = at - CAST(:age AS interval) WHERE job_id = ANY(:jobs)")
    everything = list(connection.scalars(text("SELECT id FROM procrastinate_jobs")))
    connection.execute(age, {"age": timedelta(days=2), "jobs": everything})
    connection.execute(age, {"age": timedelta(days=29), "jobs": [old]})
    assert deferring.forget_old() == 2
    assert list(connection.scalars(text("SELECT id FROM procrastinate_jobs"))) == [kept]


def test_an_import_that_waits_for_a_worker_is_not_declined_as_forgotten() -> None:
    waiting, forgotten = stored(), stored()
    importing.confirm_later(waiting, BY)
    db.session.execute(text("UPDATE change_sets SET created_at = created_at - interval '2 days'"))
    assert importing.decline_forgotten() == 1
    assert [db.session.get_one(ChangeSet, number).status for number in (waiting, forgotten)] == [
        "proposed",
        "rejected",
    ]


def test_an_import_that_somebody_declines_is_left_alone_by_the_worker() -> None:
    waiting, running = stored(), stored()
    numbers = [importing.confirm_later(change_set, BY) for change_set in (waiting, running)]
    become(numbers[1], "doing")
    for change_set in (waiting, running):
        importing.decline(change_set, BY)
    assert [(job(number).status, job(number).is_to_end) for number in numbers] == [
        ("cancelled", True),
        ("doing", True),
    ]


# ---- Workers that have gone ----------------------------------------------------------------------------------------


def sweep(connection: Connection) -> dict[int, str]:
    swept = connection.exec_driver_sql(sweeping.SWEEP, sweeping.facts())
    return {row.id: row.status for row in swept}


def worker(connection: Connection, unheard: int) -> int:
    born = text(
        "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => :unheard))"
        " RETURNING id"
    )
    return int(connection.scalar(born, {"unheard": unheard}))


def test_the_jobs_of_a_worker_that_is_unheard_go_back_or_end(connection: Connection) -> None:
    lives, gone = worker(connection, 10), worker(connection, 30)
    numbers = [defer() for _ in range(5)]
    facts = ({"worker_id": lives}, {"worker_id": gone}, {"worker_id": None})
    for number, held in zip(numbers, facts, strict=False):
        become(number, "doing", **held)
    become(numbers[3], "doing", worker_id=gone, attempts=sweeping.MOST_TRIES - 1)
    become(numbers[4], "doing", worker_id=gone, abort_requested=True)
    assert sweep(connection) == {
        numbers[1]: "todo",
        numbers[2]: "todo",
        numbers[3]: "failed",
        numbers[4]: "aborted",
    }
    assert (job(numbers[0]).status, job(numbers[1]).attempts) == ("doing", 1)
    assert sweep(connection) == {}


def test_a_periodic_job_of_such_a_worker_ends_for_the_next_one_comes_by_itself(
    connection: Connection,
) -> None:
    connection.execute(
        text(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, status)"
            " VALUES ('default', 'p', 'p', 'doing'), ('default', 'p', 'p', 'todo')"
        )
    )
    assert list(sweep(connection).values()) == ["failed"]
