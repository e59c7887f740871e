"""Refuse a server, session or role on which a release could end half done; runs before any DDL."""

from sqlalchemy import Connection, text

from migrations.release_step.database import connecting
from migrations.release_step.database.connecting import Target
from migrations.release_step.telling.failures import Failure

OLDEST_SERVER = 150000
ENCODING = "UTF8"

FACTS = text("""
    SELECT current_setting('server_version_num')::int AS version_number,
           current_setting('server_version') AS version,
           pg_is_in_recovery() AS is_replica,
           current_setting('transaction_read_only') = 'on' AS is_read_only,
           current_user AS role,
           coalesce(current_schema(), '') AS schema,
           coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS may_create,
           pg_encoding_to_char((SELECT encoding FROM pg_database WHERE datname = current_database())) AS encoding,
           (SELECT nspname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
            WHERE c.oid = to_regclass('alembic_version')) AS home
""")

NOT_OWNED = text("""
    SELECT relname FROM pg_class
    WHERE relnamespace = to_regnamespace(current_schema()) AND relkind IN ('r', 'p', 'v', 'm')
      AND NOT pg_has_role(relowner, 'USAGE')
    ORDER BY relname
""")

# What comes with an extension is nobody's history.
WITHOUT_RECORD = text("""
    SELECT relname FROM pg_class c
    WHERE relnamespace = to_regnamespace(quote_ident(current_schema())) AND relkind IN ('r', 'p', 'v', 'm')
      AND to_regclass('alembic_version') IS NULL
      AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype = 'e')
    ORDER BY relname
""")
PREPARED = text("SELECT gid FROM pg_prepared_xacts WHERE database = current_database() ORDER BY gid")


def require(connection: Connection, target: Target) -> None:
    """Raise the first reason not to release here; leaves no transaction open."""
    try:
        _require(connection, target)
    finally:
        connection.rollback()


def _require(connection: Connection, target: Target) -> None:
    facts = connection.execute(FACTS).one()
    if connecting.is_pooled(connection):
        raise Failure("MIG-SAFE-04", host=target.host)
    if facts.version_number < OLDEST_SERVER:
        raise Failure("MIG-SAFE-01", found=facts.version)
    if facts.is_replica:
        raise Failure("MIG-SAFE-02", host=target.host)
    if facts.is_read_only:
        raise Failure("MIG-SAFE-03")
    if not facts.may_create:
        raise Failure("MIG-SAFE-05", role=facts.role, schema=facts.schema or "(none on the search path)")
    if facts.encoding != ENCODING:
        raise Failure("MIG-SAFE-17", database=target.database, found=facts.encoding)
    if facts.home not in (None, facts.schema):
        raise Failure("MIG-SAFE-18", schema=facts.schema, home=facts.home)
    _require_contents(connection, facts.role, facts.schema)


def _require_contents(connection: Connection, role: str, schema: str) -> None:
    if names := list(connection.scalars(NOT_OWNED)):
        raise Failure("MIG-SAFE-06", role=role, names=_shown(names))
    if names := list(connection.scalars(WITHOUT_RECORD)):
        raise Failure("MIG-STATE-10", schema=schema, count=len(names), names=_shown(names))
    if names := list(connection.scalars(PREPARED)):
        raise Failure("MIG-LOCK-05", names=_shown(names))


def _shown(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
