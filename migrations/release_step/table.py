"""Which files a command loads when it is called: the one table, and the one place, where an import stands as text."""

import importlib
from collections.abc import Mapping
from typing import Any

from migrations.release_step.telling import failures
from migrations.release_step.telling.calls import Call
from migrations.release_step.telling.failures import Failure

# In turn, until one has a result: Alembic takes most of a second to import, so a file that does without comes first.
# In each file the function has the command's name.
COMMANDS: Mapping[str, tuple[str, ...]] = {
    "heads": ("revisions.shipped", "commands.files"),
    "history": ("commands.files",),
    "current": ("commands.database",),
    "ping": ("commands.database",),
    "lint": ("commands.revisions",),
    "plan": ("commands.revisions",),
    "check": ("commands.models",),
    "doctor": ("commands.models",),
    "rebase": ("commands.revisions",),
    "backup": ("commands.backups",),
    "restore": ("commands.backups",),
    "generate": ("commands.models",),
    "upgrade": ("verbs.glance", "commands.releases"),
    "downgrade": ("commands.releases",),
    "stamp": ("commands.releases",),
}


# What is missing of these, nobody can install.
OURS = ("migrations", "webapp")


def run(call: Call) -> dict[str, Any]:
    """Run the command that the options name."""
    name: str = call.options.command
    for file in COMMANDS[name]:
        result: dict[str, Any] | None = getattr(_loaded(file), name)(call)
        if result is not None:
            return result
    raise AssertionError("the last file of a command has a result")


def diagnosed(call: Call, error: BaseException) -> Failure:
    """What an error outside every revision may be told of."""
    try:
        failure: Failure = _loaded("database.diagnosing").failure(call, error)
    except Failure as missing_library:
        return missing_library
    return failure


def _loaded(file: str) -> Any:
    """A file of the release step; a library that it needs and that is not there is a configuration failure."""
    try:
        return importlib.import_module(f"migrations.release_step.{file}")
    except ImportError as error:
        # psycopg without its library names nothing; the import that fails is its own.
        library = (error.name or "psycopg").partition(".")[0]
        if library in OURS:
            raise Failure("MIG-BUG-01", kind=type(error).__name__, where=failures.place(error)) from error
        raise Failure("MIG-CONF-02", driver=library) from None
