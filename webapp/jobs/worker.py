"""A worker: takes jobs from the queue, has its child do them, says that it lives, and gives back what others left."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import psycopg
from procrastinate import App, BaseRetryStrategy, JobContext, PsycopgConnector, RetryDecision
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException, JobAborted
from procrastinate.job_context import AbortReason
from procrastinate.jobs import Job
from procrastinate.utils import utcnow
from psycopg_pool import PoolTimeout
from sqlalchemy.engine import URL

from webapp.jobs import healthcheck
from webapp.jobs.deferred import DEFERRED
from webapp.jobs.handing_over import Child
from webapp.jobs.periodic import AT_NIGHT, PERIODIC
from webapp.services.queueing import sweeping

EVERY_MINUTE = "* * * * *"
SECONDS_BETWEEN_SWEEPS = 60.0
# With LISTEN a job is taken at once, and asked for only in case a word was lost; a pooler passes no word on.
SECONDS_BETWEEN_LOOKS, SECONDS_BETWEEN_LOOKS_WHEN_POOLED = 5.0, 1.0
# A cancel is heeded within two seconds, of which ending the job may take one.
SECONDS_BETWEEN_LOOKS_FOR_CANCELS = 0.5
SECONDS_WITHOUT_DATABASE = 5.0
SECONDS_TO_CONNECT = 10.0
MINUTES_LEFT_FOR_LATER = 1
# What comes after the grace, such as saying goodbye to a database that does not answer.
SECONDS_OF_GOODBYE = 5.0
AWAY = (ConnectorException, psycopg.Error, PoolTimeout, OSError)

log = logging.getLogger("webapp.worker")


class Left(Exception):
    """The job is to be begun anew at once: its worker is being stopped."""


class LeftForLater(Exception):
    """The database is not at this code's revision yet."""


class Passing(Exception):
    """The job failed, and may go better next time."""


class Failed(Exception):
    """The job failed, or was refused, for good."""


class Patience(BaseRetryStrategy):
    """Which jobs are begun anew, and when."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        match exception:
            case Left():
                return RetryDecision(retry_at=utcnow())
            case LeftForLater():
                return RetryDecision(retry_at=utcnow() + timedelta(minutes=MINUTES_LEFT_FOR_LATER))
            case Passing() if job.attempts + 1 < sweeping.MOST_TRIES:
                return RetryDecision(retry_at=utcnow() + timedelta(seconds=5 * 4**job.attempts))
        return None


@dataclass(frozen=True, slots=True)
class Worker:
    """Where the queue is, in how many seconds a job is left when the worker stops, and who does the jobs."""

    url: URL
    grace: float
    child: Child
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    async def work(self) -> None:
        """Until it is told to stop; a database that goes away is waited for."""
        while not self.stop.is_set():
            try:
                await self._serve(is_once=False)
            except AWAY as error:
                log.warning("the queue cannot be reached or used (%s)", reason(error))
            if not self.stop.is_set():
                with contextlib.suppress(TimeoutError):  # then it is tried again
                    await asyncio.wait_for(self.stop.wait(), SECONDS_WITHOUT_DATABASE)

    async def work_once(self) -> None:
        """Do what waits now and what comes every minute, then end. Raises what `AWAY` names."""
        await self._serve(is_once=True)

    async def _serve(self, *, is_once: bool) -> None:
        is_pooled = await _is_pooled(self._address)
        app = self._app(is_pooled=is_pooled)
        async with app.open_async():
            await sweep(app)
            if is_once:
                for name in PERIODIC:
                    with contextlib.suppress(AlreadyEnqueued):  # another worker has done so
                        await app.tasks[name].defer_async()
            look = SECONDS_BETWEEN_LOOKS_WHEN_POOLED if is_pooled else SECONDS_BETWEEN_LOOKS
            running = app.run_worker_async(
                wait=not is_once,
                install_signal_handlers=False,
                listen_notify=not is_pooled,
                fetch_job_polling_interval=look,
                abort_job_polling_interval=SECONDS_BETWEEN_LOOKS_FOR_CANCELS,
                shutdown_graceful_timeout=self.grace,
                update_heartbeat_interval=sweeping.SECONDS_BETWEEN_SIGNS,
                stalled_worker_timeout=sweeping.SECONDS_UNHEARD,
            )
            await self._until_stopped(asyncio.create_task(running), asyncio.create_task(_sweep_often(app)))

    async def _until_stopped(self, serving: asyncio.Task[None], sweeping_on: asyncio.Task[None]) -> None:
        stopped = asyncio.create_task(self.stop.wait())
        try:
            await asyncio.wait((serving, stopped), return_when=asyncio.FIRST_COMPLETED)
            serving.cancel()  # which begins its grace; what has ended already minds nothing
            with contextlib.suppress(asyncio.CancelledError):  # it was we who cancelled it
                await asyncio.wait_for(
                    asyncio.shield(serving), self.grace + SECONDS_OF_GOODBYE if stopped.done() else None
                )
        finally:
            for task in (stopped, sweeping_on):
                task.cancel()
            await asyncio.gather(stopped, sweeping_on, return_exceptions=True)

    @property
    def _address(self) -> str:
        return self.url.set(drivername="postgresql").render_as_string(hide_password=False)

    def _app(self, *, is_pooled: bool) -> App:
        """The queue with every job that there is, each done by the child."""
        settings: dict[str, Any] = {
            "application_name": healthcheck.APPLICATION,
            "connect_timeout": int(SECONDS_TO_CONNECT),
        }
        # A pooler knows no options, and no statement that another session has prepared.
        if is_pooled:
            settings["prepare_threshold"] = None
        else:
            settings["options"] = "-c statement_timeout=30s -c lock_timeout=10s -c timezone=UTC"
        pool: dict[str, Any] = {"min_size": 1, "max_size": 3, "timeout": SECONDS_TO_CONNECT}
        app = App(connector=PsycopgConnector(conninfo=self._address, kwargs=settings, **pool))
        for name in DEFERRED:
            app.task(name=name, pass_context=True, retry=Patience())(self._do)
        for name in PERIODIC:
            # One of them waits at most, and one is done at a time, however many workers there are.
            app.task(name=name, pass_context=True, lock=name, queueing_lock=name)(self._do)
            app.periodic(cron=AT_NIGHT.get(name, EVERY_MINUTE), periodic_id=name)(app.tasks[name])
        return app

    async def _do(self, context: JobContext, /, **_arguments: Any) -> None:
        number = context.job.id
        assert number is not None
        try:
            reply = await self.child.do(number, context.job.task_name)
        except asyncio.CancelledError:
            if context.abort_reason() is AbortReason.USER_REQUEST:
                raise JobAborted from None
            raise Left from None
        _heed(reply)


def _heed(reply: Mapping[str, Any]) -> None:
    """Raise what the queue is to be told of a job; nothing where it is done."""
    match reply["state"]:
        case "done":
            return
        case "later":
            raise LeftForLater
        case "ended":
            raise JobAborted
        case "failed" if reply["is_passing"]:
            raise Passing(reply["kind"])
    raise Failed(reply.get("kind", "refused"))


async def sweep(app: App) -> list[dict[str, Any]]:
    """Give back, or end, the jobs whose workers have gone; which those were."""
    swept = await app.connector.execute_query_all_async(sweeping.SWEEP, **sweeping.facts())
    for job in swept:
        log.warning(
            "job of a lost worker", extra={"number": job["id"], "job": job["task_name"], "now": job["status"]}
        )
    return swept


async def _sweep_often(app: App) -> None:
    while True:
        await asyncio.sleep(SECONDS_BETWEEN_SWEEPS)
        try:
            await sweep(app)
        except AWAY as error:
            log.warning("the sweep failed", extra={"kind": type(error).__name__})


async def _is_pooled(address: str) -> bool:
    """Whether a pooler stands in front of the server: it hands out a number of its own, and takes no LISTEN."""
    connecting = psycopg.AsyncConnection.connect(
        address, connect_timeout=int(SECONDS_TO_CONNECT), autocommit=True, prepare_threshold=None
    )
    async with await connecting as connection:
        cursor = await connection.execute("SELECT pg_backend_pid()")
        return await cursor.fetchone() != (connection.info.backend_pid,)


def reason(error: BaseException) -> str:
    """In one word why the queue cannot be reached; an error's own text may quote the address."""
    return getattr(error.__cause__, "sqlstate", None) or "no answer"


def run(url: URL, environment: Mapping[str, str], grace: int, *, is_once: bool) -> None:
    """Work in this process; SIGTERM and Ctrl-C stop it, and what it is at is left within its grace."""
    asyncio.run(_run(url, environment, grace, is_once=is_once))


async def _run(url: URL, environment: Mapping[str, str], grace: int, *, is_once: bool) -> None:
    child = Child(environment)
    worker = Worker(url, grace, child)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, worker.stop.set)
    try:
        await (worker.work_once() if is_once else worker.work())
    finally:
        await child.stop()
