"""stockcode import: take files of public sources in, after showing what they would do."""

import getpass
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import click
from sqlalchemy.exc import OperationalError

from webapp import db
from webapp.cli import database, import_report, schema
from webapp.cli.speaking import Speech
from webapp.files.rows import WrongFile
from webapp.models.change_set import ChangeSet
from webapp.services.changes.proposals import Author, Moved, Refused
from webapp.services.intake import importing
from webapp.services.intake.importing import Preview, Request

EXIT_REFUSED = 1
LARGEST_FILE = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Choice:
    """How the operator wants the import to go."""

    is_dry_run: bool
    is_sure: bool
    is_json: bool
    speech: Speech


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
        with db.transaction():
            return _steps(request, choice)
    except WrongFile as error:
        _refuse(path, choice.speech.wrong_file(error), choice)
    except Refused as error:
        reasons = "; ".join(choice.speech.finding(finding) for finding in error.findings)
        _refuse(
            path,
            choice.speech.gettext("The database refuses the change: %(reason)s.", reason=reasons),
            choice,
        )
    except Moved:
        _refuse(
            path,
            choice.speech.gettext("Rows changed while the file was compared. Import it again."),
            choice,
        )
    except OperationalError:
        silent = choice.speech.gettext("The database does not answer. Nothing was written. Try again.")
        click.echo(f"{path.name}: {silent}", err=True)
        sys.exit(database.EXIT_NO_DATABASE)


def _steps(request: Request, choice: Choice) -> dict[str, Any]:
    with click.progressbar(
        length=1, label=request.name, file=sys.stderr, hidden=not sys.stderr.isatty() or choice.is_json
    ) as bar:
        preview = importing.preview(request, _ticking(bar))
    change_set = importing.submit(preview)
    # Even a dry run writes: what the database's own constraints refuse is part of what the run would do.
    state = "unchanged" if change_set is None else _decide(preview, change_set, choice)
    report = preview.report(change_set, state)
    if choice.is_dry_run:
        report["change_set"] = None
        db.session.rollback()
    if not choice.is_json:
        _show(preview, report, choice)
    return report


def _decide(preview: Preview, change_set: ChangeSet, choice: Choice) -> str:
    if choice.is_dry_run or choice.is_sure:
        importing.confirm(change_set, preview.request.author)
        return "dry_run" if choice.is_dry_run else "applied"
    _show(preview, preview.report(None, "proposed"), choice)
    # The proposal is committed before the question: nobody holds locks while a person thinks.
    db.session.commit()
    if _is_wanted(change_set, preview.request.author, choice):
        importing.confirm(change_set, preview.request.author)
        return "applied"
    importing.decline(change_set, preview.request.author)
    return "rejected"


def _is_wanted(change_set: ChangeSet, author: Author, choice: Choice) -> bool:
    try:
        return click.confirm(choice.speech.gettext("Write these changes?"), err=True)
    except click.Abort:
        # Ctrl-C at the question is a no: nothing may stay behind that holds personal data.
        importing.decline(change_set, author)
        db.session.commit()
        raise


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
