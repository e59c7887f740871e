"""Compare an upload with what is stored, end what a worker does with it, or forget it, and say what came of that."""

from functools import partial

from flask import flash

from webapp import db
from webapp.files.rows import WrongFile
from webapp.models.upload import Upload
from webapp.screens.work import deciding
from webapp.services.changes import door
from webapp.services.changes.proposals import Author
from webapp.services.intake import returned_rows
from webapp.services.intake.importing import AnotherImport
from webapp.services.intake.uploading import leaving, uploads
from webapp.services.intake.uploading.uploads import Taken
from webapp.web.speaking import speech

# Securities codes have four characters, J-Quants' five.
LONGEST_CODE = 10
# What a list that comes back from a spreadsheet does only where it is asked for.
ASKED = frozenset({returned_rows.NEW_ROWS, returned_rows.DELETIONS})


def carry_out(number: int, by: Author, taken: Taken) -> None:
    """Compare it, or leave it to a worker where that takes long.

    Why it cannot be stands on its page, or is said at once where trying again may help.
    """
    if leaving.takes_long(number):
        _leave_to_a_worker(number, by, taken)
        return
    try:
        refusal = door.settle(partial(uploads.compare, number, by, taken))
    except WrongFile as error:
        refusal = door.settle(partial(uploads.refuse, number, by, taken, error))
    except AnotherImport:
        flash(
            speech().gettext("Another import is being compared or written at this moment. Try again."),
            "error",
        )
        return
    if refusal is not None:
        flash(deciding.reason(refusal, speech()), "error")


def once_more(number: int, by: Author) -> None:
    """Compare it as before with what is stored by now, as something of that has changed since it was shown."""
    upload = db.session.get_one(Upload, number)
    assert upload.kind is not None, number
    carry_out(number, by, Taken(upload.kind, upload.is_whole, upload.code))
    flash(
        speech().gettext(
            "What is stored has changed since the file was compared, so it was compared again and nothing"
            " was written. Look at what it would do now."
        ),
        "error",
    )


def _leave_to_a_worker(number: int, by: Author, taken: Taken) -> None:
    outcome = door.settle(partial(leaving.leave, number, by, taken))
    if isinstance(outcome, int):
        flash(
            speech().gettext("The file is compared by a worker; its page shows how far that has come."),
            "success",
        )
    else:
        flash(deciding.reason(outcome, speech()), "error")


def cancel(upload: Upload) -> None:
    """End what a worker does with it, if there is anything."""
    with db.transaction():
        is_heeded = leaving.cancel(upload)
    tell_cancelled(is_heeded=is_heeded)


def tell_cancelled(*, is_heeded: bool) -> None:
    """Say what a wish to cancel has come to."""
    if is_heeded:
        flash(
            speech().gettext("It is cancelled: what has not been written by now is not written."), "success"
        )
    else:
        flash(speech().gettext("The worker had ended already."), "error")


def forget(number: int, by: Author) -> None:
    """Forget it."""
    refusal = door.settle(partial(uploads.remove, number, by))
    if refusal is not None:
        flash(deciding.reason(refusal, speech()), "error")
    else:
        flash(speech().gettext("The file was removed. Nothing was written."), "success")
