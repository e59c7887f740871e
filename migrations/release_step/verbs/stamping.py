"""Record a revision without running anything: for a database that somebody brought there by another way."""

from typing import Any

from sqlalchemy import Connection, text

from migrations.release_step.database import connecting, locking, recorded
from migrations.release_step.database.recorded import BASE
from migrations.release_step.telling.failures import Failure
from migrations.release_step.verbs import running
from migrations.release_step.verbs.running import Release

FORGET = text("DELETE FROM alembic_version")
RECORD = text("INSERT INTO alembic_version (version_num) VALUES (:revision)")


def stamp(release: Release, name: str, confirmed: str | None) -> dict[str, Any]:
    """Record an existing revision, with consent to exactly this database."""
    if confirmed != release.target.database:
        raise Failure("MIG-SAFE-08", command="A stamp", database=release.target.database)
    wanted = release.history.resolve(name, None)
    with connecting.connect(release.target, release.patience) as connection:
        running.locked(release, connection)
        previous = recorded.shown(connection)
        _record(connection, wanted)
        locking.release(connection)
    running.verify(release, wanted)
    release.reporter.line(f"{release.target.database} is recorded at {wanted}, was {previous}")
    return {"revision": wanted, "previous": previous}


def _record(connection: Connection, wanted: str) -> None:
    with connection.begin():
        connection.execute(recorded.TABLE)
        connection.execute(FORGET)
        if wanted != BASE:
            connection.execute(RECORD, {"revision": wanted})
