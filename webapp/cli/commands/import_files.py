"""stockcode import: which files of which kind, and what to ask before they are written."""

import sys
from pathlib import Path
from typing import Any

import click

from webapp.cli import import_kinds, speaking, table
from webapp.words.speech import LANGUAGES


@click.command("import")
@click.argument("kind", type=click.Choice(import_kinds.NAMES))
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--dry-run", "is_dry_run", is_flag=True, help="Show what would change; change nothing.")
@click.option("--yes", "is_sure", is_flag=True, help="Do not ask.")
@click.option(
    "--later", "is_later", is_flag=True, help="With --yes: let a worker write it; print the job's number."
)
@click.option("--json", "is_json", is_flag=True, help="Print one JSON object and nothing else on stdout.")
@click.option(
    "--whole", "is_whole", is_flag=True, help="Nothing is missing from the list: end what it does not name."
)
@click.option("--code", help="The securities code of a file of prices that does not say whose they are.")
@click.option(
    "--new", "takes_new", is_flag=True, help="Of an exported list: also take rows that are new in it."
)
@click.option(
    "--delete",
    "deletes",
    is_flag=True,
    help="Of an exported list: delete the rows that its column “Delete” marks.",
)
@click.option("--reason", help="Why; kept with the change set.")
@click.option("--lang", type=click.Choice(LANGUAGES), help="The language to speak; otherwise the terminal's.")
def command(kind: str, files: tuple[Path, ...], lang: str | None, **given: Any) -> None:
    speech = speaking.chosen(lang)
    how = {name: given.pop(name) for name in ("is_dry_run", "is_sure", "is_later", "is_json")}
    if how["is_later"] and (how["is_dry_run"] or not how["is_sure"]):
        raise click.UsageError(speech.gettext("--later goes with --yes: a worker cannot ask."))
    if not (how["is_dry_run"] or how["is_sure"]) and (how["is_json"] or not sys.stdin.isatty()):
        raise click.UsageError(
            speech.gettext("Nobody is there to ask: give --yes to write or --dry-run to look.")
        )
    asked = {"new": given.pop("takes_new"), "delete": given.pop("deletes")}
    given["asked"] = frozenset(name for name, is_asked in asked.items() if is_asked)
    table.doing("import").import_files(kind, files, {**how, "speech": speech}, **given)
