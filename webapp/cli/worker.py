"""stockcode worker: do the periodic jobs; as many workers as wanted, each job in one of them at a time."""

import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import FrameType

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from webapp import db
from webapp.cli import database
from webapp.jobs.periodic import PERIODIC
from webapp.services import releasing

SECONDS_BETWEEN_ROUNDS = 60.0
# hashtextextended: one number for a name, the same in every process; the seed keeps it apart from other locks.
CLAIM = text("SELECT pg_try_advisory_xact_lock(hashtextextended(:job, 7974))")

log = logging.getLogger("webapp.worker")

Jobs = Mapping[str, Callable[[], object]]


@database.needed
def worker(*, once: bool) -> None:
    """One round, or a round a minute until somebody wishes an end."""
    if once:
        do_round(PERIODIC)
        return
    with _wish_to_stop() as stop:
        log.info("worker started", extra={"jobs": sorted(PERIODIC)})
        while not stop.is_set():
            do_round(PERIODIC)
            stop.wait(SECONDS_BETWEEN_ROUNDS)
    log.info("worker stopped")


def do_round(jobs: Jobs) -> None:
    """Every job in a transaction of its own; one that fails is logged and tried again next round."""
    for name, job in jobs.items():
        began = time.perf_counter()
        try:
            releasing.require()
            with db.transaction():
                if not db.session.scalar(CLAIM, {"job": name}):
                    continue  # another worker is at it
                result = job()
            elapsed = round((time.perf_counter() - began) * 1000, 1)
            log.info("job done", extra={"job": name, "result": result, "ms": elapsed})
        except releasing.Unreleased as refusal:
            log.warning("job left for later: %s", refusal, extra={"job": name})
        except SQLAlchemyError:
            log.exception("job failed", extra={"job": name})
        finally:
            db.forget()


@contextmanager
def _wish_to_stop() -> Iterator[threading.Event]:
    """Set by SIGTERM or Ctrl-C."""
    stop = threading.Event()

    def wish(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, wish) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
