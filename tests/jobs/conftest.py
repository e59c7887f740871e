"""A database of its own for the queue: workers are processes, and see only what is committed."""

import asyncio
import json
import sys
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest
from sqlalchemy import Engine, select, text, update
from sqlalchemy.engine import URL

from webapp import db
from webapp.jobs.handing_over import Child
from webapp.models.change_set import ChangeSet
from webapp.models.company import Company
from webapp.models.jobs import job_queue
from webapp.services import releasing
from webapp.services.changes import door, proposing
from webapp.services.changes.proposals import Author, Intent, Wish
from webapp.services.intake import importing
from webapp.services.queueing import watching
from webapp.services.queueing.watching import Job

Answer = TypeVar("Answer")
AUTHOR = Author("an operator")
# A child that answers as a test says, or waits, or ends; what comes every minute is done at once.
SCRIPTED = """
import json, os, signal, sys, time
if sys.argv[2] == "deaf":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
for line in sys.stdin:
    if json.loads(line)["name"] != "apply import":
        print('{"state": "done"}', flush=True)
        continue
    if sys.argv[1] == "die":
        os._exit(9)
    if sys.argv[1] == "wait":
        time.sleep(60)
    print(sys.argv[1], flush=True)
"""


@dataclass(frozen=True, slots=True)
class Queue:
    """The queue's database, and what is in it."""

    url: URL
    engine: Engine

    def import_(self, name: str = "新しい会社") -> int:
        """An import of one company that waits for a decision; its change set's number."""
        wish = Wish(Company, "create", {"name_ja": name, "edinet_code": "E90001"})
        number = door.settle(
            lambda: door.store(proposing.propose([wish], Intent("import", AUTHOR, "a test"))).id
        )
        assert isinstance(number, int)
        return number

    def deferred(self, by: Author = AUTHOR) -> tuple[int, int]:
        """Such an import that a worker is to write: its change set and its job."""
        number = self.import_()
        with db.transaction():
            job = importing.confirm_later(number, by)
        return number, job

    def job(self, number: int) -> Job:
        db.session.rollback()
        job = watching.one(number)
        assert job is not None
        return job

    def status(self, number: int) -> str:
        db.session.rollback()
        return db.session.get_one(ChangeSet, number).status

    def names(self) -> list[str]:
        db.session.rollback()
        return list(db.session.scalars(select(Company.name_ja)))

    def take(self, number: int, *, seconds_unheard: int) -> None:
        """The job as a worker holds it from which nothing has been heard for so long."""
        with db.transaction():
            worker = db.session.scalar(
                text(
                    "INSERT INTO procrastinate_workers (last_heartbeat)"
                    " VALUES (now() - make_interval(secs => :unheard)) RETURNING id"
                ),
                {"unheard": seconds_unheard},
            )
            db.session.execute(
                update(job_queue.JOBS)
                .where(job_queue.JOBS.c.id == number)
                .values(status="doing", worker_id=worker)
            )


@pytest.fixture(scope="session")
def queue_url(new_database: Callable[[], URL]) -> URL:
    """At the newest revision: what the models declare is what the revisions make."""
    url = new_database()
    engine = db.make_engine(url, application_name="test")
    with engine.begin() as connection:
        db.Base.metadata.create_all(connection)
        connection.execute(text("CREATE TABLE alembic_version (version_num varchar(32) NOT NULL)"))
        newest = {"revision": releasing.shipped().wanted}
        connection.execute(text("INSERT INTO alembic_version VALUES (:revision)"), newest)
    engine.dispose()
    return url


@pytest.fixture
def queue(queue_url: URL, engine: Engine) -> Iterator[Queue]:
    """The session speaks to the queue's database; nothing stays in it."""
    own = db.make_engine(queue_url, application_name="test")
    db.bind(own)
    yield Queue(queue_url, own)
    db.session.rollback()
    with own.begin() as connection:
        for table in ("job_progress", "procrastinate_periodic_defers", "procrastinate_jobs"):
            connection.execute(text(f"DELETE FROM {table}"))
        connection.execute(text("DELETE FROM steward_values"))
        connection.execute(text("DELETE FROM change_set_items"))
        connection.execute(text("DELETE FROM change_sets"))
        connection.execute(text("DELETE FROM companies"))
        connection.execute(text("DELETE FROM users"))
    db.bind(engine)
    own.dispose()


def scripted(reply: dict[str, Any] | str, *, is_deaf: bool = False) -> Child:
    """A child that answers so, or `wait`s or `die`s; a deaf one minds no SIGTERM, as a long call in C."""
    said = reply if isinstance(reply, str) else json.dumps(reply)
    return Child({}, (sys.executable, "-IS", "-c", SCRIPTED, said, "deaf" if is_deaf else ""))


def apart(working: Coroutine[Any, Any, Answer]) -> Answer:
    """Run it in a thread of its own: in that of the tests runs the loop of a browser, once one has been opened."""

    async def work() -> Answer:
        try:
            return await working
        finally:
            db.session.remove()  # the thread's

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(work())).result()
