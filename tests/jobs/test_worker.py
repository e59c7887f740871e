"""A worker does each job once, lives through what its child does, and leaves nothing undone or half done behind."""

import asyncio
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.installation import STOCKCODE
from tests.jobs.conftest import AUTHOR, Queue, apart, scripted
from tests.migrations import servers
from tests.processes import wait_until_gone
from webapp import db, sqlstates
from webapp.jobs import child as one
from webapp.jobs import handing_over, healthcheck, worker
from webapp.jobs.handing_over import Child
from webapp.jobs.worker import Worker
from webapp.services.intake import importing
from webapp.services.queueing import deferring, sweeping

SECONDS = 20.0
DONE = {"state": "done"}


def working(
    queue: Queue, child: Child, meanwhile: Callable[[Worker], Awaitable[None]], grace: float = 0
) -> float:
    """Let a worker work until what is done meanwhile has ended; in how many seconds it has stopped."""

    async def work() -> float:
        one = Worker(queue.url, grace, child)
        serving = asyncio.create_task(one.work())
        try:
            await meanwhile(one)
        finally:
            began = time.monotonic()
            one.stop.set()
            await serving
            await child.stop()
        return time.monotonic() - began

    return apart(work())


async def becomes(queue: Queue, job: int, status: str) -> float:
    """Wait until the job is of this status; after how many seconds it was."""
    began = time.monotonic()
    while queue.job(job).status != status:
        assert time.monotonic() - began < SECONDS, queue.job(job)
        await asyncio.sleep(0.02)
    return time.monotonic() - began


def test_a_job_is_taken_as_soon_as_it_is_committed(queue: Queue) -> None:
    async def meanwhile(_worker: Worker) -> None:
        await asyncio.sleep(0.3)
        _, job = queue.deferred()
        assert await becomes(queue, job, "succeeded") < 2.0

    working(queue, scripted(DONE), meanwhile)


def test_a_cancel_is_heeded_within_two_seconds_by_a_child_that_hears_nothing(queue: Queue) -> None:
    _, job = queue.deferred()

    async def meanwhile(_worker: Worker) -> None:
        await becomes(queue, job, "doing")
        await asyncio.sleep(0.2)
        with db.transaction():
            assert deferring.cancel(job)
        assert await becomes(queue, job, "aborted") < 2.0

    working(queue, scripted("wait", is_deaf=True), meanwhile)


def test_behind_a_pooler_which_passes_on_no_word_the_queue_is_looked_at_each_second(queue: Queue) -> None:
    is_there = shutil.which("pgbouncer", path=servers.PATH) is not None
    servers.require(is_there, "pgbouncer", "A WORKER BEHIND A POOLER")
    with servers.pooler(queue.url) as address:
        _, waiting = queue.deferred()

        async def meanwhile(one: Worker) -> None:
            await becomes(queue, waiting, "doing")
            await asyncio.sleep(0.2)
            with db.transaction():
                deferring.cancel(waiting)
            assert await becomes(queue, waiting, "aborted") < 2.0
            with db.transaction():
                again = deferring.begin_anew(waiting, AUTHOR)
            assert await becomes(queue, again, "doing") < 2.0

        working(replace(queue, url=address), scripted("wait"), meanwhile)


def test_a_worker_says_that_it_lives_while_its_child_is_in_a_long_call(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "SECONDS_BETWEEN_SIGNS", 0.1)
    monkeypatch.setattr(sweeping, "SECONDS_UNHEARD", 0.5)
    monkeypatch.setattr(handing_over, "SECONDS_TO_END", 0.1)
    _, job = queue.deferred()

    async def meanwhile(_worker: Worker) -> None:
        await becomes(queue, job, "doing")
        await asyncio.sleep(0.8)
        with db.transaction():
            swept = db.session.connection().exec_driver_sql(sweeping.SWEEP, sweeping.facts()).all()
        assert swept == []

    working(queue, scripted("wait", is_deaf=True), meanwhile)


def test_a_worker_that_stops_gives_its_job_the_grace_and_then_back_to_the_queue(queue: Queue) -> None:
    _, job = queue.deferred()

    async def meanwhile(_worker: Worker) -> None:
        await becomes(queue, job, "doing")

    assert 0.3 <= working(queue, scripted("wait"), meanwhile, grace=0.3) < 0.3 + 2.0
    assert (queue.job(job).status, queue.job(job).attempts) == ("todo", 1)


def test_a_worker_is_healthy_while_it_says_that_it_lives(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "SECONDS_BETWEEN_SIGNS", 0.1)

    async def meanwhile(_worker: Worker) -> None:
        for _try in range(100):
            if healthcheck.is_healthy(queue.url):
                break
            await asyncio.sleep(0.1)
        assert healthcheck.is_healthy(queue.url)
        monkeypatch.setattr(sweeping, "SECONDS_UNHEARD", 0.0)
        assert not healthcheck.is_healthy(queue.url)

    assert not healthcheck.is_healthy(queue.url)
    working(queue, scripted(DONE), meanwhile)
    monkeypatch.setattr(sweeping, "SECONDS_UNHEARD", 60.0)
    assert not healthcheck.is_healthy(queue.url)
    assert not healthcheck.is_healthy(queue.url.set(database="nothing"))


def test_two_workers_share_the_jobs_and_each_is_done_once(queue: Queue) -> None:
    with db.transaction():
        jobs = [deferring.defer(importing.APPLY, AUTHOR, {}) for _each in range(6)]

    async def work() -> None:
        children = [scripted(DONE) for _each in range(2)]
        await asyncio.gather(*(Worker(queue.url, 0, child).work_once() for child in children))
        for child in children:
            await child.stop()

    apart(work())
    assert {queue.job(job).status for job in jobs} == {"succeeded"}
    begun = "SELECT count(*) FROM procrastinate_events WHERE type = 'started' AND job_id = ANY(:jobs)"
    assert db.session.scalar(text(begun), {"jobs": jobs}) == len(jobs)


def test_a_child_that_dies_is_followed_by_another_and_its_job_is_tried_again(queue: Queue) -> None:
    _, job = queue.deferred()

    async def meanwhile(_worker: Worker) -> None:
        while queue.job(job).attempts == 0:
            await asyncio.sleep(0.02)

    working(queue, scripted("die"), meanwhile)
    assert queue.job(job).status == "todo"


@pytest.mark.parametrize(
    ("reply", "status"),
    [
        (DONE, "succeeded"),
        ({"state": "refused"}, "failed"),
        ({"state": "failed", "is_passing": False, "kind": "KeyError"}, "failed"),
        ({"state": "failed", "is_passing": True, "kind": "OperationalError"}, "todo"),
        ({"state": "later"}, "todo"),
        ({"state": "ended"}, "aborted"),
    ],
    ids=lambda value: value if isinstance(value, str) else value["state"],
)
def test_what_came_of_a_job_is_its_status(queue: Queue, reply: dict[str, object], status: str) -> None:
    _, job = queue.deferred()

    async def once() -> None:
        child = scripted(reply)
        await Worker(queue.url, 0, child).work_once()
        await child.stop()

    apart(once())
    assert (queue.job(job).status, queue.job(job).attempts) == (status, 1)


@pytest.mark.parametrize(
    ("database", "reason"),
    [("nothing_of_this_name", "no answer"), ("template1", sqlstates.UNDEFINED_TABLE)],
    ids=["away", "before its first release"],
)
def test_a_database_that_is_not_there_yet_is_waited_for(
    queue: Queue,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    database: str,
    reason: str,
) -> None:
    monkeypatch.setattr(worker, "SECONDS_WITHOUT_DATABASE", 0.1)
    _, job = queue.deferred()
    away = queue.url.set(database=database)

    async def work() -> None:
        child = scripted(DONE)
        one = Worker(away, 0, child)
        serving = asyncio.create_task(one.work())
        await asyncio.sleep(0.3)
        assert not serving.done()
        one.stop.set()
        await serving
        await Worker(queue.url, 0, child).work_once()
        await child.stop()

    apart(work())
    assert queue.job(job).status == "succeeded"
    said = {record.getMessage() for record in caplog.records if record.name == worker.log.name}
    assert said == {f"the queue cannot be reached or used ({reason})"}


# ---- The command ---------------------------------------------------------------------------------------------------


@contextmanager
def launched(queue: Queue, *words: str) -> Iterator["subprocess.Popen[str]"]:
    """A worker in a process of its own, which is gone at the end."""
    environment = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": queue.url.render_as_string(hide_password=False),
        "SECRET_KEY": "0" * 32,
        "APP_ENV": "local",
        "WORKER_GRACE": "0",
    }
    command = [STOCKCODE, "worker", *words]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def test_the_command_writes_an_import_and_does_what_comes_every_minute(queue: Queue) -> None:
    with db.transaction():
        db.session.execute(
            text(
                "INSERT INTO login_attempts (account_key, address_key, attempted_at)"
                " VALUES (repeat('a', 64), repeat('b', 64), now() - interval '1 year')"
            )
        )
    number, job = queue.deferred()
    with launched(queue, "--once") as process:
        _, said = process.communicate(timeout=SECONDS)
    assert (process.returncode, said) == (0, "")
    assert (queue.status(number), queue.names()) == ("applied", ["新しい会社"])
    done = queue.job(job)
    assert (done.status, done.done, done.total, done.has_ended) == ("succeeded", 1, 1, True)
    assert db.session.scalar(text("SELECT count(*) FROM login_attempts")) == 0


def test_a_worker_that_is_killed_leaves_nothing_half_done_and_no_job_undone(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, cancelled = queue.deferred()
    with queue.engine.connect() as other, launched(queue) as process:
        # Jobs wait in the database, in the middle of their transaction.
        other.execute(text("LOCK TABLE companies IN SHARE MODE"))
        wait_until_waiting(1)
        with db.transaction():
            deferring.cancel(cancelled)
        assert apart(becomes(queue, cancelled, "aborted")) < 2.0
        wait_until_waiting(0)
        with db.transaction():
            job = deferring.begin_anew(cancelled, AUTHOR)
        wait_until_waiting(1)
        (child,) = children_of(process.pid)
        # What each has for itself: some 55, of which most is what SQLAlchemy and our tables take.
        assert max(map(private_megabytes, (process.pid, child))) < 80
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=SECONDS)
        wait_until_gone(child)
        wait_until_waiting(0)
        other.rollback()
    assert (queue.status(number), queue.names(), queue.job(job).status) == ("proposed", [], "doing")
    monkeypatch.setattr(sweeping, "SECONDS_UNHEARD", 0.0)
    with db.transaction():
        db.session.connection().exec_driver_sql(sweeping.SWEEP, sweeping.facts())
    assert queue.job(job).status == "todo"
    assert one.do(job, importing.APPLY) == DONE
    assert (queue.status(number), queue.names()) == ("applied", ["新しい会社"])


def wait_until_waiting(sessions: int) -> None:
    """Wait until so many wait for the table of companies."""
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'companies'::regclass")
    until = time.monotonic() + SECONDS
    while db.session.scalar(waiting) != sessions:
        assert time.monotonic() < until
        db.session.rollback()
        time.sleep(0.02)
    db.session.rollback()


def private_megabytes(pid: int) -> float:
    """What a process has for itself (proc_pid_smaps_rollup(5))."""
    said = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return sum(int(line.split()[1]) for line in said.splitlines() if line.startswith("Private_")) / 1024


def children_of(pid: int) -> list[int]:
    with suppress(FileNotFoundError), open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return [int(child) for child in file.read().split()]
    return []


def test_an_address_that_leads_nowhere_is_one_line_and_exit_code_four(queue: Queue) -> None:
    nowhere = replace(queue, url=queue.url.set(database="nothing_of_this_name"))
    with launched(nowhere, "--once") as process:
        _, said = process.communicate(timeout=SECONDS)
    assert (process.returncode, said) == (4, "The queue cannot be reached or used (no answer).\n")
