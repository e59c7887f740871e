"""A release with nothing to do: seen without Alembic, which takes longer to import than all the rest."""

from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from migrations.release_step.database import connecting, ledger, recorded
from migrations.release_step.revisions import hashes, shipped
from migrations.release_step.schema import left
from migrations.release_step.telling.calls import Call


def upgrade(call: Call) -> dict[str, Any] | None:
    """The result of an upgrade to head that finds the database there; None when there is more to find out."""
    options = call.options
    if options.revision != "head" or options.sql or options.dry_run:
        return None
    code = shipped.read()
    if code is None or len(code.heads) != 1:
        return None
    target = connecting.target(call.environ)
    with connecting.connect(target, call.patience()) as connection:
        if recorded.read(connection) != code.heads:
            return None
        hashes.require_unedited(code.files, ledger.read(connection), target.database)
        connection.rollback()
        if not _is_as_left(connection, code.heads[0]):
            return None
    return call.nothing_to_do(target.database, code.heads[0])


def _is_as_left(connection: Connection, revision: str) -> bool:
    """Whether the last release would find what it left; where that is not plain, there is more to find out."""
    try:
        changes = left.changes(connection, revision)
    except DBAPIError:
        return False
    return changes is not None and all(one.is_note for one in changes)
