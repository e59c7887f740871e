"""Compare an upload with what is stored, or forget it, and say what came of that."""

from functools import partial

from flask import flash

from webapp.files.rows import WrongFile
from webapp.screens.work import deciding
from webapp.services.changes import door
from webapp.services.changes.proposals import Author
from webapp.services.intake import returned_rows
from webapp.services.intake.importing import AnotherImport
from webapp.services.intake.uploading import uploads
from webapp.services.intake.uploading.uploads import Taken
from webapp.web.speaking import speech

# Securities codes have four characters, J-Quants' five.
LONGEST_CODE = 10
# What a list that comes back from a spreadsheet does only where it is asked for.
ASKED = frozenset({returned_rows.NEW_ROWS, returned_rows.DELETIONS})


def carry_out(number: int, by: Author, taken: Taken) -> None:
    """Compare it; why that cannot be stands on its page, or is said at once where trying again may help."""
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


def forget(number: int, by: Author) -> None:
    """Forget it."""
    refusal = door.settle(partial(uploads.remove, number, by))
    if refusal is not None:
        flash(deciding.reason(refusal, speech()), "error")
    else:
        flash(speech().gettext("The file was removed. Nothing was written."), "success")
