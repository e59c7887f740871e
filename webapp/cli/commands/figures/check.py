"""stockcode check: which statements, by which rules, and how it is told."""

import click

from webapp.cli import table
from webapp.cli.figures import chosen
from webapp.words.speech import LANGUAGES


@click.command("check")
@chosen.companies
@click.option(
    "--rule", "rules", multiple=True, help="The id of a rule, such as B1; repeatable. Default: all."
)
@click.option("--json", "is_json", is_flag=True, help="Print one JSON object and nothing else on stdout.")
@click.option("--lang", type=click.Choice(LANGUAGES), help="The language to speak; otherwise the terminal's.")
def command(codes: tuple[str, ...], rules: tuple[str, ...], is_json: bool, lang: str | None) -> None:
    table.doing("check").check(codes, rules, is_json=is_json, lang=lang)
