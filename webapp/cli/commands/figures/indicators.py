"""stockcode indicators: the catalogue of indicators."""

import click

from webapp.cli import table
from webapp.words.speech import LANGUAGES


@click.command("indicators")
@click.option("--json", "is_json", is_flag=True, help="Print one JSON object and nothing else on stdout.")
@click.option("--lang", type=click.Choice(LANGUAGES), help="The language to speak; otherwise the terminal's.")
def command(is_json: bool, lang: str | None) -> None:
    table.doing("indicators").indicators(is_json=is_json, lang=lang)
