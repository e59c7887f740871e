"""What a job says of itself while it runs."""

from sqlalchemy import update

from tests.jobs.conftest import Queue
from webapp import db
from webapp.jobs.telling import Telling
from webapp.models.jobs import job_queue
from webapp.services.changes.row_writing import COMPARING, ROWS


def test_what_is_counted_next_begins_at_once_and_its_time_counts_anew(queue: Queue) -> None:
    _change_set, number = queue.deferred()
    with db.transaction():
        db.session.execute(update(job_queue.JOBS).values(status="doing"))
    telling = Telling(queue.engine, number)
    telling.begin()
    telling.tell(0, 2000)
    telling.tell(1000, 2000)
    began = queue.job(number).began_at
    assert began is not None

    telling.tell(0, 100, COMPARING)
    comparing = queue.job(number)
    assert (comparing.done, comparing.total, comparing.counted) == (0, 100, COMPARING)
    assert comparing.began_at is not None
    assert comparing.began_at > began
    assert comparing.rate is None

    telling.tell(100, 100, COMPARING)
    telling.tell(0, 10)
    writing = queue.job(number)
    assert (writing.done, writing.total, writing.counted) == (0, 10, ROWS)
