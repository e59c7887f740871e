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
from webapp.services.changes import door
from webapp.services.changes.door import DatabaseRefused, NotPending, NotYours
from webapp.services.changes.proposals import Author, Moved, Refused
from webapp.services.intake import importing
from webapp.services.intake.importing import OnRows
from webapp.services.intake.uploading import leaving, uploads


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
    number = asked.change_set_id
    if number is None:
        raise NotDone([Finding(None, "The job names no change set.")])
    _require_right(asked.by)
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
    _require_right(asked.by)
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


def _require_right(by: Author) -> None:
    if by.user_id is not None and not permissions.allows(by.role or "", permissions.IMPORT):
        raise NotDone([Finding(None, "Whoever asked for it may not import any more.")])


def _is_applied(number: int) -> bool:
    return db.session.get_one(ChangeSet, number).status == "applied"


DEFERRED: Mapping[str, Callable[[Asked], Sequence[Finding]]] = {
    importing.APPLY: apply_import,
    leaving.COMPARE: compare_upload,
}
