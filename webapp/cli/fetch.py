"""stockcode fetch: bring files of EDINET here, tell what came, and import them where that is asked for."""

import json
import re
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from webapp import environment
from webapp.cli import table
from webapp.cli.database import Unsettled
from webapp.rules import calendar
from webapp.services.intake.fetching import folders
from webapp.services.intake.fetching.asking import Edinet
from webapp.services.intake.fetching.folders import FETCHED, KEPT, NOT_FETCHED, Outcome, Wanted, WrongWish
from webapp.words.speech import Speech

KEY = re.compile("[!-~]{1,200}")
EXIT_NOT_FETCHED = 1
# How a report counts files -> what people read.
SENTENCES = {FETCHED: "fetched", KEPT: "there already", NOT_FETCHED: "not fetched"}


@dataclass(frozen=True, slots=True)
class Choice:
    """Where the files go, and how they are told of and imported."""

    into: Path
    is_anew: bool
    is_import: bool
    is_dry_run: bool
    is_sure: bool
    is_json: bool
    reason: str | None
    speech: Speech


def fetch(kind: str, what: Mapping[str, Any], **how: Any) -> None:
    """Fetch what is wanted of a kind; `how` are the fields of a Choice."""
    choice = Choice(**how)
    files = _wanted(kind, what, choice)
    edinet = Edinet() if kind == "edinet-codes" else Edinet(_key(choice))
    try:
        outcomes = _fetched(files, edinet, choice)
        if kind == "edinet-filing" and "first" in what and not _has_failed(outcomes):
            # The days say which reports there are.
            outcomes += _fetched(folders.filings_of([day.path for day in outcomes]), edinet, choice)
    except OSError as error:
        raise click.ClickException(f"{choice.into}: {error.strerror}") from None
    _tell(outcomes, choice)
    if _has_failed(outcomes):
        if choice.is_import:
            click.echo(
                choice.speech.gettext("Nothing is imported before everything is there; fetch again."),
                err=True,
            )
        sys.exit(EXIT_NOT_FETCHED)
    if choice.is_import:
        _import(kind, outcomes, choice)


def _has_failed(outcomes: Sequence[Outcome]) -> bool:
    return any(outcome.failure is not None for outcome in outcomes)


def _wanted(kind: str, what: Mapping[str, Any], choice: Choice) -> Sequence[Wanted]:
    today = calendar.today()
    try:
        if kind == "edinet-codes":
            return folders.code_list(today)
        if "first" in what:
            return folders.days(what["first"], what["last"], today)
        return folders.filings(what["doc_ids"])
    except WrongWish as error:
        raise click.UsageError(choice.speech.gettext(error.reason, **error.values)) from None


def _key(choice: Choice) -> str:
    """The key, from the environment alone: what is typed stands in histories and in lists of processes."""
    key = environment.variables().get("EDINET_API_KEY", "").strip()
    if not KEY.fullmatch(key):
        raise Unsettled(choice.speech.gettext("EDINET_API_KEY is not set, or is no key."))
    return key


def _fetched(files: Sequence[Wanted], edinet: Edinet, choice: Choice) -> list[Outcome]:
    outcomes = []
    is_hidden = not sys.stderr.isatty()
    with click.progressbar(length=len(files), label="EDINET", file=sys.stderr, hidden=is_hidden) as bar:
        for outcome in folders.into(choice.into, files, edinet, is_anew=choice.is_anew):
            outcomes.append(outcome)
            bar.update(1)
    return outcomes


def _tell(outcomes: Sequence[Outcome], choice: Choice) -> None:
    """The counts, and each failure once; on stdout, unless that belongs to what an import tells that follows."""
    speech = choice.speech
    counts = Counter(outcome.status for outcome in outcomes)
    if choice.is_json and (not choice.is_import or _has_failed(outcomes)):
        files = [_as_json(outcome, speech) for outcome in outcomes]
        report = {
            "folder": str(choice.into),
            "counts": {name: counts[name] for name in SENTENCES},
            "files": files,
        }
        click.echo(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        said = ", ".join(f"{speech.gettext(words)} {counts[name]:,}" for name, words in SENTENCES.items())
        click.echo(f"{choice.into}: {said}", err=choice.is_json)
    reasons = {str(outcome.failure): outcome for outcome in reversed(outcomes) if outcome.failure is not None}
    for outcome in reversed(reasons.values()):
        click.echo(f"{outcome.path.name}: {_reason(outcome, speech)}.", err=True)


def _as_json(outcome: Outcome, speech: Speech) -> dict[str, str]:
    facts = {"file": outcome.path.name, "status": outcome.status}
    return facts if outcome.failure is None else {**facts, "reason": _reason(outcome, speech)}


def _reason(outcome: Outcome, speech: Speech) -> str:
    failure = outcome.failure
    return "" if failure is None else speech.gettext(failure.reason, **failure.values)


def _import(kind: str, outcomes: Sequence[Outcome], choice: Choice) -> None:
    how = {
        "is_dry_run": choice.is_dry_run,
        "is_sure": choice.is_sure,
        "is_later": False,
        "is_json": choice.is_json,
        "speech": choice.speech,
    }
    files = tuple(outcome.path for outcome in outcomes)
    table.doing("import").import_files(kind, files, how, reason=choice.reason)
