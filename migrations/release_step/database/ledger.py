"""What past releases left in the database about themselves, as the comment of alembic_version.

It lists the revisions that the newest release was shipped with, so that older code, after a rollback, can tell
a database ahead of it from a foreign one; how long each revision took; and what the last release left, to compare
with. It needs no table of its own, and it is written in the transaction of the revision that it speaks of.
"""

import json
from typing import Any

from sqlalchemy import Connection, text

WRITE = text("SELECT format('COMMENT ON TABLE alembic_version IS %L', CAST(:ledger AS text))")
READ = text("SELECT obj_description(to_regclass('alembic_version'), 'pg_class')")

Ledger = dict[str, Any]


def read(connection: Connection) -> Ledger:
    """The ledger; an empty one when there is none or somebody wrote another comment."""
    try:
        found = json.loads(connection.scalar(READ) or "{}")
    except ValueError:
        found = {}
    ledger = found if isinstance(found, dict) else {}
    kept = {"left": ledger["left"]} if isinstance(ledger.get("left"), dict) else {}
    return {"shipped": ledger.get("shipped", []), "applied": ledger.get("applied", []), **kept}


def write(connection: Connection, ledger: Ledger) -> None:
    """Put it in the place of the old one, in the transaction that is open."""
    statement = str(connection.scalar(WRITE, {"ledger": json.dumps(ledger)}))
    connection.exec_driver_sql(statement.replace("%", "%%"))


def newer_than(ledger: Ledger, head: str, found: str) -> list[str] | None:
    """Phases of the revisions after head up to found; None when the ledger does not lead from one to the other."""
    shipped = [one["revision"] for one in ledger["shipped"]]
    if found not in shipped or (head != "base" and head not in shipped):
        return None
    start = 0 if head == "base" else shipped.index(head) + 1
    return [one["phase"] for one in ledger["shipped"][start : shipped.index(found) + 1]]
