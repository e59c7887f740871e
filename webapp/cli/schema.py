"""Commands that write are refused, in one line, while the database is behind this code."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import click

from webapp.services import releasing

EXIT_STATE = 7  # as the release step's own exit code for a database that is not where it should be

Given = ParamSpec("Given")
Result = TypeVar("Result")


class SchemaRefused(click.ClickException):
    """The message is one line; nothing was written."""

    exit_code = EXIT_STATE


def needed(command: Callable[Given, Result]) -> Callable[Given, Result]:
    """Let a command begin only on a database that fits; goes next to the function, inside its app context."""

    @wraps(command)
    def checked(*args: Given.args, **options: Given.kwargs) -> Result:
        try:
            releasing.require()
        except releasing.Unreleased as refusal:
            how = "Run: python migrations/run_migrations.py upgrade"
            if refusal.standing.place == "unknown":
                how = "Deploy the code that knows it"
            raise SchemaRefused(f"{refusal} Nothing was written. {how}") from None
        return command(*args, **options)

    return checked
