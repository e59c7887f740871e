"""stockcode worker: do the jobs of the queue; as many workers as wanted, each job in one of them at a time."""

import logging

from webapp import environment, settings
from webapp.cli import database
from webapp.jobs import worker as jobs

log = logging.getLogger("webapp.worker")


@database.needed
def worker(*, once: bool) -> None:
    """Until somebody wishes an end; or what waits now, and what comes every minute, once."""
    loaded = settings.from_environment()
    log.info("worker started")
    try:
        jobs.run(loaded.database_url, environment.variables(), loaded.worker_grace, is_once=once)
    except jobs.AWAY as error:
        raise database.NoDatabase(f"The queue cannot be reached or used ({jobs.reason(error)}).") from None
    log.info("worker stopped")
