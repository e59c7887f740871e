"""The revision that the database itself records; knows nothing of Alembic, which takes long to import."""

from sqlalchemy import Connection, text

from migrations.release_step.database import ledger
from migrations.release_step.telling.failures import Failure

BASE = "base"
RECORDED = text("SELECT version_num FROM alembic_version ORDER BY version_num")
# As Alembic makes it.
TABLE = text(
    "CREATE TABLE IF NOT EXISTS alembic_version"
    " (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
)
HAS_RECORD = text("SELECT to_regclass('alembic_version') IS NOT NULL")


def read(connection: Connection) -> tuple[str, ...]:
    """Every recorded revision, none on an empty database; leaves no transaction open."""
    try:
        if not connection.scalar(HAS_RECORD):
            return ()
        return tuple(connection.scalars(RECORDED))
    finally:
        connection.rollback()


def one(connection: Connection) -> str:
    """The one recorded revision or 'base'; a state failure when there are several."""
    found = read(connection)
    if len(found) > 1:
        # The last release wrote down in which order it knew them.
        known = [one["revision"] for one in ledger.read(connection)["shipped"]]
        connection.rollback()
        newest = max(found, key=lambda name: known.index(name) if name in known else len(known))
        raise Failure("MIG-STATE-07", count=len(found), found=", ".join(found), newest=newest)
    return found[0] if found else BASE


def shown(connection: Connection) -> str:
    """All of it in one word, whatever it is."""
    return ", ".join(read(connection)) or BASE


def remains(revision: str) -> str:
    """The middle sentence of a message."""
    return f"Database remains at {revision}."
