"""stockcode recalculate: which companies' indicators are computed anew."""

import click

from webapp.cli import table
from webapp.cli.figures import chosen


@click.command("recalculate")
@chosen.companies
def command(codes: tuple[str, ...]) -> None:
    table.doing("recalculate").recalculate(codes)
