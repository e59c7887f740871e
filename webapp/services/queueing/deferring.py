"""Put a job into the queue, end one, begin one anew; each on the session's own connection, in its transaction.

What the job is to do stands in `webapp.jobs`; here it is a name, so that services need not know it.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from procrastinate import App, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued
from sqlalchemy import ColumnElement, func, select, text

from webapp import db
from webapp.models.jobs import job_queue
from webapp.models.jobs.job_progress import JobProgress
from webapp.services.changes.proposals import Author

# Never opened: it has no connection of its own, and is given the session's.
APP = App(connector=SyncPsycopgConnector())
# Among a job's arguments: the account of whoever asked for it; None for the command line.
ACCOUNT = "account"
KEPT_FOR = timedelta(days=30)
# What comes again every minute is nothing to look up later.
PERIODIC_KEPT_FOR = timedelta(hours=1)

ENDED_BEFORE = text("""
    DELETE FROM procrastinate_jobs j
    WHERE j.status NOT IN ('todo', 'doing')
      AND (SELECT max(at) FROM procrastinate_events e WHERE e.job_id = j.id)
          < now() - CASE WHEN EXISTS (SELECT FROM job_progress p WHERE p.job_id = j.id)
                         THEN CAST(:kept AS interval) ELSE CAST(:periodic AS interval) END
""")


class WaitsAlready(Exception):
    """The very same job waits already, and will be done once."""


def defer(
    name: str,
    by: Author,
    arguments: Mapping[str, Any],
    *,
    change_set_id: int | None = None,
    upload_id: int | None = None,
) -> int:
    """Let a worker do this once the transaction is committed; the job's number. Raises WaitsAlready.

    Two jobs of one name and one change set, or one upload, are never done at the same time.
    """
    of = upload_id if change_set_id is None else change_set_id
    lock = None if of is None else f"{name} {of}"
    # The account as it is now, and the rights that it has then, are what counts when the job is done.
    facts = {**arguments, ACCOUNT: by.user_id}
    try:
        # A savepoint: a job that waits already must not end the transaction that it belongs to.
        with db.session.begin_nested():
            number = APP.configure_task(
                name, allow_unknown=True, lock=lock, queueing_lock=lock, connection=_connection()
            ).defer(**facts)
    except AlreadyEnqueued as error:
        raise WaitsAlready(name) from error
    about = {"change_set_id": change_set_id, "upload_id": upload_id}
    db.session.add(JobProgress(job_id=number, asked_by_id=by.user_id, asked_by=by.name, **about))
    db.session.flush()
    return number


def cancel(number: int) -> bool:
    """End a job that waits, or ask the worker that is at it to; False where it has ended already."""
    with db.session.begin_nested():
        return APP.job_manager.cancel_job_by_id(number, abort=True, connection=_connection())


def cancel_of(change_set_id: int) -> bool:
    """End what waits, or runs, to write or undo a change set; False where there is nothing such."""
    return _cancel_all(JobProgress.change_set_id == change_set_id)


def cancel_of_upload(upload_id: int) -> bool:
    """End what waits, or runs, to compare an upload; False where there is nothing such."""
    return _cancel_all(JobProgress.upload_id == upload_id)


def _cancel_all(condition: ColumnElement[bool]) -> bool:
    jobs = job_queue.JOBS
    waiting = (
        select(jobs.c.id)
        .join(JobProgress, JobProgress.job_id == jobs.c.id)
        .where(condition, jobs.c.status.in_((job_queue.TODO, job_queue.DOING)))
    )
    is_heeded = [cancel(number) for number in db.session.scalars(waiting).all()]
    return any(is_heeded)


def begin_anew(number: int, by: Author) -> int:
    """Defer a job that has ended, once more; the new job's number.

    Raises LookupError where there is none such, and WaitsAlready.
    """
    jobs = job_queue.JOBS
    has_ended = jobs.c.status.not_in((job_queue.TODO, job_queue.DOING))
    old = db.session.execute(
        select(jobs.c.task_name, jobs.c.args, JobProgress.change_set_id, JobProgress.upload_id)
        .join(JobProgress, JobProgress.job_id == jobs.c.id)
        .where(jobs.c.id == number, has_ended)
    ).one_or_none()
    if old is None:
        raise LookupError(number)
    of_what = {"change_set_id": old.change_set_id, "upload_id": old.upload_id}
    return defer(old.task_name, by, old.args, **of_what)


def forget_old() -> int:
    """Forget jobs that ended long ago; how many there were."""
    result: Any = db.session.execute(ENDED_BEFORE, {"kept": KEPT_FOR, "periodic": PERIODIC_KEPT_FOR})
    return int(result.rowcount)


def is_waited_for(change_set_id: Any) -> Any:
    """As a condition: whether a job is still to be done that decides on the change set."""
    jobs = job_queue.JOBS
    return (
        select(func.count())
        .select_from(JobProgress)
        .join(jobs, jobs.c.id == JobProgress.job_id)
        .where(
            JobProgress.change_set_id == change_set_id, jobs.c.status.in_((job_queue.TODO, job_queue.DOING))
        )
        .correlate_except(JobProgress, jobs)
        .scalar_subquery()
        > 0
    )


def _connection() -> Any:
    """The driver's own; SQLAlchemy sets a savepoint when it is asked for inside of one."""
    return db.session.connection().connection.driver_connection
