"""stockcode worker: for ever, or once."""

import click

from webapp.cli import table


@click.command("worker")
@click.option("--once", is_flag=True, help="Do every job once, then end.")
def command(once: bool) -> None:
    table.doing("worker").worker(once=once)
