"""Build and drop indexes on live tables: concurrently, bounded, and repaired when an earlier try left them INVALID.

from migrations import indexes

def upgrade() -> None:
    indexes.create(op, "ix_filings_submitted_at", "filings", ["submitted_at"])
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.sql.elements import TextClause

from migrations.release_step.revisions.statements import OURS

# A revision hands on `alembic.op`, a module that stands for Operations.
AnyOperations = Any
# Longer than any build of this size; shorter than a night. Nobody waits for the locks that it takes.
DEADLINE_SECONDS = 3600

STATE = text("""
    SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(quote_ident(:name))
""")


def create(
    op: AnyOperations, name: str, table: str, columns: Sequence[str | TextClause], **options: Any
) -> None:
    """Create an index while the application goes on reading and writing; options are those of op.create_index.

    One such call per revision: what comes before it is committed. A valid index of that name is taken for the
    fruit of an earlier run (`check` compares its definition), an INVALID one is dropped and built again.
    """
    context = op.get_context()
    if _is_fresh_installation(context):
        op.create_index(name, table, list(columns), **options)
        return
    with context.autocommit_block(), _patient(op):
        state = None if context.as_sql else _connection(op).scalar(STATE, {"name": name})
        if state is True:
            return
        if state is False or context.as_sql:
            op.drop_index(name, table_name=table, postgresql_concurrently=True, if_exists=True)
        op.create_index(name, table, list(columns), postgresql_concurrently=True, **options)


def drop(op: AnyOperations, name: str, table: str) -> None:
    """Drop an index while the application goes on; one that is gone already is what was wanted."""
    context = op.get_context()
    with context.autocommit_block(), _patient(op):
        op.drop_index(name, table_name=table, postgresql_concurrently=True, if_exists=True)


def _is_fresh_installation(context: MigrationContext) -> bool:
    """A script for an empty database builds plain indexes: quicker, and in the revision's own transaction."""
    return bool(context.as_sql and not context.opts.get("starting_rev") and context.opts.get("is_fresh"))


@contextmanager
def _patient(op: AnyOperations) -> Iterator[None]:
    """No lock timeout, which would cancel the build half-way; a deadline for the whole instead."""
    settings = {"lock_timeout": "0", "statement_timeout": f"{DEADLINE_SECONDS}s"}
    if op.get_context().as_sql:
        for name, value in settings.items():
            op.execute(f"SET {name} = '{value}' {OURS}")
        yield
        for name in settings:
            op.execute(f"RESET {name} {OURS}")
        return
    connection = _connection(op)
    before = {name: connection.scalar(text(f"SHOW {name}")) for name in settings}
    _set(connection, settings)
    try:
        yield
    finally:
        if not connection.invalidated:
            _set(connection, before)


def _set(connection: Connection, settings: dict[str, Any]) -> None:
    for name, value in settings.items():
        connection.execute(text("SELECT set_config(:name, :value, false)"), {"name": name, "value": value})


def _connection(op: AnyOperations) -> Connection:
    bind = op.get_bind()
    assert isinstance(bind, Connection)
    return bind
