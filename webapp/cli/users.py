"""stockcode users: who may sign in; changed in one transaction, told in one line."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from webapp import db
from webapp.cli import database, schema, speaking
from webapp.services.accounts import accounts
from webapp.services.accounts.accounts import AccountError, NewUser


@database.needed
@schema.needed
def add(*, email: str, role: str, name: str, password: str | None) -> None:
    """Add them, and say so."""
    newcomer = NewUser(email, role, password or _asked_password(), name)
    with _transaction():
        user = accounts.add_user(newcomer)
    _say("Added %(email)s as %(role)s.", email=user.email, role=user.role)


@database.needed
@schema.needed
def set_password(email: str, password: str | None) -> None:
    """Set it, end their sessions, and say so."""
    password = password or _asked_password()
    with _transaction():
        user = accounts.find(email)
        accounts.set_password(user, password)
    _say("%(email)s has a new password; their sessions have ended.", email=user.email)


@database.needed
@schema.needed
def set_role(email: str, role: str) -> None:
    """Change it, end their sessions, and say so."""
    with _transaction():
        user = accounts.find(email)
        accounts.change_role(user, role)
    _say("%(email)s is now %(role)s.", email=user.email, role=user.role)


@database.needed
@schema.needed
def disable(email: str) -> None:
    """Let them in no more, and say so."""
    with _transaction():
        user = accounts.find(email)
        accounts.disable(user)
    _say("%(email)s is disabled; their sessions have ended.", email=user.email)


@database.needed
@schema.needed
def enable(email: str) -> None:
    """Let them in again, and say so."""
    with _transaction():
        user = accounts.find(email)
        accounts.enable(user)
    _say("%(email)s may sign in again.", email=user.email)


@database.needed
def show() -> None:
    """A line of tab-separated words for everybody."""
    speech = speaking.chosen(None)
    with _transaction():
        for user in accounts.everybody():
            state = speech.gettext("active" if user.is_active else "disabled")
            at = user.last_signed_in_at
            seen = at.strftime("%Y-%m-%d %H:%M") if at else speech.gettext("never")
            click.echo(f"{user.email}\t{user.role}\t{state}\t{seen}")


@contextmanager
def _transaction() -> Iterator[None]:
    """A transaction whose refusals are one line on standard error, exit 1."""
    try:
        with db.transaction():
            yield
    except AccountError as error:
        what = f"{error.field}: " if error.field else ""
        sentence = speaking.chosen(None).sentence(error.saying)
        raise click.ClickException(f"{what}{sentence}") from None


def _say(message: str, **values: str) -> None:
    """One line in the terminal's language."""
    click.echo(speaking.chosen(None).gettext(message, **values))


def _asked_password() -> str:
    """Typed twice at the terminal."""
    prompt = speaking.chosen(None).gettext("Password")
    return str(click.prompt(prompt, hide_input=True, confirmation_prompt=True))
