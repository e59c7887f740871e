"""stockcode fetch: what to ask EDINET for, where it goes, and whether it is imported at once."""

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from webapp.cli import speaking, table
from webapp.words.speech import LANGUAGES

T = TypeVar("T", bound=Callable[..., Any])

OPTIONS = (
    click.option(
        "--into",
        default=".",
        type=click.Path(file_okay=False, path_type=Path),
        help="The folder for the files.",
    ),
    click.option("--anew", "is_anew", is_flag=True, help="Fetch what is in the folder already, too."),
    click.option("--import", "is_import", is_flag=True, help="Then import them, as stockcode import does."),
    click.option("--dry-run", "is_dry_run", is_flag=True, help="Show what would change; change nothing."),
    click.option("--yes", "is_sure", is_flag=True, help="Do not ask."),
    click.option("--json", "is_json", is_flag=True, help="Print one JSON object and nothing else on stdout."),
    click.option("--reason", help="Why; kept with the change set."),
    click.option(
        "--lang", type=click.Choice(LANGUAGES), help="The language to speak; otherwise the terminal's."
    ),
)
DAY = click.DateTime(["%Y-%m-%d"])


@click.group("fetch")
def command() -> None:
    """A group of commands, each about one kind of file."""


def _with_options(function: T) -> T:
    for option in reversed(OPTIONS):
        function = option(function)
    return function


@command.command("edinet-codes")
@_with_options
def codes(**given: Any) -> None:
    """Fetch today's list of EDINET codes; no key is needed."""
    table.doing("fetch").fetch("edinet-codes", {}, **_choice(given))


@command.command("edinet-documents")
@click.option("--date", "first", required=True, type=DAY, help="The day, or the first of several.")
@click.option("--until", "last", type=DAY, help="The last day of several.")
@_with_options
def documents(first: datetime, last: datetime | None, **given: Any) -> None:
    """Fetch the lists of documents of a day or of several, a file each."""
    days = {"first": first.date(), "last": (last or first).date()}
    table.doing("fetch").fetch("edinet-documents", days, **_choice(given))


@command.command("edinet-filing")
@click.argument("doc_ids", nargs=-1, metavar="[DOC_ID...]")
@click.option("--date", "first", type=DAY, help="Instead of documents: all reports of a day, and its list.")
@click.option("--until", "last", type=DAY, help="With --date: the last day of several.")
@_with_options
def filing(doc_ids: tuple[str, ...], first: datetime | None, last: datetime | None, **given: Any) -> None:
    """Fetch reports by the numbers of their documents, such as S100TVD7, or all of a day."""
    if (first is None) == (not doc_ids) or (last is not None and first is None):
        speech = speaking.chosen(given["lang"])
        raise click.UsageError(speech.gettext("Give the numbers of documents, or --date."))
    what: dict[str, Any] = {"doc_ids": doc_ids}
    if first is not None:
        what = {"first": first.date(), "last": (last or first).date()}
    table.doing("fetch").fetch("edinet-filing", what, **_choice(given))


def _choice(given: dict[str, Any]) -> dict[str, Any]:
    """How it is to go, in the language to speak."""
    speech = speaking.chosen(given.pop("lang"))
    is_decided = given["is_dry_run"] or given["is_sure"]
    if is_decided and not given["is_import"]:
        raise click.UsageError(speech.gettext("--dry-run and --yes are about --import, which is not given."))
    if given["is_import"] and not is_decided and (given["is_json"] or not sys.stdin.isatty()):
        raise click.UsageError(
            speech.gettext("Nobody is there to ask: give --yes to write or --dry-run to look.")
        )
    return {**given, "speech": speech}
