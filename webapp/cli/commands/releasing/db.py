"""stockcode db ...: whatever the release step takes; its own help and its own complaints."""

import click

from webapp.cli import table


@click.command(
    "db",
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
    add_help_option=False,
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(arguments: tuple[str, ...]) -> None:
    table.doing("db").db(arguments)
