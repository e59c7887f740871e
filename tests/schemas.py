"""Databases that are not where this code is: what a release, or none, leaves behind."""

import json

from sqlalchemy import Connection, text

from webapp.services import releasing

RECORD = text("UPDATE alembic_version SET version_num = :revision")
SHOW = text("SELECT obj_description('alembic_version'::regclass, 'pg_class')")
WRITE = text("SELECT format('COMMENT ON TABLE alembic_version IS %L', CAST(:ledger AS text))")


def go_back(connection: Connection) -> str:
    """The revision of an older release, recorded in the test's transaction."""
    older = min(releasing.shipped().known - {releasing.shipped().wanted})
    connection.execute(RECORD, {"revision": older})
    releasing.forget()
    return older


def go_ahead(connection: Connection, revision: str, phase: str = "expand") -> None:
    """As after the release of newer code, which leaves a list of its revisions."""
    ledger = json.loads(connection.scalar(SHOW) or "{}")
    ledger["shipped"].append({"revision": revision, "phase": phase})
    connection.exec_driver_sql(connection.scalar(WRITE, {"ledger": json.dumps(ledger)}) or "")
    connection.execute(RECORD, {"revision": revision})
    releasing.forget()
