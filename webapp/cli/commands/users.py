"""stockcode users: whom it is about, and their password where it is given."""

import sys
from typing import Any

import click

from webapp.cli import speaking, table
from webapp.rules.people.account import ROLES

from_stdin = click.option(
    "--password-stdin", is_flag=True, help="Read the password from the first line of standard input."
)


@click.group("users")
def command() -> None:
    """A group of commands, each about one person or all of them."""


@command.command("add")
@click.argument("email")
@click.option("--role", type=click.Choice(ROLES), required=True, help="What they may do.")
@click.option("--name", default="", help="What others see; the e-mail address where it is left out.")
@from_stdin
def add(password_stdin: bool, **given: Any) -> None:
    """Add somebody who may sign in."""
    password = _given_password(from_stdin=password_stdin)
    table.doing("users").add(password=password, **given)


@command.command("set-password")
@click.argument("email")
@from_stdin
def set_password(email: str, password_stdin: bool) -> None:
    """Give somebody a new password and end their sessions."""
    password = _given_password(from_stdin=password_stdin)
    table.doing("users").set_password(email, password)


@command.command("set-role")
@click.argument("email")
@click.argument("role", type=click.Choice(ROLES))
def set_role(email: str, role: str) -> None:
    """Change what somebody may do and end their sessions."""
    table.doing("users").set_role(email, role)


@command.command("disable")
@click.argument("email")
def disable(email: str) -> None:
    """Let somebody in no more; what they did stays theirs."""
    table.doing("users").disable(email)


@command.command("enable")
@click.argument("email")
def enable(email: str) -> None:
    """Let somebody in again, with the password they had."""
    table.doing("users").enable(email)


@command.command("list")
def show() -> None:
    """Show everybody: e-mail address, role, state, last sign-in (UTC)."""
    table.doing("users").show()


def _given_password(*, from_stdin: bool) -> str | None:
    """What standard input holds; None where it is to be asked for at the terminal, once the database is there.

    It is never an argument, which other users of the machine could see.
    """
    speech = speaking.chosen(None)
    if not from_stdin:
        if _is_at_terminal():
            return None
        raise click.UsageError(
            speech.gettext("There is no terminal to ask at. Pass the password with --password-stdin.")
        )
    try:
        password = sys.stdin.readline().rstrip("\r\n")
    except UnicodeDecodeError:
        raise click.UsageError(speech.gettext("The password on standard input is not text.")) from None
    if not password:
        raise click.UsageError(speech.gettext("There is no password on standard input."))
    return password


def _is_at_terminal() -> bool:
    return sys.stdin.isatty()
