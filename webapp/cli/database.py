"""What a command needs that speaks to the database: settings, log lines, a session; and what it says when they fail."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import IO, Any, ParamSpec, TypeVar

import click
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, ProgrammingError

import webapp.models  # noqa: F401 - every table is known before the first is asked for
from webapp import db, logs, settings, silence, sqlstates
from webapp.settings import EXIT_CONFIGURATION, SettingsError

LOCAL_ENV = Path(__file__).parents[2] / "var" / "local.env"
EXIT_NO_DATABASE = 4

Given = ParamSpec("Given")
Result = TypeVar("Result")


class Unsettled(click.ClickException):
    """A setting is missing or malformed. The message is one line, shown as it is."""

    exit_code = EXIT_CONFIGURATION

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(self.message, file=file, err=True)


class NoDatabase(Unsettled):
    """The database cannot be reached or used."""

    exit_code = EXIT_NO_DATABASE


def needed(command: Callable[Given, Result]) -> Callable[Given, Result]:
    """Let a command run with a session; a missing setting or an unreachable database is one line, no traceback."""

    @wraps(command)
    def connected(*args: Given.args, **options: Given.kwargs) -> Result:
        try:
            with bound():
                return command(*args, **options)
        except SettingsError as error:
            raise Unsettled(f"{error}{_hint()}") from None
        except (OperationalError, InterfaceError, ProgrammingError) as error:
            if (sentence := _about_database(error)) is None:
                raise
            raise NoDatabase(sentence) from None

    return connected


@contextmanager
def bound() -> Iterator[None]:
    """The session speaks to the database of this process's settings; at the end it is given back."""
    loaded = settings.from_environment()
    logs.configure(is_production=loaded.is_production)
    db.bind(db.make_engine(loaded.database_url))
    try:
        yield
    finally:
        silence.give_back(db.session)


def _hint() -> str:
    """Where this machine's installation, if there is one, keeps its settings."""
    return f" For this machine's installation: . {LOCAL_ENV}" if LOCAL_ENV.is_file() else ""


def _about_database(error: DBAPIError) -> str | None:
    """What is wrong with the database as a whole; None where the trouble is one statement."""
    state = sqlstates.of(error)
    if state in sqlstates.OF_AN_OLDER_SCHEMA:
        return (
            "The database is not at this release's revision. Run: python migrations/run_migrations.py upgrade"
        )
    if isinstance(error, ProgrammingError):
        return None
    return f"The database at DATABASE_URL cannot be reached or used ({state or 'no answer'})."
