"""Commands that compare with the models, and so load them."""

from typing import Any

from migrations.release_step.database import connecting
from migrations.release_step.revisions import environment
from migrations.release_step.telling.calls import Call
from migrations.release_step.verbs import checking, generating, running
from migrations.release_step.verbs import doctor as examining


def check(call: Call) -> dict[str, Any]:
    """Whether everything is as it should be."""
    connecting.target(call.environ)
    return checking.check(call, environment.history())


def doctor(call: Call) -> dict[str, Any]:
    """Everything that could stand in a release's way."""
    return examining.examine(running.release_of(call))


def generate(call: Call) -> dict[str, Any]:
    """A new revision from the difference."""
    options = call.options
    wanted = generating.Wanted(
        options.message, options.why, options.phase, is_by_hand=options.by_hand, renames=options.rename
    )
    return generating.generate(running.release_of(call), wanted)
