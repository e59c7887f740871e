"""Commands about the revisions that this code was shipped with: neither a database nor the models are asked."""

from typing import Any

from migrations.release_step.revisions import environment
from migrations.release_step.revisions import history as revisions_as_data
from migrations.release_step.telling.calls import Call


def heads(call: Call) -> dict[str, Any]:
    """Every newest revision: one, unless two branches have met."""
    names = environment.history().heads
    for name in names:
        call.reporter.line(name)
    return {"heads": list(names)}


def history(call: Call) -> dict[str, Any]:
    """Every revision, oldest first."""
    revisions = revisions_as_data.labels(environment.history().revisions())
    for revision in revisions:
        call.reporter.line(f"{revision['revision']}  {revision['title']}")
    return {"revisions": revisions}
