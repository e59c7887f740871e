"""stockcode users: who may sign in."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask.cli import AppGroup

from webapp import db
from webapp.cli import schema
from webapp.services import accounts, permissions
from webapp.services.accounts import AccountError, NewUser

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
    click.echo(f"Added {user.email} as {user.role}.")


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
    click.echo(f"{user.email} has a new password; their sessions have ended.")


@users.command("set-role")
@click.argument("email")
@click.argument("role", type=click.Choice(permissions.ROLES))
@schema.needed
def set_role(email: str, role: str) -> None:
    """Change what somebody may do and end their sessions."""
    with _transaction():
        user = accounts.find(email)
        accounts.change_role(user, role)
    click.echo(f"{user.email} is now {user.role}.")


@users.command("disable")
@click.argument("email")
@schema.needed
def disable(email: str) -> None:
    """Let somebody in no more; what they did stays theirs."""
    with _transaction():
        user = accounts.find(email)
        accounts.disable(user)
    click.echo(f"{user.email} is disabled; their sessions have ended.")


@users.command("enable")
@click.argument("email")
@schema.needed
def enable(email: str) -> None:
    """Let somebody in again, with the password they had."""
    with _transaction():
        user = accounts.find(email)
        accounts.enable(user)
    click.echo(f"{user.email} may sign in again.")


@users.command("list")
def show() -> None:
    """Show everybody: e-mail address, role, state, last sign-in (UTC)."""
    with _transaction():
        for user in accounts.everybody():
            state = "active" if user.is_active else "disabled"
            seen = user.last_signed_in_at.strftime("%Y-%m-%d %H:%M") if user.last_signed_in_at else "never"
            click.echo(f"{user.email}\t{user.role}\t{state}\t{seen}")


@contextmanager
def _transaction() -> Iterator[None]:
    """A transaction whose refusals are one line on standard error, exit 1."""
    try:
        with db.transaction():
            yield
    except AccountError as error:
        what = f"{error.field}: " if error.field else ""
        raise click.ClickException(f"{what}{error}") from None


def _password(*, from_stdin: bool) -> str:
    """The password, typed twice or read; it is never an argument, which other users of the machine could see."""
    if not from_stdin and not _is_at_terminal():
        raise click.UsageError("There is no terminal to ask at. Pass the password with --password-stdin.")
    if not from_stdin:
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    try:
        password = sys.stdin.readline().rstrip("\r\n")
    except UnicodeDecodeError:
        raise click.UsageError("The password on standard input is not text.") from None
    if not password:
        raise click.UsageError("There is no password on standard input.")
    return password


def _is_at_terminal() -> bool:
    return sys.stdin.isatty()
