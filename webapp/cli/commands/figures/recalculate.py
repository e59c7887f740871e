"""stockcode recalculate: which companies' indicators are computed anew."""

import click

from webapp.cli import table


@click.command("recalculate")
@click.option(
    "--company", "codes", multiple=True, help="A securities code or EDINET code; repeatable. Default: all."
)
def command(codes: tuple[str, ...]) -> None:
    table.doing("recalculate").recalculate(codes)
