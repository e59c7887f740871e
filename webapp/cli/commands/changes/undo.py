"""stockcode undo: which change set, and what to ask before it is undone."""

import sys
from typing import Any

import click

from webapp.cli import speaking, table
from webapp.words.speech import LANGUAGES


@click.command("undo")
@click.argument("number", type=click.IntRange(1, 2**63 - 1))
@click.option(
    "--others", "leaves_touched", is_flag=True, help="Leave records as they are that have changed since."
)
@click.option("--dry-run", "is_dry_run", is_flag=True, help="Show what would change; change nothing.")
@click.option("--yes", "is_sure", is_flag=True, help="Do not ask.")
@click.option(
    "--later", "is_later", is_flag=True, help="With --yes: let a worker undo it; print the job's number."
)
@click.option("--json", "is_json", is_flag=True, help="Print one JSON object and nothing else on stdout.")
@click.option("--reason", help="Why; kept with the change set that undoes it.")
@click.option("--lang", type=click.Choice(LANGUAGES), help="The language to speak; otherwise the terminal's.")
def command(number: int, lang: str | None, **how: Any) -> None:
    speech = speaking.chosen(lang)
    if how["is_later"] and (how["is_dry_run"] or not how["is_sure"]):
        raise click.UsageError(speech.gettext("--later goes with --yes: a worker cannot ask."))
    if not (how["is_dry_run"] or how["is_sure"]) and (how["is_json"] or not sys.stdin.isatty()):
        raise click.UsageError(
            speech.gettext("Nobody is there to ask: give --yes to write or --dry-run to look.")
        )
    table.doing("undo").undo(number, {**how, "speech": speech})
