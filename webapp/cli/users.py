"""stockcode users: who may sign in."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask.cli import AppGroup

from webapp import db
from webapp.cli import schema, speaking
from webapp.services.accounts import accounts, permissions
from webapp.services.accounts.accounts import AccountError, NewUser

users = AppGroup("users", help="Look after who may sign in.")

from_stdin = click.option(
    "--password-stdin", is_flag=True, help="Read the password from the first line of standard input."
)


@users.command("add")
@click.argument("email")
@click.option("--role", type=click.Choice(permissions.ROLES), required=True, help="What they may do.")
@click.option("--name", default="", help="What others see; the e-mail address where it is left out.")
@from_stdin
@schema.needed
def add(email: str, role: str, name: str, password_stdin: bool) -> None:
    """Add somebody who may sign in."""
    wanted = NewUser(email, role, _password(from_stdin=password_stdin), name)
    with _transaction():
        user = accounts.add_user(wanted)
    _say("Added %(email)s as %(role)s.", email=user.email, role=user.role)


@users.command("set-password")
@click.argument("email")
@from_stdin
@schema.needed
def set_password(email: str, password_stdin: bool) -> None:
    """Give somebody a new password and end their sessions."""
    password = _password(from_stdin=password_stdin)
    with _transaction():
        user = accounts.find(email)
        accounts.set_password(user, password)
    _say("%(email)s has a new password; their sessions have ended.", email=user.email)


@users.command("set-role")
@click.argument("email")
@click.argument("role", type=click.Choice(permissions.ROLES))
@schema.needed
def set_role(email: str, role: str) -> None:
    """Change what somebody may do and end their sessions."""
    with _transaction():
        user = accounts.find(email)
        accounts.change_role(user, role)
    _say("%(email)s is now %(role)s.", email=user.email, role=user.role)


@users.command("disable")
@click.argument("email")
@schema.needed
def disable(email: str) -> None:
    """Let somebody in no more; what they did stays theirs."""
    with _transaction():
        user = accounts.find(email)
        accounts.disable(user)
    _say("%(email)s is disabled; their sessions have ended.", email=user.email)


@users.command("enable")
@click.argument("email")
@schema.needed
def enable(email: str) -> None:
    """Let somebody in again, with the password they had."""
    with _transaction():
        user = accounts.find(email)
        accounts.enable(user)
    _say("%(email)s may sign in again.", email=user.email)


@users.command("list")
def show() -> None:
    """Show everybody: e-mail address, role, state, last sign-in (UTC)."""
    speech = speaking.wanted(None)
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
        told = speaking.wanted(None).gettext(error.saying.message, **error.saying.params)
        raise click.ClickException(f"{what}{told}") from None


def _say(message: str, **values: str) -> None:
    """One line in the terminal's language."""
    click.echo(speaking.wanted(None).gettext(message, **values))


def _password(*, from_stdin: bool) -> str:
    """The password, typed twice or read; it is never an argument, which other users of the machine could see."""
    speech = speaking.wanted(None)
    if not from_stdin and not _is_at_terminal():
        raise click.UsageError(
            speech.gettext("There is no terminal to ask at. Pass the password with --password-stdin.")
        )
    if not from_stdin:
        return str(click.prompt(speech.gettext("Password"), hide_input=True, confirmation_prompt=True))
    try:
        password = sys.stdin.readline().rstrip("\r\n")
    except UnicodeDecodeError:
        raise click.UsageError(speech.gettext("The password on standard input is not text.")) from None
    if not password:
        raise click.UsageError(speech.gettext("There is no password on standard input."))
    return password


def _is_at_terminal() -> bool:
    return sys.stdin.isatty()
