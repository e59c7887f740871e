"""stockcode recalculate: which companies' indicators are computed anew."""

import click

from webapp.cli import table
from webapp.cli.figures import chosen


@click.command("recalculate")
@chosen.companies
@click.option("--json", "is_json", is_flag=True, help="Print one JSON object and nothing else on stdout.")
def command(codes: tuple[str, ...], is_json: bool) -> None:
    table.doing("recalculate").recalculate(codes, is_json=is_json)
