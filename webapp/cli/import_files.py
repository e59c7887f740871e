"""stockcode import: take files of public sources in, after showing what they would do."""

import getpass
import json
import signal
import sys
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import click
from sqlalchemy.exc import IntegrityError, OperationalError

from webapp.cli import database, import_report, import_sources, schema
from webapp.cli.changes import progress
from webapp.files.rows import BadRow, WrongFile
from webapp.lists import returning
from webapp.models.change_set import ChangeSet
from webapp.services.changes import door
from webapp.services.changes.door import DatabaseRefused, NotPending, Refusal
from webapp.services.changes.proposals import Author, Moved, Refused
from webapp.services.intake import file_findings, importing
from webapp.services.intake.importing import AnotherImport, Preview, Request
from webapp.words import wrong_files
from webapp.words.speech import Speech

EXIT_REFUSED = 1
EXIT_ROWS_REFUSED = 9
# What ends a command whose terminal or machine goes away; the question that stands then is answered with no.
ENDING = (signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True, slots=True)
class Choice:
    """How the operator wants the import to go."""

    is_dry_run: bool
    is_sure: bool
    is_later: bool
    is_json: bool
    speech: Speech


@dataclass(frozen=True, slots=True)
class Step:
    """What a file would do, and the report of what has been done so far."""

    preview: Preview
    report: dict[str, Any]


class _FileRefused(Exception):
    """Nothing of a file is written: why, the rows that were refused, and the exit code."""

    def __init__(self, why: str, rows: Sequence[BadRow] = (), code: int = EXIT_REFUSED) -> None:
        self.why, self.rows, self.code = why, rows, code
        super().__init__(why)


@database.needed
@schema.needed
def import_files(kind: str, files: tuple[Path, ...], how: Mapping[str, Any], **given: Any) -> None:
    """Import each file by itself, or days together, until one is refused; of a folder of reports all that can be.

    `how` are the fields of a Choice, and `given` those of a Request that whoever calls has a say in.
    """
    returning.declare()
    choice = Choice(**how)
    author = Author(f"{getpass.getuser()} (command line)")
    reports, exit_code = list[dict[str, Any]](), 0
    left = deque(sources := import_sources.of(kind, files))
    while left:
        source = left.popleft()
        try:
            request = Request(source.kind, source.name, source.content(), author, **given)
            reports.append(_import(request, choice))
        except WrongFile as error:
            refusal = _FileRefused(wrong_files.sentence(error, choice.speech), error.bad_rows)
        except _FileRefused as error:
            refusal = error
        else:
            has_refused = reports[-1]["status"] != "rejected" and reports[-1]["counts"]["rejected"]
            exit_code = EXIT_ROWS_REFUSED if has_refused else exit_code
            continue
        if source.parts:
            parting = choice.speech.gettext("They are taken one by one.")
            click.echo(f"{source.name}: {refusal.why} {parting}", err=True)
            left.extendleft(reversed(source.parts))
            continue
        reports.append(_tell_refusal(source.name, refusal, choice))
        if source.is_of_folder:
            exit_code = EXIT_ROWS_REFUSED
            continue
        exit_code = refusal.code
        break
    if choice.is_json:
        _print(reports[0] if len(sources) == len(reports) == 1 else {"files": reports})
    if exit_code:
        sys.exit(exit_code)


def _print(report: Mapping[str, Any]) -> None:
    click.echo(json.dumps(report, ensure_ascii=False, indent=2))


def _import(request: Request, choice: Choice) -> dict[str, Any]:
    try:
        step = door.settle(partial(_first_step, request, choice), is_rehearsal=choice.is_dry_run)
    except AnotherImport:
        busy = choice.speech.gettext("Another import is being compared or written at this moment. Try again.")
        raise _FileRefused(busy) from None
    if not isinstance(step, Step):
        raise _reason(step, choice)
    if step.report["status"] == "proposed":
        step.report["status"] = _ask(step, choice)
    if choice.is_dry_run:
        step.report["change_set"] = None
    if not choice.is_json:
        _show(step.preview, step.report, choice)
    return step.report


def _first_step(request: Request, choice: Choice) -> Step:
    """Compare the file and store what differs; write it too, unless somebody is asked first.

    Even a dry run writes: what the database's own constraints refuse is part of what the run would do.
    """
    comparing = choice.speech.gettext("Comparing")
    with progress.bar(request.name, is_shown=not choice.is_json, comparing=comparing) as on_rows:
        preview = importing.preview(request, on_rows)
    if preview.feed is not None and choice.is_dry_run and not preview.is_empty:
        return Step(preview, preview.report(None, "dry_run"))
    is_written = (choice.is_dry_run or choice.is_sure) and not choice.is_later
    change_set = _written(preview, choice) if is_written else importing.submit(preview)
    if change_set is None:
        return Step(preview, preview.report(None, "unchanged"))
    if choice.is_later and choice.is_sure:
        job = importing.confirm_later(change_set.id, request.author)
        return Step(preview, preview.report(change_set, "deferred") | {"job": job})
    if change_set.status == "proposed":
        return Step(preview, preview.report(change_set, "proposed"))
    return Step(preview, preview.report(change_set, "dry_run" if choice.is_dry_run else "applied"))


def _written(preview: Preview, choice: Choice) -> ChangeSet | None:
    label = choice.speech.gettext("Writing")
    with progress.bar(label, is_shown=not (choice.is_json or choice.is_dry_run)) as on_rows:
        return importing.carry_out(preview, on_rows)


def _ask(step: Step, choice: Choice) -> str:
    """Show what is stored, and write it or end it; nobody holds locks while a person thinks."""
    number, author = step.report["change_set"], step.preview.request.author
    _show(step.preview, {**step.report, "change_set": None}, choice)
    is_wanted = False
    try:
        with _ended_by_signals():
            is_wanted = click.confirm(choice.speech.gettext("Write these changes?"), err=True)
    finally:
        # Ctrl-C at the question is a no, and so is a terminal that is closed: nothing may stay behind undecided.
        said = {"label": choice.speech.gettext("Writing"), "comparing": choice.speech.gettext("Comparing")}
        with progress.bar(**said, is_shown=is_wanted) as on_rows:
            decide = partial(importing.confirm, on_rows=on_rows) if is_wanted else importing.decline
            refusal = door.settle(partial(decide, number, author))
    if refusal is not None:
        door.settle(partial(importing.decline, number, author))
        raise _reason(refusal, choice)
    return "applied" if is_wanted else "rejected"


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Meanwhile, what ends this process ends it as Ctrl-C does: what is to be done at the end is done."""

    def end(number: int, _frame: FrameType | None) -> NoReturn:
        sys.exit(128 + number)

    before = {number: signal.signal(number, end) for number in ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _reason(refusal: Refusal, choice: Choice) -> _FileRefused:
    match refusal:
        case Refused():
            reasons = "; ".join(choice.speech.sentence(finding) for finding in refusal.findings)
            if any("constraint" in finding.params for finding in refusal.findings):
                why = choice.speech.gettext("The database refuses the change: %(reason)s.", reason=reasons)
            else:
                why = choice.speech.gettext("The change is refused: %(reason)s.", reason=reasons)
            return _FileRefused(why)
        case Moved():
            return _FileRefused(
                choice.speech.gettext("Rows changed while the file was compared. Import it again.")
            )
        case NotPending():
            return _FileRefused(
                choice.speech.gettext("Somebody else decided on it meanwhile. Import the file again.")
            )
        case DatabaseRefused(error=OperationalError()):
            silent = choice.speech.gettext("The database does not answer. Try again.")
            return _FileRefused(silent, code=database.EXIT_NO_DATABASE)
        case DatabaseRefused(error=IntegrityError()):
            return _FileRefused(
                choice.speech.gettext("Somebody else was writing at the same moment. Import the file again.")
            )
        case DatabaseRefused():
            raise refusal.error
    raise refusal


def _show(preview: Preview, report: dict[str, Any], choice: Choice) -> None:
    for line in import_report.lines(preview, report, choice.speech):
        click.echo(line)


def _tell_refusal(name: str, refusal: _FileRefused, choice: Choice) -> dict[str, Any]:
    """Why nothing of a file is written, for people, and the same as JSON values."""
    click.echo(f"{name}: {refusal.why} {choice.speech.gettext('Nothing of it was written.')}", err=True)
    for line in import_report.refused(refusal.rows, choice.speech):
        click.echo(line, err=True)
    return {
        "file": name,
        "status": "refused",
        "reason": refusal.why,
        "change_set": None,
        "rejected": [file_findings.rejected(bad) for bad in refusal.rows],
    }
