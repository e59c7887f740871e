"""Decide on an import that waits: write what it would change, or decline it, and say what came of it."""

from functools import partial

from flask import abort, flash

from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.upload import Upload
from webapp.screens.record import change_messages
from webapp.screens.record.saving import author
from webapp.services.accounts import permissions
from webapp.services.changes import door
from webapp.services.changes.door import DatabaseRefused, NotPending, NotYours, Refusal
from webapp.services.changes.proposals import Moved, Refused
from webapp.services.intake import importing
from webapp.services.intake.uploading import uploads
from webapp.services.queueing import long_changes
from webapp.services.queueing.deferring import WaitsAlready
from webapp.web import current_person, database_errors
from webapp.web.speaking import speech
from webapp.words.speech import Speech

WRITE, DECLINE = "write", "decline"
DECISIONS = {WRITE: importing.confirm, DECLINE: importing.decline}


def is_offered(change_set: ChangeSet) -> bool:
    """Whether the reader may decide on this change set."""
    is_waiting = change_set.import_file_id is not None and change_set.status == "proposed"
    return is_waiting and permissions.allows(current_person.signed_in().role, permissions.IMPORT)


def carry_out(number: int, decision: str) -> None:
    """Decide on the import of this number; ends the request where there is none, or no such decision."""
    change_set = db.session.get(ChangeSet, number)
    if change_set is None or change_set.import_file_id is None:
        abort(404)
    if decision not in DECISIONS:
        abort(400)
    spoken = speech()
    if decision == WRITE and long_changes.takes_long(change_set):
        _leave_to_a_worker(number)
        return
    refusal = door.settle(partial(DECISIONS[decision], number, author()))
    if refusal is not None:
        flash(reason(refusal, spoken), "error")
    elif decision == WRITE:
        change_messages.done(number, spoken.gettext("The import #%(number)s was written.", number=number))
    else:
        flash(spoken.gettext("The import #%(number)s was declined.", number=number), "success")


def of_upload(upload: Upload, decision: str, digest: str, why: str) -> bool:
    """Decide on what an upload would change, as its preview showed it.

    False where it is to be compared again: what is stored has changed since, and nothing of it was written.
    """
    if decision == DECLINE:
        carry_out(upload.change_set_id or abort(404), decision)
        return True
    try:
        done = door.settle(partial(uploads.confirm, upload.id, author(), digest, why))
    except WaitsAlready:
        _tell_of_a_worker(None)
        return True
    spoken = speech()
    if _is_overtaken(done):
        return False
    if not isinstance(done, int):
        flash(reason(done, spoken), "error")
    elif db.session.get_one(ChangeSet, done).status == "applied":
        change_messages.done(done, spoken.gettext("The import #%(number)s was written.", number=done))
    else:
        _tell_of_a_worker(done)
    return True


def _is_overtaken(done: int | Refusal) -> bool:
    """Whether a row has moved since the comparison, or has come that holds a key of a row which was to come."""
    return isinstance(done, Moved) or (isinstance(done, Refused) and done.taken is not None)


def _leave_to_a_worker(number: int) -> None:
    try:
        with db.transaction():
            importing.confirm_later(number, author())
    except WaitsAlready:
        _tell_of_a_worker(None)
    else:
        _tell_of_a_worker(number)


def _tell_of_a_worker(number: int | None) -> None:
    spoken = speech()
    if number is None:
        flash(spoken.gettext("A worker is to write this import already."), "error")
        return
    sentence = spoken.gettext(
        "The import #%(number)s is written by a worker; this page shows how far it has come.", number=number
    )
    flash(sentence, "success")


def reason(refusal: Refusal, speech: Speech) -> str:
    """Why nothing was written, in a sentence."""
    match refusal:
        case Refused():
            reasons = "; ".join(speech.sentence(finding) for finding in refusal.findings)
            return speech.gettext("Nothing was written: %(reason)s.", reason=reasons)
        case Moved():
            return speech.gettext(
                "Nothing was written: rows have changed since the file was compared. Decline it and import it again."
            )
        case NotPending():
            return speech.gettext("Nothing was written: somebody has decided on this import already.")
        case NotYours():
            return speech.gettext("Nothing was written: somebody else has to decide on this import.")
        case DatabaseRefused():
            return database_errors.sentence(refusal.error, speech)
    raise refusal
