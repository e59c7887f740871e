"""A release with nothing to do: seen without Alembic, which takes longer to import than all the rest."""

from typing import Any

from migrations.release_step.database import connecting, ledger, recorded
from migrations.release_step.revisions import hashes, shipped
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
    return call.nothing_to_do(target.database, code.heads[0])
