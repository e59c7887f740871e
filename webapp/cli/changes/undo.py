"""stockcode undo: take back what one change set did, after showing what that would do; a change set of its own."""

import getpass
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import click

from webapp import db, silence
from webapp.cli import database, schema
from webapp.cli.changes import progress
from webapp.models.change_set import ChangeSet
from webapp.rules.findings import Finding
from webapp.services.changes import door, undoing
from webapp.services.changes.door import Applied, DatabaseRefused
from webapp.services.changes.proposals import Author, Moved, Refused
from webapp.services.changes.undoing import CannotUndo, Overtaken, UndoneAlready
from webapp.services.queueing import long_changes
from webapp.services.queueing.deferring import WaitsAlready
from webapp.web import database_errors
from webapp.words import labels
from webapp.words.speech import Speech

EXIT_NOT_UNDONE = 1


@dataclass(frozen=True, slots=True)
class Choice:
    """How the operator wants it to go."""

    leaves_touched: bool
    is_dry_run: bool
    is_sure: bool
    is_later: bool
    is_json: bool
    reason: str | None
    speech: Speech


class _NotUndone(Exception):
    """Nothing was undone: why."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


@database.needed
@schema.needed
def undo(number: int, how: Mapping[str, Any]) -> None:
    """Say what undoing would do, ask, undo, and say so."""
    choice = Choice(**how)
    try:
        report = _undone(number, choice)
    except _NotUndone as refusal:
        click.echo(f"{choice.speech.gettext('Nothing was undone.')} {refusal.why}", err=True)
        report = {"undoes": number, "status": "refused", "reason": refusal.why}
    if choice.is_json:
        click.echo(json.dumps(report, ensure_ascii=False))
    if report["status"] == "refused":
        sys.exit(EXIT_NOT_UNDONE)


def _undone(number: int, choice: Choice) -> dict[str, Any]:
    """What came of it, as JSON values. Raises _NotUndone."""
    by = Author(f"{getpass.getuser()} (command line)")
    report = {"undoes": number, "change_set": None, "counts": _look(number, choice)}
    if choice.is_dry_run:
        _say(choice, choice.speech.gettext("Dry run: nothing was written."))
        return report | {"status": "dry_run"}
    if choice.is_later:
        return report | {"status": "deferred", "job": _deferred(number, by, choice)}
    if not choice.is_sure and not click.confirm(choice.speech.gettext("Undo it?"), err=True):
        _say(choice, choice.speech.gettext("Declined: nothing was written."))
        return report | {"status": "declined"}
    return report | _carried(number, by, choice)


def _look(number: int, choice: Choice) -> dict[str, int]:
    """What undoing would do, as counts of records; told where somebody reads it."""
    _take_long()
    change_set = db.session.get(ChangeSet, number)
    if change_set is None:
        raise _NotUndone(choice.speech.gettext("There is no change set %(number)s.", number=number))
    try:
        look = undoing.look(change_set)
    except (CannotUndo, UndoneAlready) as refusal:
        raise _because(undoing.why_not(refusal), choice) from None
    finally:
        db.roll_back()
    if look.overtaken is not None and not (choice.leaves_touched and look.overtaken.others):
        raise _because(undoing.why_not(look.overtaken), choice)
    for name, label in labels.COUNTS.items():
        if count := look.counts.get(name):
            _say(choice, f"  {choice.speech.say(label)}: {count:,}")
    if look.overtaken is not None:
        _say(choice, _sentence(undoing.why_not(look.overtaken), choice))
    return look.counts


def _take_long() -> None:
    """Let the transaction that begins here take as long as a worker's: many rows are undone by few statements."""
    db.let_statements_take(silence.SECONDS_OF_A_LONG_STATEMENT)


def _deferred(number: int, by: Author, choice: Choice) -> int:
    try:
        with db.transaction():
            job = long_changes.undo_later(number, by, leaves_touched=choice.leaves_touched)
    except WaitsAlready:
        raise _NotUndone(choice.speech.gettext("The same job waits already.")) from None
    _say(choice, choice.speech.gettext("Job %(job)s will undo it.", job=job))
    return job


def _carried(number: int, by: Author, choice: Choice) -> dict[str, Any]:
    reason = choice.reason or undoing.reason_of(number)
    _take_long()
    with progress.bar(f"#{number}", is_shown=not choice.is_json) as on_rows:
        outcome = door.undo(number, by, reason, leaves_touched=choice.leaves_touched, on_rows=on_rows)
    match outcome:
        case Applied():
            inverse = db.session.get_one(ChangeSet, outcome.number)
            sentence = choice.speech.gettext(
                "Change set %(number)s was undone, as change set %(new)s.",
                number=f"#{number}",
                new=f"#{inverse.id}",
            )
            _say(choice, sentence)
            return {"change_set": inverse.id, "status": inverse.status, "counts": inverse.counts}
        case CannotUndo() | UndoneAlready() | Overtaken() | Refused():
            raise _because(undoing.why_not(outcome), choice)
        case Moved():
            raise _NotUndone(choice.speech.gettext("Somebody else was saving at the same moment; try again."))
        case DatabaseRefused():
            raise _NotUndone(database_errors.sentence(outcome.error, choice.speech))
    raise AssertionError(outcome)  # of forms alone


def _because(findings: Sequence[Finding], choice: Choice) -> _NotUndone:
    return _NotUndone(_sentence(findings, choice))


def _sentence(findings: Sequence[Finding], choice: Choice) -> str:
    reasons = "; ".join(choice.speech.sentence(finding) for finding in findings)
    return choice.speech.gettext("It cannot be undone: %(reason)s.", reason=reasons)


def _say(choice: Choice, sentence: str) -> None:
    if not choice.is_json:
        click.echo(sentence)
