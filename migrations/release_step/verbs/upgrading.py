"""Bring the database up to a revision, or find that it is there already."""

from dataclasses import asdict, dataclass
from typing import Any

from alembic.script import Script
from sqlalchemy import Connection

from migrations.release_step.database import connecting, ledger, locking, preflight, recorded
from migrations.release_step.database.recorded import BASE
from migrations.release_step.revisions import hashes, history, requiring
from migrations.release_step.telling.failures import Failure
from migrations.release_step.verbs import gate, running
from migrations.release_step.verbs.running import Release


@dataclass(frozen=True, slots=True)
class Consent:
    """What the operator agreed to."""

    to_being_ahead: bool = False
    to_drift: bool = False


def upgrade(release: Release, name: str, consent: Consent) -> dict[str, Any]:
    """Upgrade to the named revision; the lock is only taken when there is something to do, or to find out."""
    wanted_head = release.history.head or BASE
    with connecting.connect(release.target, release.patience) as connection:
        found = recorded.one(connection)
        _require_unedited(release, connection)
        if not release.history.knows(found):
            return _ahead(release, connection, found, consent)
        wanted = release.history.resolve(name, found) if name != "head" else wanted_head
        if found == wanted and gate.is_as_left(release, connection, found):
            return _nothing(release, found)
        running.locked(release, connection)
        result = _upgrade_locked(release, connection, wanted, consent)
        locking.release(connection)
    running.verify(release, result["revision"])
    return result


def rehearse(release: Release, name: str, consent: Consent) -> dict[str, Any]:
    """Everything up to the first lock: reach, state, preflight, changes by hand, and what would be applied."""
    with connecting.connect(release.target, release.patience) as connection:
        found = recorded.one(connection)
        if not release.history.knows(found):
            raise Failure("MIG-STATE-02", found=found, state=recorded.remains(found))
        _require_unedited(release, connection)
        wanted = release.history.resolve(name, found)
        preflight.require(connection, release.target)
        pending = release.history.between(found, wanted)
        if not pending and found != wanted:
            raise Failure("MIG-STATE-08", found=found, wanted=wanted)
        _require_linted(release, pending)
        steps = release.history.steps_up(found, wanted) if pending else []
        gate.require(release, connection, found, steps, may_differ=consent.to_drift)
        # What later ones ask for, those in front of them may bring.
        for one in pending[:1]:
            requiring.require(connection, one)
    for one in pending:
        release.reporter.line(f"would apply {one.revision} {one.doc}")
    release.reporter.line(f"{release.target.database} remains at {found}: a rehearsal changes nothing")
    return {"revision": found, "would_apply": history.labels(pending)}


def _upgrade_locked(
    release: Release, connection: Connection, wanted: str, consent: Consent
) -> dict[str, Any]:
    # Whoever held the lock before may have done the work meanwhile.
    found = recorded.one(connection)
    pending = release.history.between(found, wanted)
    if not pending and found != wanted:
        raise Failure("MIG-STATE-08", found=found, wanted=wanted)
    _require_linted(release, pending)
    steps = release.history.steps_up(found, wanted) if pending else []
    is_known = gate.require(release, connection, found, steps, may_differ=consent.to_drift)
    if found == wanted:
        if is_known:
            gate.note(connection)
        return _nothing(release, found)
    applied = running.run(release, connection, steps)
    gate.note(connection)
    release.reporter.line(f"{release.target.database} is at {wanted}")
    return {"revision": wanted, "previous": found, "applied": [asdict(one) for one in applied]}


def _require_unedited(release: Release, connection: Connection) -> None:
    known = ledger.read(connection)
    connection.rollback()
    hashes.require_unedited(release.history.files, known, release.target.database)


def _require_linted(release: Release, pending: list[Script]) -> None:
    names, files = [one.revision for one in pending], release.history.files
    hashes.require_linted(files, release.history.versions, names, is_local=release.is_local)


def _nothing(release: Release, found: str) -> dict[str, Any]:
    release.reporter.line(f"{release.target.database} is at {found}: nothing to do")
    return {"revision": found, "previous": found, "applied": []}


def _ahead(release: Release, connection: Connection, found: str, consent: Consent) -> dict[str, Any]:
    """After a rollback of the code: fine when a newer release put it there and has removed nothing since."""
    phases = ledger.newer_than(ledger.read(connection), release.history.head or BASE, found)
    connection.rollback()
    if not consent.to_being_ahead or phases is None:
        raise Failure("MIG-STATE-02", found=found, state=recorded.remains(found))
    if "contract" in phases:
        raise Failure("MIG-SAFE-11", found=found, state=recorded.remains(found))
    gate.require_as_left(release, connection, found, may_differ=consent.to_drift)
    release.reporter.line(
        f"{release.target.database} is at {found}, {len(phases)} revisions ahead: nothing to do"
    )
    return {"revision": found, "previous": found, "applied": [], "ahead": len(phases)}
