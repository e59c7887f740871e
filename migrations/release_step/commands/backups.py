"""Commands that copy a whole database, and bring a copy back."""

from pathlib import Path
from typing import Any

from migrations.release_step.telling.calls import Call
from migrations.release_step.verbs import backing_up, running


def backup(call: Call) -> dict[str, Any]:
    """A copy in a new folder."""
    return backing_up.back_up(running.release_of(call), Path(call.options.folder))


def restore(call: Call) -> dict[str, Any]:
    """A copy brought back, and counted."""
    options = call.options
    return backing_up.restore(running.release_of(call), Path(options.folder), options.confirm_database)
