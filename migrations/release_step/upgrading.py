"""Bring the database up to a revision, or find that it is there already."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection

from migrations.release_step import connecting, history, ledger, locking, running
from migrations.release_step.failures import Failure
from migrations.release_step.history import BASE, History
from migrations.release_step.running import Release


def upgrade(release: Release, name: str, *, may_be_ahead: bool) -> dict[str, Any]:
    """Upgrade to the named revision; the lock is only taken when there is something to do."""
    wanted_head = release.history.head or BASE
    with connecting.connect(release.target, release.patience) as connection:
        found = history.only(history.recorded(connection))
        if not is_known(release.history, found):
            return _ahead(release, connection, found, may_be_ahead=may_be_ahead)
        wanted = release.history.resolve(name, found) if name != "head" else wanted_head
        if found == wanted:
            return _nothing(release, found)
        running.locked(release, connection)
        result = _upgrade_locked(release, connection, wanted)
        locking.release(connection)
    running.verify(release, result["revision"])
    return result


def is_known(known: History, found: str) -> bool:
    return found == BASE or known.knows(found)


def _upgrade_locked(release: Release, connection: Connection, wanted: str) -> dict[str, Any]:
    # Whoever held the lock before may have done the work meanwhile.
    found = history.only(history.recorded(connection))
    if found == wanted:
        return _nothing(release, found)
    pending = release.history.between(found, wanted)
    if not pending:
        raise Failure("MIG-STATE-08", found=found, wanted=wanted)
    applied = running.run(release, connection, release.history.steps_up(found, wanted))
    release.reporter.line(f"{release.target.database} is at {wanted}")
    return {"revision": wanted, "previous": found, "applied": [asdict(one) for one in applied]}


def _nothing(release: Release, found: str) -> dict[str, Any]:
    release.reporter.line(f"{release.target.database} is at {found}: nothing to do")
    return {"revision": found, "previous": found, "applied": []}


def _ahead(release: Release, connection: Connection, found: str, *, may_be_ahead: bool) -> dict[str, Any]:
    """After a rollback of the code: fine when a newer release put it there and has removed nothing since."""
    phases = ledger.newer_than(ledger.read(connection), release.history.head or BASE, found)
    connection.rollback()
    if not may_be_ahead or phases is None:
        raise Failure("MIG-STATE-02", found=found, state=history.remains(found))
    if "contract" in phases:
        raise Failure("MIG-SAFE-11", found=found, state=history.remains(found))
    release.reporter.line(
        f"{release.target.database} is at {found}, {len(phases)} revisions ahead: nothing to do"
    )
    return {"revision": found, "previous": found, "applied": [], "ahead": len(phases)}
