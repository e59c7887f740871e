"""A script for psql: guarded by its start revision and the release lock, and as patient as a release online."""

from types import ModuleType
from typing import Any

from alembic.ddl.impl import DefaultImpl
from sqlalchemy import Executable, text
from sqlalchemy.schema import DDLElement

from migrations.release_step.database import locking
from migrations.release_step.revisions import noting, statements
from migrations.release_step.telling.patience import Patience

PATIENCE = Patience()

SETTINGS = f"""SET lock_timeout = '{PATIENCE.lock_ms}ms' {statements.OURS};
SET statement_timeout = '{PATIENCE.statement_ms}ms' {statements.OURS};
SET idle_in_transaction_session_timeout = '{PATIENCE.idle_ms}ms' {statements.OURS};
"""

GUARD = """\\set ON_ERROR_STOP on
-- Run with: psql --no-psqlrc --file=THIS_FILE   (not with -1: the script opens a transaction per revision)
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
DROP_EMPTY_RECORD = "IF to_regclass('alembic_version') IS NOT NULL THEN DROP TABLE alembic_version; END IF;"


def run(context: ModuleType) -> None:
    """Write settings, guard and revisions to the configured output."""
    migration = context.get_context()
    start = ", ".join(migration.get_current_heads()) or "base"
    if context.config.attributes.get("is_guarded", True):
        prepare = DROP_EMPTY_RECORD if start == "base" else "NULL;"
        migration.impl.static_output(GUARD.format(key=locking.KEY_SQL, start=start, prepare=prepare))
    migration.impl.static_output(SETTINGS)
    _keep_tabs(migration.impl)
    migration.impl.emit_begin = lambda: migration.impl.static_output(f"{statements.BEGIN};")
    migration.impl.emit_commit = lambda: migration.impl.static_output(f"{statements.COMMIT};")
    with context.begin_transaction():
        context.run_migrations()
    if context.config.attributes.get("is_guarded", True):
        # So that older code, after a rollback, knows a database that a script brought ahead of it.
        revisions = reversed(list(context.script.walk_revisions()))
        migration.impl.static_output(noting.script(revisions))


def _keep_tabs(impl: DefaultImpl) -> None:
    """Alembic writes four spaces for a tab: the body of a function, or a literal, would be another than online."""
    usual = impl._exec

    def written(construct: Executable | str, _options: object = None, **parameters: Any) -> None:
        if parameters:
            usual(construct, **parameters)
            return
        statement = text(construct) if isinstance(construct, str) else construct
        options = {} if isinstance(statement, DDLElement) else {"compile_kwargs": {"literal_binds": True}}
        compiled = statement.compile(dialect=impl.dialect, **options)  # type: ignore[attr-defined]  # both have it
        impl.static_output(str(compiled).strip() + impl.command_terminator)

    impl._exec = written  # type: ignore[method-assign, assignment]  # in its place
