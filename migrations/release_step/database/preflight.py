"""Refuse a server, session or role on which a release could end half done; runs before any DDL."""

from sqlalchemy import Connection, text

from migrations.release_step.database import connecting
from migrations.release_step.database.connecting import Target
from migrations.release_step.telling.failures import Failure

OLDEST_SERVER = 150000

FACTS = text("""
    SELECT current_setting('server_version_num')::int AS version_number,
           current_setting('server_version') AS version,
           pg_is_in_recovery() AS is_replica,
           current_setting('transaction_read_only') = 'on' AS is_read_only,
           current_user AS role,
           coalesce(current_schema(), '') AS schema,
           coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS may_create
""")

NOT_OWNED = text("""
    SELECT relname FROM pg_class
    WHERE relnamespace = to_regnamespace(current_schema()) AND relkind IN ('r', 'p', 'v', 'm')
      AND NOT pg_has_role(relowner, 'USAGE')
    ORDER BY relname
""")


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
    if names := connection.scalars(NOT_OWNED).all():
        shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        raise Failure("MIG-SAFE-06", role=facts.role, names=shown)
