"""Fill a column of a live table: batch by batch, each committed, resumed where a killed run stopped.

from migrations import backfills

def upgrade() -> None:
    new = backfills.Silently("The column is new; nobody has changed a company.")
    backfills.run(op, backfills.Backfill("companies", set_="size = 'small'", where="size IS NULL", history=new))
"""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from migrations import provenance
from migrations.provenance import ByRelease, Provenance, Silently
from migrations.release_step.revisions.statements import OURS
from migrations.release_step.telling.failures import Failure
from webapp import sqlstates

__all__ = ["Backfill", "ByRelease", "Silently", "run"]

ATTEMPTS = 5
# Running code may add rows to fill while this runs; a pass is short then, so this many without an end mean no end.
MOST_PASSES = 100
TOLD_EVERY_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Backfill:
    """What to set, in which rows. `where` is true of rows still to do, and `set_` makes it false."""

    table: str
    set_: str
    where: str
    key: Sequence[str] = ("id",)
    batch: int = 2000
    # Of a curated table: what its history is to say.
    history: Provenance | None = None

    @property
    def keys(self) -> str:
        return ", ".join(self.key)

    def update(self, after: str) -> str:
        """Update one batch, its rows locked in key order so that two writers never deadlock.

        Returns the keys, and of each row whether it is still to do.
        """
        same = " AND ".join(f"target.{name} = batch.batch_{name}" for name in self.key)
        taken = ", ".join(f"target.{name}" for name in self.key) + f", ({self.where})"
        # The batch's own names keep `where` unambiguous, whatever columns it speaks of.
        names = ", ".join(f"{name} AS batch_{name}" for name in self.key)
        batch = (
            f"SELECT {names} FROM {self.table} WHERE ({self.where}){after}"  # noqa: S608 - a revision's own words
            f" ORDER BY {self.keys} LIMIT {self.batch} FOR UPDATE"
        )
        update = f"UPDATE {self.table} AS target SET {self.set_} FROM batch WHERE {same} RETURNING {taken}"  # noqa: S608 - a revision's own words
        return f"WITH batch AS ({batch}) {update}"


def run(op: Any, backfill: Backfill) -> None:
    """Fill every row; what comes before it in the revision is committed first."""
    context = op.get_context()
    with context.autocommit_block():
        if context.as_sql:
            _write_script(op, backfill)
            return
        connection = op.get_bind()
        assert isinstance(connection, Connection)
        notice = context.config.attributes.get("notice") if context.config else None
        words = (backfill.table, backfill.set_, backfill.history, context)
        with provenance.of_rows(connection, *words):
            _Run(connection, backfill, notice or (lambda _: None)).all()


class _Run:
    def __init__(self, connection: Connection, backfill: Backfill, notice: Any) -> None:
        self.connection = connection
        self.backfill = backfill
        self.notice = notice
        self.done = 0
        self.told = time.monotonic()

    def all(self) -> None:
        """Pass over the table until nothing is left: the old code may add rows while this runs."""
        for _ in range(MOST_PASSES):
            if not self._left():
                return
            self._pass()
        self._fail()

    def _pass(self) -> None:
        after = ""
        position: dict[str, Any] = {}
        while rows := self._batch(after, position):
            # A row that was updated and is still to do would be updated for ever.
            if any(row[-1] for row in rows):
                self._fail()
            self.done += len(rows)
            self._tell()
            names = [f"k{number}" for number in range(len(self.backfill.key))]
            position = dict(zip(names, max(row[:-1] for row in rows), strict=True))
            after = f" AND ({self.backfill.keys}) > ({', '.join(':' + name for name in names)})"

    def _batch(self, after: str, position: dict[str, Any]) -> list[tuple[Any, ...]]:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                found = self.connection.execute(text(self.backfill.update(after)), position)
                return [tuple(row) for row in found]
            except OperationalError as error:
                if attempt == ATTEMPTS or sqlstates.of(error) not in sqlstates.PASSING:
                    raise
            time.sleep(random.uniform(0.2, 1.0) * attempt)  # noqa: S311 - spreads retries, guards nothing
        raise AssertionError("the last attempt returns or raises")

    def _fail(self) -> NoReturn:
        raise Failure("MIG-REV-04", table=self.backfill.table, count=self._left())

    def _left(self) -> int:
        statement = f"SELECT count(*) FROM {self.backfill.table} WHERE {self.backfill.where}"  # noqa: S608 - a revision's own words
        return int(self.connection.scalar(text(statement)) or 0)

    def _tell(self) -> None:
        if time.monotonic() - self.told >= TOLD_EVERY_SECONDS:
            self.told = time.monotonic()
            self.notice(f"{self.backfill.table}: {self.done} rows filled")


def _write_script(op: Any, backfill: Backfill) -> None:
    revision = str(op.get_context().config.attributes.get("revision", ""))
    if words := provenance.script(backfill.table, backfill.set_, backfill.history, revision):
        op.execute(f"{words} {OURS}")
    op.execute(f"{_script(backfill)} {OURS}")
    if words:
        for name in (provenance.CHANGE_SET, provenance.SILENT):
            op.execute(f"SELECT set_config('{name}', '', false) {OURS}")


def _script(backfill: Backfill) -> str:
    """The same for psql; bounded, in case `set_` does not make `where` false."""
    return f"""DO $backfill$
DECLARE
    allowed bigint := (SELECT count(*) FROM {backfill.table} WHERE {backfill.where}) * 2 + {backfill.batch};
    touched bigint;
BEGIN
    LOOP
        {backfill.update("").partition(" RETURNING ")[0]};
        GET DIAGNOSTICS touched = ROW_COUNT;
        COMMIT;
        EXIT WHEN touched = 0;
        allowed := allowed - touched;
        IF allowed < 0 THEN
            RAISE EXCEPTION 'MIG-REV-04: the backfill of {backfill.table} does not end';
        END IF;
    END LOOP;
END
$backfill$"""  # noqa: S608 - a revision's own words
