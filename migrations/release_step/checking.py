"""Is everything as it should be: one head, at head, no drift, no INVALID index, clean revisions."""

from typing import Any

from sqlalchemy import Connection, text

from migrations.release_step import connecting, history
from migrations.release_step.failures import Failure
from migrations.release_step.history import BASE
from migrations.release_step.running import Release

INVALID = text("""
    SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE NOT i.indisvalid AND c.relnamespace = to_regnamespace(current_schema()) AND c.relkind = 'i'
    ORDER BY c.relname
""")


def check(release: Release) -> dict[str, Any]:
    """Raise the first thing that is not as it should be."""
    wanted = release.history.head or BASE
    with connecting.connect(release.target, release.patience) as connection:
        found = history.only(history.recorded(connection))
        if found != wanted:
            known = found == BASE or release.history.knows(found)
            code = "MIG-STATE-03" if known else "MIG-STATE-02"
            raise Failure(code, found=found, wanted=wanted)
        require_valid_indexes(connection)
    release.reporter.line(f"{release.target.database} is at {found}, as it should be")
    return {"revision": found}


def require_valid_indexes(connection: Connection) -> None:
    names = connection.scalars(INVALID).all()
    connection.rollback()
    if names:
        raise Failure("MIG-STATE-05", count=len(names), names=", ".join(names), details=list(names))
