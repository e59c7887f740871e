"""The process that does jobs, one after the other: python -m webapp.jobs.child, started by a worker.

A line of JSON names a job, a line of JSON says what came of it. SIGTERM ends the job, not the process; the end of what
it is told ends both, so that nothing is done for a worker that has gone.
"""

import json
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from queue import SimpleQueue
from types import FrameType
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import OperationalError, SQLAlchemyError

import webapp.models  # noqa: F401 - every table is known before the first is asked for
from webapp import db, logs, settings, silence, sqlstates
from webapp.jobs.deferred import DEFERRED, Asked, NotDone
from webapp.jobs.periodic import PERIODIC
from webapp.jobs.telling import Telling
from webapp.lists import returning
from webapp.models.jobs import job_queue
from webapp.models.jobs.job_progress import JobProgress
from webapp.models.user import User
from webapp.rules.findings import Finding
from webapp.services import releasing
from webapp.services.changes.proposals import Author
from webapp.services.intake.importing import AnotherImport
from webapp.services.queueing import deferring

# Within a second of its end the server lets go of what a killed process held.
LOCALLY: dict[str, str] = {
    "client_connection_check_interval": "500ms",
    "idle_in_transaction_session_timeout": "900s",
    # Jobs write many rows, each of which triggers and foreign keys look at.
    "plan_cache_mode": "auto",
}

log = logging.getLogger("webapp.jobs")


class Ended(KeyboardInterrupt):
    """The job is to end: what it waits for in the database is cancelled there, as psycopg does for Ctrl-C."""


def do(number: int, name: str) -> dict[str, Any]:
    """Do one job and say what came of it: done, refused, later (with a reason), failed or ended."""
    began = time.perf_counter()
    telling = Telling(db.session.get_bind().engine, number)
    try:
        releasing.require()
        telling.begin()
        result = _done(number, name, telling)
    except releasing.Unreleased as refusal:
        log.warning("job left for later: %s", refusal, extra={"job": name})
        return {"state": "later"}
    except AnotherImport:
        log.info("job left for later: another import is at it", extra={"job": name})
        return {"state": "later"}
    except NotDone as refusal:
        telling.end(refusal.findings)
        log.warning("job refused", extra={"job": name, "number": number})
        return {"state": "refused"}
    except Ended:
        return {"state": "ended"}
    except Exception as error:  # whatever a job raises is its own end, and no end of the process
        log.exception("job failed", extra={"job": name, "number": number})
        _tell_error(telling, error)
        return {"state": "failed", "is_passing": _is_passing(error), "kind": type(error).__name__}
    finally:
        silence.give_back(db.session)
    elapsed = round((time.perf_counter() - began) * 1000, 1)
    log.info("job done", extra={"job": name, "result": result, "ms": elapsed})
    return {"state": "done"}


def _tell_error(telling: Telling, error: Exception) -> None:
    """Say its kind, as its own words may quote a row; where the database is away, nobody can be told."""
    kind = sqlstates.of(error) or type(error).__name__
    with suppress(SQLAlchemyError):
        telling.end([Finding(None, "It ended with an error (%(kind)s); the log says where.", {"kind": kind})])


def _done(number: int, name: str, telling: Telling) -> object:
    if (periodic := PERIODIC.get(name)) is not None:
        with db.transaction():
            _take_time()
            return periodic()
    work = DEFERRED.get(name)
    facts = db.session.get(JobProgress, number)
    if work is None or facts is None:
        raise NotDone([Finding(None, "This release knows no such job.")])
    arguments = _arguments(number)
    by = _author(arguments.get(deferring.ACCOUNT), facts.asked_by)
    asked = Asked(by, facts.change_set_id, facts.upload_id, arguments, telling.tell)
    _take_time()
    remarks: Sequence[Finding] = work(asked)
    telling.end(remarks)
    return len(remarks)


def _arguments(number: int) -> Mapping[str, Any]:
    jobs = job_queue.JOBS
    arguments: Mapping[str, Any] = db.session.scalars(select(jobs.c.args).where(jobs.c.id == number)).one()
    return arguments


def _author(account: int | None, name: str) -> Author:
    """Who asked for the job, in the role that they have now; the command line has no account."""
    if account is None:
        return Author(name)
    person = db.session.get(User, account)
    return Author(name, account, person.role if person is not None and person.is_active else None)


def _take_time() -> None:
    """Let this transaction take as long as jobs may."""
    db.let_statements_take(silence.SECONDS_OF_A_LONG_STATEMENT)
    db.set_locally(LOCALLY)


def _is_passing(error: BaseException) -> bool:
    """Whether it may go better next time: the database was away, full or busy."""
    if not isinstance(error, SQLAlchemyError):
        return False
    state = sqlstates.of(error)
    return state.startswith(sqlstates.OF_PASSING_TROUBLE) if state else isinstance(error, OperationalError)


class Ending:
    """SIGTERM: ends a job that is being done; what comes in between ends the next one, which was asked for by then."""

    def __init__(self) -> None:
        self._is_doing = False

    def heed(self, _number: int, _frame: FrameType | None) -> None:
        if self._is_doing:
            self._is_doing = False
            raise Ended

    def do(self, job: Mapping[str, Any]) -> dict[str, Any]:
        try:
            self._is_doing = True
            reply = do(job["number"], job["name"])
            self._is_doing = False
        except Ended:
            return {"state": "ended"}
        return reply


def _read(lines: "SimpleQueue[str]") -> None:
    for line in sys.stdin:
        lines.put(line)
    # The worker has gone, perhaps by kill -9: the database takes back what is under way.
    os._exit(0)


def main() -> None:
    """Do jobs until there is nobody to do them for."""
    with os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8") as replies:
        # What anything prints is no reply.
        os.dup2(2, 1)
        loaded = settings.from_environment()
        logs.configure(is_production=loaded.is_production)
        db.bind(db.make_engine(loaded.database_url, application_name="stockcode-job"))
        returning.declare()
        ending = Ending()
        signal.signal(signal.SIGTERM, ending.heed)
        lines: SimpleQueue[str] = SimpleQueue()
        threading.Thread(target=_read, args=(lines,), daemon=True).start()
        while True:
            replies.write(json.dumps(ending.do(json.loads(lines.get()))) + "\n")


if __name__ == "__main__":
    main()
