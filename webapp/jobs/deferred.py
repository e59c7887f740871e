"""Jobs that somebody has asked for, by name: what each is given, and what it calls."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from webapp import db
from webapp.files.rows import WrongFile
from webapp.models.change_set import ChangeSet
from webapp.rules.findings import Finding
from webapp.services.accounts import permissions
from webapp.services.changes import door, undoing
from webapp.services.changes.door import Applied, DatabaseRefused, NotPending, NotYours, Waiting
from webapp.services.changes.proposals import Author, Moved, Refused
from webapp.services.changes.undoing import CannotUndo, Overtaken, UndoneAlready
from webapp.services.intake import importing
from webapp.services.intake.importing import OnRows
from webapp.services.intake.uploading import leaving, uploads
from webapp.services.queueing import long_changes


class NotDone(Exception):
    """The job cannot be done, now or later: the findings say why."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("; ".join(map(str, findings)))
        self.findings = findings


@dataclass(frozen=True, slots=True)
class Asked:
    """A job as it was asked for: by whom, of which change set or upload, and what else it is told."""

    by: Author
    change_set_id: int | None
    upload_id: int | None
    arguments: Mapping[str, Any]
    tell: OnRows


def apply_import(asked: Asked) -> Sequence[Finding]:
    """Write an import that was compared before; once, whatever the queue does.

    That a change set is decided, and written, is in the transaction of its rows: whoever comes second finds it done.
    """
    number = _change_set(asked)
    _require_right(asked.by, permissions.IMPORT)
    match door.settle(partial(importing.confirm, number, asked.by, asked.tell)):
        case None:
            return ()
        case NotPending() if _is_applied(number):
            return ()
        case NotPending():
            reason = "Somebody else decided on it meanwhile. Import the file again."
        case NotYours():
            reason = "Somebody else has to decide on it."
        case Moved():
            reason = "Rows changed while the file was compared. Import it again."
        case Refused() as refusal:
            raise NotDone(refusal.findings)
        case DatabaseRefused() as refusal:
            raise refusal.error
        case refusal:
            raise refusal
    raise NotDone([Finding(None, reason)])


def compare_upload(asked: Asked) -> Sequence[Finding]:
    """Compare a file that somebody has brought; where it is not taken, why stands on its page."""
    number = asked.upload_id
    if number is None:
        raise NotDone([Finding(None, "The file is not there any more.")])
    _require_right(asked.by, permissions.IMPORT)
    taken = leaving.taken_of(asked.arguments)
    try:
        refusal = door.settle(partial(leaving.compare, number, asked.by, taken, asked.tell))
    except WrongFile as error:
        refusal = door.settle(partial(uploads.refuse, number, asked.by, taken, error))
    match refusal:
        case None:
            return ()
        case NotPending():
            raise NotDone([Finding(None, "Somebody else decided on it meanwhile. Import the file again.")])
        case Refused():
            raise NotDone(refusal.findings)
        case DatabaseRefused():
            raise refusal.error
    raise refusal


def undo_change_set(asked: Asked) -> Sequence[Finding]:
    """Undo a change set; once, as a change set is undone by one other at most."""
    number = _change_set(asked)
    _require_right(asked.by, permissions.WRITE)
    leaves_touched = asked.arguments.get(long_changes.LEAVES_TOUCHED) is True
    reason = undoing.reason_of(number)
    match door.undo(number, asked.by, reason, leaves_touched=leaves_touched, on_rows=asked.tell):
        case Applied() | Waiting() | UndoneAlready():
            return ()
        case Moved():
            raise NotDone([Finding(None, "Somebody else was saving at the same moment; try again.")])
        case CannotUndo() | Overtaken() | Refused() as refusal:
            raise NotDone(undoing.why_not(refusal))
        case DatabaseRefused() as refusal:
            raise refusal.error
        case outcome:
            raise AssertionError(outcome)  # of forms alone


def _change_set(asked: Asked) -> int:
    if asked.change_set_id is None:
        raise NotDone([Finding(None, "The job names no change set.")])
    return asked.change_set_id


def _require_right(by: Author, right: str) -> None:
    if by.user_id is None or permissions.allows(by.role or "", right):
        return
    if right == permissions.IMPORT:
        raise NotDone([Finding(None, "Whoever asked for it may not import any more.")])
    raise NotDone([Finding(None, "Whoever asked for it may not write any more.")])


def _is_applied(number: int) -> bool:
    return db.session.get_one(ChangeSet, number).status == "applied"


DEFERRED: Mapping[str, Callable[[Asked], Sequence[Finding]]] = {
    importing.APPLY: apply_import,
    leaving.COMPARE: compare_upload,
    long_changes.UNDO: undo_change_set,
}
