"""stockcode seed: called with nothing."""

import click

from webapp.cli import table


@click.command("seed")
def command() -> None:
    table.doing("seed").seed()
