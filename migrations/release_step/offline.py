"""The history as a script for psql: guarded by its start revision and the release lock, made without a database."""

from types import ModuleType

from migrations.release_step import locking
from migrations.release_step.connecting import Patience

PATIENCE = Patience()

HEADER = """\\set ON_ERROR_STOP on
-- Run with: psql --no-psqlrc --file=THIS_FILE   (not with -1: the script opens a transaction per revision)
SET lock_timeout = '{lock}ms';
SET statement_timeout = '{statement}ms';
SET idle_in_transaction_session_timeout = '{idle}ms';
DO $guard$
DECLARE
    recorded text := 'base';
BEGIN
    IF NOT pg_try_advisory_lock({key}) THEN
        RAISE EXCEPTION 'MIG-LOCK-01: another release holds the lock';
    END IF;
    IF to_regclass('alembic_version') IS NOT NULL THEN
        SELECT coalesce(string_agg(version_num, ', ' ORDER BY version_num), 'base') INTO recorded
        FROM alembic_version;
    END IF;
    IF recorded <> '{start}' THEN
        RAISE EXCEPTION 'MIG-STATE-03: this script starts at {start}, the database is at %', recorded;
    END IF;
    {prepare}
END
$guard$;
"""

# Alembic's script for a fresh installation creates its table; one left empty by a downgrade would be in the way.
DROP_EMPTY_RECORD = "DROP TABLE IF EXISTS alembic_version;"


def run(context: ModuleType) -> None:
    """Write the guard, then the revisions, to the configured output."""
    start = context.get_starting_revision_argument() or "base"
    header = HEADER.format(
        lock=PATIENCE.lock_ms,
        statement=PATIENCE.statement_ms,
        idle=PATIENCE.idle_ms,
        key=locking.KEY_SQL,
        start=start,
        prepare=DROP_EMPTY_RECORD if start == "base" else "NULL;",
    )
    context.get_context().impl.static_output(header)
    with context.begin_transaction():
        context.run_migrations()
