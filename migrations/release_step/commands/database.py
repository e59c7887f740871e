"""Commands that look at the database and change nothing."""

from typing import Any

from migrations.release_step.database import connecting, recorded
from migrations.release_step.revisions import environment
from migrations.release_step.telling.calls import Call
from migrations.release_step.verbs import pinging


def current(call: Call) -> dict[str, Any]:
    """The recorded revision."""
    target = connecting.target(call.environ)
    known = environment.history()
    with connecting.connect(target, call.patience()) as connection:
        revision = recorded.one(connection)
    call.reporter.line(revision)
    return {"revision": revision, "is_head": revision == (known.head or recorded.BASE)}


def ping(call: Call) -> dict[str, Any]:
    """The connection test."""
    return pinging.ping(connecting.target(call.environ), call.reporter)
