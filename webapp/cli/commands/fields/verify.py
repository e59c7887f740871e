"""stockcode verify: which fields of which record somebody has looked at."""

from typing import Any

import click

from webapp.cli import table
from webapp.words.speech import LANGUAGES


@click.command("verify")
@click.argument("table_name", metavar="TABLE")
@click.argument("key")
@click.argument("fields", metavar="FIELD...", nargs=-1, required=True)
@click.option("--reason", help="Why, for the change set.")
@click.option("--json", "is_json", is_flag=True, help="Print one JSON object and nothing else on stdout.")
@click.option("--lang", type=click.Choice(LANGUAGES), help="The language to speak; otherwise the terminal's.")
def command(**given: Any) -> None:
    table.doing("verify").verify(**given)
