"""Commands that write are refused, in one line, while the database is behind this code."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import click

from webapp.cli import speaking
from webapp.services import releasing
from webapp.services.releasing import Standing
from webapp.words.speech import Speech

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
            raise SchemaRefused(_sentence(refusal.standing, speaking.chosen(None))) from None
        return command(*args, **options)

    return checked


def _sentence(standing: Standing, spoken: Speech) -> str:
    """Why nothing was written, and what to do about it."""
    run = spoken.gettext("Run: %(command)s", command="python migrations/run_migrations.py upgrade")
    how = spoken.gettext("Deploy the code that knows it") if standing.place == "unknown" else run
    why = spoken.sentence(standing.finding)
    return spoken.gettext("%(why)s Nothing was written. %(how)s", why=why, how=how)
