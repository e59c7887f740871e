"""stockcode backup FOLDER: the release step's command of that name."""

import click

from webapp.cli import table


@click.command("backup")
@click.argument("folder", type=click.Path())
def command(folder: str) -> None:
    table.doing("backup").backup(folder)
