"""Hold a revision to the transaction that it was given: one that ends it itself would pass as applied, or as nothing.

PostgreSQL's own number of the transaction is compared, before and after, so that no word of SQL, driver call or
procedure gets by. Alembic's blocks outside a transaction are the one way out, and are watched at both ends.
"""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic.runtime.migration import MigrationContext, RevisionStep
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, text

from migrations.release_step.telling.failures import Failure

NUMBER = text("SELECT CAST(pg_current_xact_id() AS text)")
FATE = text("SELECT pg_xact_status(CAST(:number AS xid8))")
FATES = {"committed": "was committed, and is not recorded", "aborted": "was rolled back"}


def held(step: RevisionStep, context: MigrationContext) -> RevisionStep:
    """The same step, which fails when its revision ends or leaves open what it must not."""
    watched = copy.copy(step)
    hold = _Hold(context, step.revision.revision)
    move: Any = step.migration_fn

    def run(**arguments: Any) -> None:
        hold.begin()
        with hold.outside_blocks():
            move(**arguments)
        hold.require()

    watched.migration_fn = run
    return watched


class _Hold:
    def __init__(self, context: MigrationContext, revision: str) -> None:
        self.context: Any = context
        self.revision = revision
        self.number = ""

    @property
    def connection(self) -> Connection:
        connection: Connection = self.context.connection
        return connection

    def begin(self) -> None:
        self.number = str(self.connection.scalar(NUMBER))

    def require(self) -> None:
        """Raise unless the transaction is still the one that began."""
        if str(self.connection.scalar(NUMBER)) != self.number:
            self.connection.rollback()
            fate = str(self.connection.scalar(FATE, {"number": self.number}))
            self.connection.rollback()
            raise Failure("MIG-REV-05", revision=self.revision, fate=FATES.get(fate, "is unknown"))

    @contextmanager
    def outside_blocks(self) -> Iterator[None]:
        """While a revision runs, its blocks outside a transaction begin and end where they should."""
        enter = self.context.autocommit_block

        @contextmanager
        def block() -> Iterator[None]:
            self.require()
            with enter():
                yield
                self._require_idle()
            self.begin()

        self.context.autocommit_block = block
        try:
            yield
        finally:
            del self.context.autocommit_block

    def _require_idle(self) -> None:
        driver: Any = self.connection.connection.driver_connection
        if driver.info.transaction_status != TransactionStatus.IDLE:
            driver.rollback()
            raise Failure("MIG-REV-05", revision=self.revision, fate=FATES["aborted"])
