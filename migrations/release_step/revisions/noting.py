"""How a release notes itself in the ledger: online in the transaction of each revision, offline at a script's end."""

import json
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from alembic.script import Script

from migrations.release_step.database import ledger
from migrations.release_step.revisions import hashes, text_rules
from migrations.release_step.revisions.history import History

MOST_APPLIED = 500

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


def recorder(history: History, attempt: int, silent: list[str]) -> Callable[..., None]:
    """Alembic's on_version_apply: note the step inside its own transaction, and what it filled in silence."""
    started = time.monotonic()

    def record(*, ctx: Any, step: Any, **_: Any) -> None:
        known = ledger.read(ctx.connection)
        known["shipped"] = _shipped(history.revisions())
        known["applied"] = [
            *known["applied"][-MOST_APPLIED:],
            {
                "revision": step.up_revision_id,
                "direction": "up" if step.is_upgrade else "down",
                "at": datetime.now(UTC).isoformat(timespec="seconds"),
                "seconds": round(time.monotonic() - started, 3),
                "attempts": attempt,
                "hash": hashes.of_file(history.files[step.up_revision_id]),
                **({"silent": silent} if silent else {}),
            },
        ]
        ledger.write(ctx.connection, known)

    return record
