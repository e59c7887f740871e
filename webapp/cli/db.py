"""stockcode db ...: the release step under the name that operators already type."""

import sys

import click

from migrations import run_migrations
from migrations.release_step import signals


@click.command(
    name="db",
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
    add_help_option=False,
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def group(arguments: tuple[str, ...]) -> None:
    """The release step: upgrade, check, plan, doctor, ... (see migrations/README.md)."""
    signals.install()
    sys.exit(run_migrations.main(arguments))
