"""Hold a revision to the transaction that it was given: one that ends it itself would pass as applied, or as nothing.

PostgreSQL's own number of the transaction is compared, before and after, so that no word of SQL, driver call or
procedure gets by; so are the release lock and the history, which are the release step's own. Alembic's blocks outside
a transaction are the one way out, and are watched at both ends.
"""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic.runtime.migration import MigrationContext, RevisionStep
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, Row, text
from sqlalchemy.exc import SQLAlchemyError

from migrations.release_step.database import locking
from migrations.release_step.database.recorded import BASE, RECORDED
from migrations.release_step.telling.failures import Failure

STATE = text("""
    SELECT CAST(pg_current_xact_id() AS text) AS number,
           EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid = pg_backend_pid()
                   AND objsubid = 1 AND (CAST(classid AS bigint) << 32 | CAST(objid AS bigint)) = :key) AS has_lock,
           CAST(CAST(to_regclass('alembic_version') AS oid) AS bigint) AS history,
           (SELECT string_agg(version_num, ' ' ORDER BY version_num) FROM alembic_version) AS recorded,
           obj_description(to_regclass('alembic_version'), 'pg_class') AS ledger,
           (SELECT string_agg(CAST(kept.relname AS text), ', ' ORDER BY kept.relname)
            FROM pg_class AS kept
            JOIN pg_class AS passing ON passing.relname = kept.relname AND passing.relnamespace = pg_my_temp_schema()
            JOIN pg_class AS history ON history.relnamespace = kept.relnamespace
            WHERE history.oid = to_regclass('alembic_version')) AS hidden
""")
FATE = text("SELECT pg_xact_status(CAST(:number AS xid8))")
FATES = {"committed": "was committed, and is not recorded", "aborted": "was rolled back"}
IN_PART = "was committed, and is not recorded, up to where it left its transaction; the rest was rolled back"


def held(step: RevisionStep, context: MigrationContext) -> RevisionStep:
    """The same step, which fails when its revision ends, leaves open or touches what it must not."""
    watched = copy.copy(step)
    hold = _Hold(context, step.revision.revision)
    move: Any = step.migration_fn

    def run(**arguments: Any) -> None:
        hold.begin()
        try:
            with hold.outside_blocks():
                move(**arguments)
        except Exception as error:  # a revision is code: it may raise anything
            hold.require_undone(error)
            raise
        hold.require()

    watched.migration_fn = run
    return watched


def require_recorded(*, ctx: Any, heads: set[str], **_: Any) -> None:
    """Alembic's on_version_apply: raise, while all can be taken back, where the row is not what Alembic believes."""
    found = set(ctx.connection.scalars(RECORDED))
    if found != heads:
        shown = [", ".join(sorted(names)) or BASE for names in (found, heads)]
        raise Failure("MIG-REV-03", found=shown[0], wanted=shown[1])


def require_attached(connection: Connection, revision: str) -> None:
    """Raise where a revision has detached the session: the release step has no hold of it then, and goes no further."""
    if connection.connection.is_detached:
        what = "takes the session away from the release step"
        raise Failure("MIG-REV-09", revision=revision, what=what)


class _Hold:
    def __init__(self, context: MigrationContext, revision: str) -> None:
        self.context: Any = context
        self.revision = revision
        self.key = locking.key(self.connection)
        # Of the transaction that is open; blank outside of any.
        self.number = ""
        self.has_left = False
        self.history: tuple[Any, ...] = ()

    @property
    def connection(self) -> Connection:
        connection: Connection = self.context.connection
        return connection

    def begin(self) -> None:
        """Here a transaction begins that the revision must not end."""
        state = self._state()
        self.number = state.number
        self.history = self.history or _history(state)
        self._require_ours(state)

    def require(self) -> None:
        """Raise unless the transaction is still the one that began, and what is not the revision's is as it was."""
        state = self._state()
        if state.number != self.number:
            raise self._ended(self._fate())
        self._require_ours(state)

    def require_undone(self, error: Exception) -> None:
        """Of one that failed: raise where what it did before had been committed, as nothing would say so."""
        if isinstance(error, Failure) or not self.number:
            return
        try:
            fate = self._fate()
        except SQLAlchemyError:
            return  # there is no session any more, and so nothing else to say
        if fate == "committed":
            raise self._ended(fate) from error

    @contextmanager
    def outside_blocks(self) -> Iterator[None]:
        """While a revision runs, its blocks outside a transaction begin and end where they should."""
        enter = self.context.autocommit_block

        @contextmanager
        def block() -> Iterator[None]:
            self.require()
            self.number, self.has_left = "", True
            with enter():
                yield
                self._require_idle()
            self.begin()

        self.context.autocommit_block = block
        try:
            yield
        finally:
            del self.context.autocommit_block

    def _state(self) -> Row[Any]:
        return self.connection.execute(STATE, {"key": self.key}).one()

    def _fate(self) -> str:
        """What became of the transaction that began; none is open afterwards."""
        self.connection.rollback()
        fate = str(self.connection.scalar(FATE, {"number": self.number}))
        self.connection.rollback()
        return fate

    def _ended(self, fate: str) -> Failure:
        said = IN_PART if self.has_left and fate == "aborted" else FATES.get(fate, "is unknown")
        return Failure("MIG-REV-05", revision=self.revision, fate=said)

    def _require_ours(self, state: Row[Any]) -> None:
        require_attached(self.connection, self.revision)
        if not state.has_lock:
            raise Failure("MIG-REV-09", revision=self.revision, what="gives the release lock away")
        if _history(state) != self.history:
            raise Failure("MIG-REV-09", revision=self.revision, what="changes alembic_version, or hides it")
        # What was said of them was done to what is gone with the session.
        if state.hidden:
            what = f"hides {state.hidden} behind temporary ones of that name"
            raise Failure("MIG-REV-09", revision=self.revision, what=what)

    def _require_idle(self) -> None:
        driver: Any = self.connection.connection.driver_connection
        if driver.info.transaction_status != TransactionStatus.IDLE:
            driver.rollback()
            raise self._ended("aborted")


def _history(state: Row[Any]) -> tuple[Any, ...]:
    return state.history, state.recorded, state.ledger
