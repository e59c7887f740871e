"""stockcode up: which port, and where things are kept."""

from pathlib import Path

import click

from webapp.cli import table

ROOT = Path(__file__).parents[3]


@click.command("up")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, envvar="PORT", show_default=True)
@click.option(
    "--data-dir",
    type=click.Path(file_okay=False, path_type=Path),
    default=ROOT / "var",
    show_default="var",
    help="Where the database and local.env are kept.",
)
def command(port: int, data_dir: Path) -> None:
    table.doing("up").up(port, data_dir)
