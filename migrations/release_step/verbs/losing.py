"""Learn what a downgrade loses by doing it in a transaction that is rolled back, and comparing what is held.

A revision that leaves its transaction cannot be tried: from there on what is lost is read from its SQL, and said so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext, RevisionStep
from sqlalchemy import Connection

from migrations.release_step.database import diagnosing, holdings
from migrations.release_step.database.holdings import Content, Table, Tables
from migrations.release_step.revisions import losses, scripting
from migrations.release_step.revisions.history import History
from migrations.release_step.revisions.losses import Loss
from migrations.release_step.telling.failures import Failure
from migrations.release_step.verbs import holding

# Broken at once, and looked at by whoever commits.
UNCOMMITTABLE = """
    CREATE TABLE release_step_trial (once int UNIQUE DEFERRABLE INITIALLY DEFERRED);
    INSERT INTO release_step_trial VALUES (1), (1)
"""


@dataclass(frozen=True, slots=True)
class Losses:
    """What goes, counted; and the first revision from which on it was read instead of tried, blank without one."""

    lost: list[Loss]
    read_from: str = ""


def count(connection: Connection, history: History, steps: Sequence[RevisionStep], found: str) -> Losses:
    """What these steps down would lose here; leaves no transaction open.

    Raises Failure where a lock is not obtained: somebody works, and what they add would be lost uncounted.
    """
    untried = next(
        (place for place, step in enumerate(steps) if scripting.may_end_transaction(step)), len(steps)
    )
    lost = _tried(connection, steps[:untried])
    if lost is None:
        untried, lost = 0, []
    if untried == len(steps):
        return Losses(lost)
    rest = steps[untried]
    start = found if untried == 0 else rest.revision.revision
    script = scripting.text(history, "downgrade", start, _below(steps[-1]))
    read = losses.counted(connection, script)
    known = {(loss.table, loss.column) for loss in lost}
    return Losses([*lost, *(loss for loss in read if (loss.table, loss.column) not in known)], start)


def _below(step: RevisionStep) -> str:
    parent = step.revision.down_revision
    return parent if isinstance(parent, str) else "base"


def _tried(connection: Connection, steps: Sequence[RevisionStep]) -> list[Loss] | None:
    """None where a step fails: the downgrade itself will say why."""
    try:
        with connection.begin_nested() as trial:
            _bar_commits(connection)
            before = holdings.tables(connection)
            with Operations.context(MigrationContext.configure(connection)):
                for step in steps:
                    step.revision.module.downgrade()
                    holding.require_attached(connection, step.revision.revision)
            after = holdings.tables(connection)
            changed = holdings.touched(connection, before, after)
            retyped = {number: _retyped(before[number], after.get(number)) for number in changed}
            left = {
                number: holdings.content(connection, after[number], retyped[number])
                for number in changed
                if number in after
            }
            by_name = {
                table.name: holdings.content(connection, table)
                for number, table in after.items()
                if number not in before
            }
            trial.rollback()
        held = {number: holdings.content(connection, before[number], retyped[number]) for number in changed}
    except Failure:
        connection.rollback()
        raise
    except Exception as error:  # a revision is code: it may raise anything
        connection.rollback()
        problem = diagnosing.diagnose(error)
        if problem.is_transient:
            reason = diagnosing.TRANSIENT[problem.sqlstate]
            raise Failure("MIG-LOCK-03", revision="to try", reason=reason, attempts=1) from error
        return None
    connection.rollback()
    return list(_compared(before, after, held, left, by_name))


def _bar_commits(connection: Connection) -> None:
    """From here on no COMMIT succeeds in this transaction, whoever asks for it: a trial must not become the deed."""
    connection.exec_driver_sql(UNCOMMITTABLE)


def _retyped(before: Table, after: Table | None) -> list[str]:
    """Columns whose type changes: as many values may be left, and not the same ones."""
    later = {} if after is None else after.columns
    return [
        number for number, told in before.columns.items() if number in later and later[number][1] != told[1]
    ]


def _compared(
    before: Tables,
    after: Tables,
    held: dict[int, Content],
    left: dict[int, Content],
    by_name: dict[str, Content],
) -> Iterable[Loss]:
    for number, content in held.items():
        table = before[number]
        # A table that was made anew under the old name goes on with it.
        remains = left.get(number) or by_name.get(table.name)
        gone = content.rows - (remains.rows if remains else 0)
        if gone > 0:
            yield Loss(table.name, "", gone)
        if number in left and not left[number].rows < content.rows:
            yield from _columns(table, after[number], content, left[number])


def _columns(table: Table, later: Table, held: Content, left: Content) -> Iterable[Loss]:
    for column, (name, _) in table.columns.items():
        count = held.values[column]
        gone = count - left.values.get(column, 0)
        if gone > 0:
            yield Loss(table.name, name, gone)
        elif held.sums.get(column) != left.sums.get(column) and column in later.columns:
            yield Loss(table.name, name, count)
