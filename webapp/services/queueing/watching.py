"""What people see of the queue: every job with its state, who asked for it, how far it has come and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select

from webapp import db
from webapp.models.jobs import job_queue
from webapp.models.jobs.job_progress import JobProgress
from webapp.services.changes.row_writing import ROWS
from webapp.services.queueing import sweeping

# Numbers are bigint.
LARGEST = 2**63 - 1
JOBS, EVENTS = job_queue.JOBS, job_queue.JOB_EVENTS


@dataclass(frozen=True, slots=True)
class Job:
    """One job as it is now. Instants are UTC; `outcome` holds findings as JSON."""

    id: int
    name: str
    status: str
    is_to_end: bool
    attempts: int
    asked_at: datetime
    changed_at: datetime
    asked_by: str | None
    asked_by_id: int | None
    change_set_id: int | None
    began_at: datetime | None
    told_at: datetime | None
    done: int
    total: int | None
    counted: str
    outcome: Sequence[dict[str, Any]]

    @property
    def has_ended(self) -> bool:
        return self.status not in (job_queue.TODO, job_queue.DOING)

    @property
    def is_past_rows(self) -> bool:
        """Whether it runs although every row is done: something follows of which nobody knows how long it takes."""
        return self.status == job_queue.DOING and self.total is not None and self.done >= self.total

    @property
    def rate(self) -> float | None:
        """Rows a second of the run so far; None before there is anything to tell."""
        if self.began_at is None or self.told_at is None or not self.done:
            return None
        seconds = (self.told_at - self.began_at).total_seconds()
        return self.done / seconds if seconds > 0 else None

    @property
    def remaining(self) -> timedelta | None:
        """How long it will take yet at this rate."""
        if self.status != job_queue.DOING or self.total is None or not (rate := self.rate):
            return None
        return timedelta(seconds=max(0.0, (self.total - self.done) / rate))

    def age(self) -> timedelta:
        """How long ago it was asked for."""
        return datetime.now(UTC) - self.asked_at


def one(number: int) -> Job | None:
    """The job of this number."""
    row = db.session.execute(_select().where(JOBS.c.id == number)).one_or_none()
    return None if row is None else _job(row)


def newest(
    most: int,
    *,
    status: str | None = None,
    name: str | None = None,
    before: int | None = None,
    is_asked_for: bool = False,
) -> list[Job]:
    """Jobs, the newest first; `before`: those older than the one of this number.

    `is_asked_for`: without those that came by themselves and did what they are for.
    """
    query = _select().order_by(JOBS.c.id.desc()).limit(most)
    if status is not None:
        query = query.where(JOBS.c.status == status)
    if name is not None:
        query = query.where(JOBS.c.task_name == name)
    if is_asked_for:
        query = query.where(or_(JobProgress.asked_by.is_not(None), JOBS.c.status != job_queue.SUCCEEDED))
    if before is not None:
        query = query.where(JOBS.c.id < before)
    return [_job(row) for row in db.session.execute(query)]


def counts(name: str | None = None) -> dict[str, int]:
    """How many jobs there are of each status, of all kinds or of one."""
    query = select(JOBS.c.status, func.count().label("number")).group_by(JOBS.c.status)
    if name is not None:
        query = query.where(JOBS.c.task_name == name)
    return {row.status: int(row.number) for row in db.session.execute(query)}


def workers() -> int:
    """How many workers have been heard lately."""
    heard = func.now() - timedelta(seconds=sweeping.SECONDS_UNHEARD)
    living = job_queue.WORKERS.c.last_heartbeat > heard
    return db.session.scalar(select(func.count()).select_from(job_queue.WORKERS).where(living)) or 0


def of_change_set(number: int) -> Job | None:
    """The latest job of a change set."""
    query = _select().where(JobProgress.change_set_id == number).order_by(JOBS.c.id.desc()).limit(1)
    row = db.session.execute(query).one_or_none()
    return None if row is None else _job(row)


def of_upload(number: int) -> Job | None:
    """The latest job that compares an upload."""
    query = _select().where(JobProgress.upload_id == number).order_by(JOBS.c.id.desc()).limit(1)
    row = db.session.execute(query).one_or_none()
    return None if row is None else _job(row)


def compared_now(uploads: Sequence[int]) -> frozenset[int]:
    """Which of these uploads a worker is comparing, or is to."""
    is_open = JOBS.c.status.in_((job_queue.TODO, job_queue.DOING))
    compared = select(JobProgress.upload_id).join(JOBS, JOBS.c.id == JobProgress.job_id).where(is_open)
    return frozenset(
        number
        for number in db.session.scalars(compared.where(JobProgress.upload_id.in_(uploads)))
        if number is not None
    )


def _select() -> Select[Any]:
    of_job = EVENTS.c.job_id == JOBS.c.id
    first = select(func.min(EVENTS.c.at)).where(of_job).scalar_subquery()
    last = select(func.max(EVENTS.c.at)).where(of_job, EVENTS.c.type != "scheduled").scalar_subquery()
    return select(
        JOBS.c.id,
        JOBS.c.task_name.label("name"),
        JOBS.c.status,
        JOBS.c.abort_requested.label("is_to_end"),
        JOBS.c.attempts,
        first.label("asked_at"),
        last.label("changed_at"),
        JobProgress.asked_by,
        JobProgress.asked_by_id,
        JobProgress.change_set_id,
        JobProgress.began_at,
        JobProgress.told_at,
        func.coalesce(JobProgress.done, 0).label("done"),
        JobProgress.total,
        func.coalesce(JobProgress.counted, ROWS).label("counted"),
        JobProgress.outcome,
    ).outerjoin_from(JOBS, JobProgress, JobProgress.job_id == JOBS.c.id)


def _job(row: Any) -> Job:
    facts = dict(row._mapping)
    return Job(**{**facts, "outcome": facts["outcome"] or ()})
