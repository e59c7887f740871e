"""Take the database back, after counting what that loses and with consent to exactly this database."""

from dataclasses import asdict, dataclass
from typing import Any

from alembic.runtime.migration import RevisionStep
from sqlalchemy import Connection

from migrations.release_step.database import connecting, locking, recorded
from migrations.release_step.revisions.history import History
from migrations.release_step.revisions.losses import Loss
from migrations.release_step.schema import left
from migrations.release_step.telling.failures import Failure
from migrations.release_step.verbs import gate, losing, running
from migrations.release_step.verbs.losing import Losses
from migrations.release_step.verbs.running import Release


@dataclass(frozen=True, slots=True)
class Consent:
    """What the operator agreed to."""

    database: str | None
    to_losses: bool
    is_local: bool


def downgrade(release: Release, name: str, consent: Consent) -> dict[str, Any]:
    """Downgrade to the named revision."""
    if not consent.is_local and consent.database != release.target.database:
        raise Failure("MIG-SAFE-08", command="A downgrade", database=release.target.database)
    with connecting.connect(release.target, release.patience) as connection:
        running.locked(release, connection)
        result = _downgrade_locked(release, connection, name, consent)
        locking.release(connection)
    running.verify(release, result["revision"])
    return result


def _downgrade_locked(
    release: Release, connection: Connection, name: str, consent: Consent
) -> dict[str, Any]:
    found = recorded.one(connection)
    if not release.history.knows(found):
        raise Failure("MIG-STATE-02", found=found, state=recorded.remains(found))
    wanted = release.history.resolve(name, found)
    undone = release.history.between(wanted, found)
    if not undone:
        if wanted != found:
            raise Failure("MIG-STATE-03", found=found, wanted=wanted)
        release.reporter.line(f"{release.target.database} is at {found}: nothing to do")
        return {"revision": found, "previous": found, "undone": []}
    steps = release.history.steps_down(found, wanted)
    counted = _counted(connection, release.history, steps, found, is_consented=consent.to_losses)
    lost = counted.lost
    if counted.read_from:
        words = f"from {counted.read_from} on nothing could be tried: what is lost was read from the SQL"
        release.reporter.line(words)
    if lost and not consent.to_losses:
        named = ", ".join(str(loss) for loss in lost)
        raise Failure("MIG-SAFE-07", losses=named, state=recorded.remains(found), details=_plain(lost))
    was_as_left = gate.is_noted(connection, found)
    applied = running.run(release, connection, steps)
    # What somebody had changed by hand does not become right by going back.
    (gate.note if was_as_left else left.forget)(connection)
    release.reporter.line(f"{release.target.database} is at {wanted}")
    undone_now = [asdict(one) for one in applied]
    told = {"undone": undone_now, "lost": _plain(lost), "read_from": counted.read_from or None}
    return {"revision": wanted, "previous": found, **told}


def _counted(
    connection: Connection, known: History, steps: list[RevisionStep], found: str, *, is_consented: bool
) -> Losses:
    try:
        return losing.count(connection, known, steps, found)
    except Failure as failure:
        # Whoever agrees to every loss need not be told how many; a revision must not bar its own way back.
        if failure.code == "MIG-REV-08" and is_consented:
            return Losses([], found)
        raise


def _plain(lost: list[Loss]) -> list[dict[str, Any]]:
    return [asdict(loss) for loss in lost]
