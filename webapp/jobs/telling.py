"""How far a job has come: told on a connection of its own, so that others see it before the job's transaction ends."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, update

from webapp.models.jobs.job_progress import JobProgress
from webapp.rules.findings import Finding
from webapp.services.changes.row_writing import ROWS

# Often enough to be watched, seldom enough to cost nothing.
SECONDS_BETWEEN = 0.5


class Telling:
    """What one run of a job says of itself. A job without progress, such as a periodic one, tells nobody."""

    def __init__(self, engine: Engine, job_id: int) -> None:
        self._engine, self._job_id = engine, job_id
        self._told_at = 0.0
        self._counted = ROWS

    def begin(self) -> None:
        """A run begins: whatever an earlier one has told is over."""
        self._write(
            began_at=datetime.now(UTC),
            ended_at=None,
            told_at=None,
            done=0,
            total=None,
            counted=ROWS,
            outcome=[],
        )

    def tell(self, done: int, total: int, counted: str = ROWS, /) -> None:
        """So many of so many are done; where something else is counted, the time counts anew, too."""
        now = time.monotonic()
        if counted != self._counted:
            self._counted, self._told_at = counted, now
            since = datetime.now(UTC)
            self._write(began_at=since, told_at=since, done=done, total=total, counted=counted)
        elif done >= total or now - self._told_at >= SECONDS_BETWEEN:
            self._told_at = now
            self._write(told_at=datetime.now(UTC), done=done, total=total)

    def end(self, outcome: Sequence[Finding]) -> None:
        """The run has ended, and this is to be said of it."""
        self._write(ended_at=datetime.now(UTC), outcome=[finding.as_json() for finding in outcome])

    def _write(self, **values: Any) -> None:
        with self._engine.connect() as connection, connection.begin():
            connection.execute(update(JobProgress).where(JobProgress.job_id == self._job_id).values(**values))
