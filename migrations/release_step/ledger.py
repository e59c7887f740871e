"""What past releases left in the database about themselves, as the comment of alembic_version.

It lists the revisions that the newest release was shipped with, so that older code, after a rollback, can tell
a database ahead of it from a foreign one; and how long each revision took. It needs no table of its own, and it
is written in the transaction of the revision that it speaks of.
"""

import json
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from alembic.script import Script
from sqlalchemy import Connection, text

from migrations.release_step import text_rules
from migrations.release_step.history import History

READ = text("SELECT obj_description(to_regclass('alembic_version'), 'pg_class')")
WRITE = text("SELECT format('COMMENT ON TABLE alembic_version IS %L', CAST(:ledger AS text))")

MOST_APPLIED = 500

Ledger = dict[str, Any]


def read(connection: Connection) -> Ledger:
    """The ledger; an empty one when there is none or somebody wrote another comment."""
    try:
        found = json.loads(connection.scalar(READ) or "{}")
    except ValueError:
        found = {}
    ledger = found if isinstance(found, dict) else {}
    return {"shipped": ledger.get("shipped", []), "applied": ledger.get("applied", [])}


# psql has no JSON of ours to lean on: the script itself lays the shipped revisions over what is recorded.
OFFLINE = """DO $ledger$
DECLARE
    recorded jsonb := '{{}}';
BEGIN
    IF to_regclass('alembic_version') IS NULL THEN
        RETURN;
    END IF;
    BEGIN
        recorded := coalesce(obj_description(to_regclass('alembic_version'), 'pg_class')::jsonb, recorded);
    EXCEPTION WHEN invalid_text_representation THEN
        NULL; -- somebody else's comment
    END;
    EXECUTE format('COMMENT ON TABLE alembic_version IS %L', recorded || jsonb_build_object('shipped', {shipped}));
END
$ledger$;
"""


def script(revisions: Iterable[Script]) -> str:
    """SQL that notes the shipped revisions, oldest first, for a database that a script brings to its revision."""
    shipped = json.dumps(_shipped(revisions)).replace("'", "''")
    return OFFLINE.format(shipped=f"'{shipped}'::jsonb")


def _shipped(revisions: Iterable[Script]) -> list[dict[str, Any]]:
    return [{"revision": one.revision, "phase": text_rules.phase(one)} for one in revisions]


def recorder(history: History, attempt: int) -> Callable[..., None]:
    """Alembic's on_version_apply: note the step inside its own transaction."""
    started = time.monotonic()

    def record(*, ctx: Any, step: Any, **_: Any) -> None:
        ledger = read(ctx.connection)
        ledger["shipped"] = _shipped(history.revisions())
        ledger["applied"] = [
            *ledger["applied"][-MOST_APPLIED:],
            {
                "revision": step.up_revision_id,
                "direction": "up" if step.is_upgrade else "down",
                "at": datetime.now(UTC).isoformat(timespec="seconds"),
                "seconds": round(time.monotonic() - started, 3),
                "attempts": attempt,
            },
        ]
        statement = ctx.connection.scalar(WRITE, {"ledger": json.dumps(ledger)})
        ctx.connection.exec_driver_sql(statement.replace("%", "%%"))

    return record


def newer_than(ledger: Ledger, head: str, found: str) -> list[str] | None:
    """Phases of the revisions after head up to found; None when the ledger does not lead from one to the other."""
    shipped = [one["revision"] for one in ledger["shipped"]]
    if found not in shipped or (head != "base" and head not in shipped):
        return None
    start = 0 if head == "base" else shipped.index(head) + 1
    return [one["phase"] for one in ledger["shipped"][start : shipped.index(found) + 1]]
