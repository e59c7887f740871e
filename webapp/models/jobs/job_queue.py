"""The tables of the job queue, as the library that works on them makes them: Procrastinate, by its own schema.sql.

Tables stand here so that whoever asks our metadata meets them; functions and triggers are built from the library's
file as it is. A library whose file is another one fails a test: its changes then become a revision of ours.
"""

import hashlib
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Connection,
    DateTime,
    Enum,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    event,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql.elements import conv

from webapp import db

# The file that the revisions and the tables below were written from.
SCHEMA_SHA256 = "c70ec4b400a60ad9592787653aae5ae77ae41bf801d56b5bd2712751a07f2009"

TODO, DOING, SUCCEEDED, FAILED, CANCELLED, ABORTED = (
    "todo",
    "doing",
    "succeeded",
    "failed",
    "cancelled",
    "aborted",
)
STATUSES = (TODO, DOING, SUCCEEDED, FAILED, CANCELLED, "aborting", ABORTED)
EVENTS = (
    "deferred",
    "started",
    "deferred_for_retry",
    "failed",
    "succeeded",
    "cancelled",
    "abort_requested",
    "aborted",
    "scheduled",
    "retried",
)


def _named(name: str) -> conv:
    """A name that the library has given, whatever ours are like."""
    return conv(name)


WORKERS = Table(
    "procrastinate_workers",
    db.Base.metadata,
    Column("id", BigInteger, Identity(always=True), nullable=False),
    Column("last_heartbeat", DateTime(timezone=True), server_default=func.now(), nullable=False),
    PrimaryKeyConstraint("id", name=_named("procrastinate_workers_pkey")),
    Index("idx_procrastinate_workers_last_heartbeat", "last_heartbeat"),
)

JOBS = Table(
    "procrastinate_jobs",
    db.Base.metadata,
    Column("id", BigInteger, autoincrement=True, nullable=False),
    Column("queue_name", String(128), nullable=False),
    Column("task_name", String(128), nullable=False),
    Column("priority", Integer, server_default=text("0"), nullable=False),
    Column("lock", Text),
    Column("queueing_lock", Text),
    Column("args", JSONB, server_default=text("'{}'::jsonb"), nullable=False),
    Column(
        "status",
        Enum(*STATUSES, name="procrastinate_job_status"),
        server_default=text("'todo'::procrastinate_job_status"),
        nullable=False,
    ),
    Column("scheduled_at", DateTime(timezone=True)),
    Column("attempts", Integer, server_default=text("0"), nullable=False),
    Column("abort_requested", Boolean, server_default=text("false"), nullable=False),
    Column(
        "worker_id",
        BigInteger,
        ForeignKey(
            "procrastinate_workers.id", name=_named("procrastinate_jobs_worker_id_fkey"), ondelete="SET NULL"
        ),
    ),
    PrimaryKeyConstraint("id", name=_named("procrastinate_jobs_pkey")),
    CheckConstraint(
        "NOT (status = 'todo' AND abort_requested = true)", name=_named("check_not_todo_abort_requested")
    ),
    Index(
        "procrastinate_jobs_queueing_lock_idx_v1",
        "queueing_lock",
        unique=True,
        postgresql_where=text("status = 'todo'"),
    ),
    Index("procrastinate_jobs_lock_idx_v1", "lock", unique=True, postgresql_where=text("status = 'doing'")),
    Index(
        "idx_procrastinate_jobs_worker_not_null",
        "worker_id",
        postgresql_where=text("worker_id IS NOT NULL AND status = 'doing'"),
    ),
    Index("procrastinate_jobs_queue_name_idx_v1", "queue_name"),
    Index(
        "procrastinate_jobs_id_lock_idx_v1",
        "id",
        "lock",
        postgresql_where=text(
            "status = ANY (ARRAY['todo'::procrastinate_job_status, 'doing'::procrastinate_job_status])"
        ),
    ),
    Index(
        "procrastinate_jobs_priority_idx_v1",
        text("priority DESC"),
        text("id ASC"),
        postgresql_where=text("status = 'todo'"),
    ),
)

PERIODIC_DEFERS = Table(
    "procrastinate_periodic_defers",
    db.Base.metadata,
    Column("id", BigInteger, autoincrement=True, nullable=False),
    Column("task_name", String(128), nullable=False),
    Column("defer_timestamp", BigInteger),
    Column(
        "job_id",
        BigInteger,
        ForeignKey("procrastinate_jobs.id", name=_named("procrastinate_periodic_defers_job_id_fkey")),
    ),
    Column("periodic_id", String(128), server_default=text("''"), nullable=False),
    PrimaryKeyConstraint("id", name=_named("procrastinate_periodic_defers_pkey")),
    UniqueConstraint(
        "task_name", "periodic_id", "defer_timestamp", name=_named("procrastinate_periodic_defers_unique")
    ),
    Index("procrastinate_periodic_defers_job_id_fkey_v1", "job_id"),
)

JOB_EVENTS = Table(
    "procrastinate_events",
    db.Base.metadata,
    Column("id", BigInteger, autoincrement=True, nullable=False),
    Column(
        "job_id",
        BigInteger,
        ForeignKey(
            "procrastinate_jobs.id", name=_named("procrastinate_events_job_id_fkey"), ondelete="CASCADE"
        ),
        nullable=False,
    ),
    Column("type", Enum(*EVENTS, name="procrastinate_job_event_type")),
    Column("at", DateTime(timezone=True), server_default=func.now()),
    PrimaryKeyConstraint("id", name=_named("procrastinate_events_pkey")),
    Index("procrastinate_events_job_id_fkey_v1", "job_id"),
)


def schema_sql() -> str:
    """The library's own file; read without loading the library."""
    file = Path(str(distribution("procrastinate").locate_file("procrastinate/sql/schema.sql")))
    return file.read_text("utf-8")


def digest(sql: str) -> str:
    """What SCHEMA_SHA256 is compared with."""
    return hashlib.sha256(sql.encode()).hexdigest()


def programs(sql: str) -> str:
    """Of the library's file: what no table of a metadata can say, in an order in which it can be run after them."""
    _, _, types = sql.partition("\n-- Composite Types\n")
    _, _, functions = sql.partition("\n-- Functions\n")
    return types.partition("\n-- Tables\n")[0] + functions


@event.listens_for(db.Base.metadata, "after_create")
def _build_programs(_metadata: MetaData, connection: Connection, **_options: Any) -> None:
    """Let `create_all` build the queue's functions and triggers with its tables."""
    connection.exec_driver_sql(programs(schema_sql()), execution_options={"no_parameters": True})
