"""Partitions are made by hand or by a job; to the models only their parent exists."""

from sqlalchemy import Connection, text

PARTITIONS = text("SELECT relname FROM pg_class WHERE relispartition AND relkind IN ('r', 'p')")


def names(connection: Connection) -> frozenset[str]:
    """Names that no comparison may drop; leaves no transaction open."""
    found = frozenset(connection.scalars(PARTITIONS))
    connection.rollback()
    return found
