"""stockcode jobs: what is in the queue, and what one does to a job by its number."""

import click

from webapp.cli import table

number = click.argument("number", type=click.IntRange(1, 2**63 - 1))


@click.group("jobs")
def command() -> None:
    """A group of commands, each about one job or the newest of them."""


@command.command("list")
@click.option("--most", type=click.IntRange(1, 1000), default=20, help="How many. Default 20.")
@click.option("--all", "is_all", is_flag=True, help="Those too that came by themselves and were done.")
def list_newest(most: int, is_all: bool) -> None:
    """The newest jobs that people asked for, or that were not done: state, progress, what came of it."""
    table.doing("jobs").list_newest(most, is_asked_for=not is_all)


@command.command("watch")
@number
def watch(number: int) -> None:
    """Show how far a job has come until it has ended; exits 1 where it was not done."""
    table.doing("jobs").watch(number)


@command.command("cancel")
@number
def cancel(number: int) -> None:
    """End a job that waits, or have the worker end it that is at it."""
    table.doing("jobs").cancel(number)


@command.command("again")
@number
def again(number: int) -> None:
    """Have a job that has ended done once more."""
    table.doing("jobs").again(number)
