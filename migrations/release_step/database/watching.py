"""Remember who stands in front of the release while it waits; a second session looks, the first one waits."""

import threading
from dataclasses import dataclass
from types import TracebackType

from sqlalchemy import Connection, Row, text
from sqlalchemy.exc import SQLAlchemyError

from migrations.release_step.database import connecting
from migrations.release_step.database.connecting import Target

LOOK_SECONDS = 0.2

BLOCKER = text("""
    SELECT coalesce(w.relation::regclass::text, 'a row or transaction') AS object, a.pid,
           coalesce(a.state, 'state hidden') AS state,
           extract(epoch FROM clock_timestamp() - a.xact_start)::int AS age
    FROM pg_locks w
    CROSS JOIN unnest(pg_blocking_pids(w.pid)) AS b(pid)
    LEFT JOIN pg_stat_activity a ON a.pid = b.pid
    WHERE w.pid = :waiting AND NOT w.granted
    ORDER BY a.xact_start LIMIT 1
""")


@dataclass(frozen=True, slots=True)
class Blocker:
    """The oldest session that holds what the release wants."""

    object: str
    pid: int
    state: str
    age_seconds: int | None

    def __str__(self) -> str:
        age = "age unknown" if self.age_seconds is None else spoken(self.age_seconds)
        return f"pid {self.pid}, {age}, {self.state}"


class Watcher:
    """Looks at what one session waits for, until the block is left."""

    def __init__(self, target: Target, waiting_pid: int) -> None:
        self.last: Blocker | None = None
        self._target = target
        self._waiting = waiting_pid
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="release-watcher", daemon=True)

    def __enter__(self) -> "Watcher":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join(timeout=2)

    def _watch(self) -> None:
        try:
            with connecting.engine(self._target).connect() as connection:
                connection.execution_options(isolation_level="AUTOCOMMIT")
                while not self._done.wait(LOOK_SECONDS):
                    self._look(connection)
        except SQLAlchemyError:
            # Without a second session the release still runs; only the name of a blocker is missing.
            return

    def _look(self, connection: Connection) -> None:
        row: Row[tuple[str, int, str, int | None]] | None = connection.execute(
            BLOCKER, {"waiting": self._waiting}
        ).first()
        if row is not None:
            self.last = Blocker(row.object, row.pid, row.state, row.age)


def spoken(seconds: int) -> str:
    """A length of time as an operator says it."""
    if seconds < 120:
        return f"{seconds}s"
    return f"{seconds // 60}m" if seconds < 7200 else f"{seconds // 3600}h"
