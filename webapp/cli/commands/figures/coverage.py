"""stockcode coverage: of which companies, and how it is told."""

import click

from webapp.cli import table
from webapp.cli.figures import chosen
from webapp.words.speech import LANGUAGES


@click.command("coverage")
@chosen.companies
@click.option("--json", "is_json", is_flag=True, help="Print one JSON object and nothing else on stdout.")
@click.option("--lang", type=click.Choice(LANGUAGES), help="The language to speak; otherwise the terminal's.")
def command(codes: tuple[str, ...], is_json: bool, lang: str | None) -> None:
    table.doing("coverage").coverage(codes, is_json=is_json, lang=lang)
