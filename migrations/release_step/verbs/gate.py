"""Whether a release may begin: not on a database that somebody has changed by hand since the last one."""

import contextlib
from collections.abc import Sequence

from alembic.runtime.migration import RevisionStep
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from migrations.release_step.database import preflight, recorded
from migrations.release_step.schema import left
from migrations.release_step.schema.fingerprint import Difference
from migrations.release_step.telling.failures import Failure
from migrations.release_step.verbs import comparing
from migrations.release_step.verbs.comparing import Comparison
from migrations.release_step.verbs.running import Release


def require(
    release: Release, connection: Connection, found: str, steps: Sequence[RevisionStep], *, may_differ: bool
) -> bool:
    """Raise for what was changed by hand, unless that was agreed to; False where nobody can say."""
    following = steps[0] if steps else None
    compared = comparing.compare(connection, release.history, release.target, found, following)
    if compared.obstacle is not None and steps and compared.obstacle.code == "MIG-LOCK-03":
        # The first revision would wait for that lock, too.
        raise compared.obstacle
    _judge(release, compared, found, may_differ=may_differ)
    return compared.obstacle is None


def require_as_left(release: Release, connection: Connection, found: str, *, may_differ: bool) -> None:
    """The same at a revision that this code does not know: only what was noted can be compared with."""
    changes = comparing.guarded(release.target, lambda: left.changes(connection, found))
    _judge(release, Comparison(changes or []), found, may_differ=may_differ)


def is_as_left(release: Release, connection: Connection, found: str) -> bool:
    """Whether there is nothing to find out: nothing was changed, or where nothing is noted, nobody may look."""
    if found == recorded.BASE:
        return True
    if (drift := _drift(connection, found)) is not None:
        return not drift
    try:
        preflight.require(connection, release.target)
        comparing.require_comparable(connection, release.target)
    except Failure as obstacle:
        _tell(release, obstacle)
        return True
    return False


def is_noted(connection: Connection, found: str) -> bool:
    """Whether what is there is what the last release left, and noted as that."""
    return _drift(connection, found) == []


def _drift(connection: Connection, found: str) -> list[Difference] | None:
    """None where nothing is noted, or somebody holds what would be looked at."""
    try:
        changes = left.changes(connection, found)
    except DBAPIError:
        connection.rollback()
        return None
    return None if changes is None else Comparison(changes).drift


def note(connection: Connection) -> None:
    """Keep what is there for the next release to compare with; where it may not be kept, it is built anew then."""
    try:
        left.note(connection)
    except DBAPIError:
        with contextlib.suppress(DBAPIError):  # the connection itself may be gone
            connection.rollback()


def _judge(release: Release, compared: Comparison, found: str, *, may_differ: bool) -> None:
    if compared.obstacle is not None:
        _tell(release, compared.obstacle)
    for one in compared.differences:
        release.reporter.line(f"note: {one}" if one.is_note else f"changed by hand: {one}")
    if compared.drift and not may_differ:
        raise comparing.changed(found, compared.drift)


def _tell(release: Release, obstacle: Failure) -> None:
    release.reporter.line(f"not compared with what the last release left: {obstacle.line}")
