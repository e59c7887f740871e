"""stockcode companies: which two rows are one company, and what is taken of the one that goes."""

from typing import Any

import click

from webapp.cli import table


@click.group("companies")
def command() -> None:
    """A group of commands on companies as a whole."""


@command.command("merge")
@click.argument("loser")
@click.argument("winner")
@click.option(
    "--take", "fields", multiple=True, metavar="FIELD", help="Take this field of LOSER; repeat for more."
)
@click.option("--take-statements", is_flag=True, help="Of statements that both have, take those of LOSER.")
@click.option("--take-prices", is_flag=True, help="Of days that both have, take the prices of LOSER.")
@click.option("--reason", help="Why, for the change set.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "is_json", is_flag=True, help="One JSON object; needs --yes.")
def merge(**given: Any) -> None:
    """Make one row of a company that stands twice: all of LOSER follows WINNER (codes or #NUMBER). Exits 1 if not."""
    table.doing("companies").merge(**given)
