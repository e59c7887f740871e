"""stockcode restore FOLDER: the release step's command of that name."""

import click

from webapp.cli import table


@click.command("restore")
@click.argument("folder", type=click.Path())
@click.option(
    "--confirm-database", metavar="NAME", help="Consent to lose what the database of this name holds."
)
def command(folder: str, confirm_database: str | None) -> None:
    table.doing("restore").restore(folder, confirm_database)
