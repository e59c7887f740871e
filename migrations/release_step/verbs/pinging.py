"""The connection test: who answers, as whom, with which rights, how fast."""

import time
from typing import Any

from sqlalchemy import Connection, text

from migrations.release_step.database import connecting, preflight
from migrations.release_step.database.connecting import Target
from migrations.release_step.telling.failures import Failure
from migrations.release_step.telling.patience import Patience
from migrations.release_step.telling.reporting import Reporter


def ping(target: Target, reporter: Reporter) -> dict[str, Any]:
    """Facts about the server; whether it could be released to is one of them, no failure."""
    started = time.monotonic()
    with connecting.connect(target, Patience(connect_seconds=0)) as connection:
        connected = time.monotonic()
        connection.execute(text("SELECT 1"))
        latency = time.monotonic() - connected
        facts = connection.execute(preflight.FACTS).one()
        connection.rollback()
        obstacle = _obstacle(connection, target)
    data = {
        **target.shown,
        "server_version": facts.version,
        "role": facts.role,
        "schema": facts.schema,
        "may_create": facts.may_create,
        "is_replica": facts.is_replica,
        "is_read_only": facts.is_read_only,
        "connect_ms": round((connected - started) * 1000, 1),
        "latency_ms": round(latency * 1000, 2),
        "obstacle": obstacle,
    }
    for name, value in data.items():
        reporter.line(f"{name:>15}  {'none' if value is None else value}")
    return data


def _obstacle(connection: Connection, target: Target) -> str | None:
    try:
        preflight.require(connection, target)
    except Failure as failure:
        return failure.line
    return None
