"""stockcode import: take files of public sources in, after showing what they would do."""

import getpass
import json
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import click
from sqlalchemy.exc import OperationalError

from webapp.cli import database, import_report, schema, speaking
from webapp.files.rows import WrongFile
from webapp.services.changes import door
from webapp.services.changes.door import DatabaseRefused, NotPending, Refusal
from webapp.services.changes.proposals import Author, Moved, Refused
from webapp.services.intake import importing
from webapp.services.intake.importing import Preview, Request
from webapp.words.speech import Speech

EXIT_REFUSED = 1
LARGEST_FILE = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Choice:
    """How the operator wants the import to go."""

    is_dry_run: bool
    is_sure: bool
    is_json: bool
    speech: Speech


@dataclass(frozen=True, slots=True)
class Step:
    """What a file would do, and the report of what has been done so far."""

    preview: Preview
    report: dict[str, Any]


@database.needed
@schema.needed
def import_files(*, kind: str, files: tuple[Path, ...], reason: str | None, **how: Any) -> None:
    """Import each file by itself; `how` are the fields of a Choice."""
    choice = Choice(**how)
    author = Author(f"{getpass.getuser()} (command line)")
    reports = []
    for path in files:
        if path.stat().st_size > LARGEST_FILE:
            megabytes = LARGEST_FILE // 1024 // 1024
            too_large = choice.speech.gettext("The file is larger than %(most)s MB.", most=megabytes)
            _refuse(path, too_large, choice)
        reports.append(_import(path, Request(kind, path.name, path.read_bytes(), author, reason), choice))
    if choice.is_json:
        click.echo(
            json.dumps(reports[0] if len(reports) == 1 else {"files": reports}, ensure_ascii=False, indent=2)
        )


def _import(path: Path, request: Request, choice: Choice) -> dict[str, Any]:
    try:
        step = door.settle(partial(_first_step, request, choice), is_rehearsal=choice.is_dry_run)
    except WrongFile as error:
        _refuse(path, speaking.wrong_file(error, choice.speech), choice)
    if not isinstance(step, Step):
        _refuse_for(step, path, choice)
    if step.report["status"] == "proposed":
        step.report["status"] = _ask(path, step, choice)
    if choice.is_dry_run:
        step.report["change_set"] = None
    if not choice.is_json:
        _show(step.preview, step.report, choice)
    return step.report


def _first_step(request: Request, choice: Choice) -> Step:
    """Compare the file and store what differs; write it too, unless somebody is asked first.

    Even a dry run writes: what the database's own constraints refuse is part of what the run would do.
    """
    with click.progressbar(
        length=1, label=request.name, file=sys.stderr, hidden=not sys.stderr.isatty() or choice.is_json
    ) as bar:
        preview = importing.preview(request, _ticking(bar))
    change_set = importing.submit(preview)
    if change_set is None:
        return Step(preview, preview.report(None, "unchanged"))
    if not (choice.is_dry_run or choice.is_sure):
        return Step(preview, preview.report(change_set, "proposed"))
    importing.confirm(change_set.id, request.author)
    return Step(preview, preview.report(change_set, "dry_run" if choice.is_dry_run else "applied"))


def _ask(path: Path, step: Step, choice: Choice) -> str:
    """Show what is stored, and write it or end it; nobody holds locks while a person thinks."""
    number, author = step.report["change_set"], step.preview.request.author
    _show(step.preview, {**step.report, "change_set": None}, choice)
    is_wanted = False
    try:
        is_wanted = click.confirm(choice.speech.gettext("Write these changes?"), err=True)
    finally:
        # Ctrl-C at the question is a no: nothing may stay behind that holds personal data.
        decide = importing.confirm if is_wanted else importing.decline
        refusal = door.settle(partial(decide, number, author))
    if refusal is not None:
        door.settle(partial(importing.decline, number, author))
        _refuse_for(refusal, path, choice)
    return "applied" if is_wanted else "rejected"


def _refuse_for(refusal: Refusal, path: Path, choice: Choice) -> NoReturn:
    match refusal:
        case Refused():
            reasons = "; ".join(choice.speech.sentence(finding) for finding in refusal.findings)
            why = choice.speech.gettext("The database refuses the change: %(reason)s.", reason=reasons)
            _refuse(path, why, choice)
        case Moved():
            why = choice.speech.gettext("Rows changed while the file was compared. Import it again.")
            _refuse(path, why, choice)
        case NotPending():
            why = choice.speech.gettext("Somebody else decided on it meanwhile. Import the file again.")
            _refuse(path, why, choice)
        case DatabaseRefused(error=OperationalError()):
            silent = choice.speech.gettext("The database does not answer. Nothing was written. Try again.")
            click.echo(f"{path.name}: {silent}", err=True)
            sys.exit(database.EXIT_NO_DATABASE)
        case DatabaseRefused():
            raise refusal.error
    raise refusal


def _ticking(bar: Any) -> importing.OnRows:
    def tick(done: int, total: int) -> None:
        bar.length = total
        bar.update(done - bar.pos)

    return tick


def _show(preview: Preview, report: dict[str, Any], choice: Choice) -> None:
    for line in import_report.lines(preview, report, choice.speech):
        click.echo(line)


def _refuse(path: Path, why: str, choice: Choice) -> NoReturn:
    if choice.is_json:
        refusal = {"file": path.name, "status": "refused", "reason": why, "change_set": None}
        click.echo(json.dumps(refusal, ensure_ascii=False, indent=2))
    click.echo(f"{path.name}: {why} {choice.speech.gettext('Nothing of it was written.')}", err=True)
    sys.exit(EXIT_REFUSED)
