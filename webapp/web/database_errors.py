"""What the database refuses, as sentences: with a number for the operators, never with SQL or values."""

import logging
import secrets
import traceback

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from webapp import sqlstates
from webapp.db import Unconfirmed
from webapp.words.marked import _
from webapp.words.speech import Speech

log = logging.getLogger(__name__)


# The first match of the whole code or of its class counts.
SENTENCES = {
    sqlstates.READ_ONLY_SQL_TRANSACTION: _("The database is read-only at the moment. Nothing was saved."),
    sqlstates.SERIALIZATION_FAILURE: _(
        "Somebody else was saving at the same moment. Nothing was saved; save again."
    ),
    sqlstates.DEADLOCK_DETECTED: _(
        "Somebody else was saving at the same moment. Nothing was saved; save again."
    ),
    sqlstates.LOCK_NOT_AVAILABLE: _(
        "Somebody else is holding these records. Nothing was saved; try again in a moment."
    ),
    sqlstates.QUERY_CANCELED: _("The database took too long. Nothing was saved; try again in a moment."),
    sqlstates.DISK_FULL: _("The database's disk is full. Nothing was saved; tell the operators."),
    sqlstates.INSUFFICIENT_RESOURCES: _(
        "The database has no room for this at the moment. Nothing was saved; try again in a moment."
    ),
    sqlstates.INSUFFICIENT_PRIVILEGE: _(
        "The database does not let this application write here. Nothing was saved; tell the operators."
    ),
    sqlstates.UNIQUE_VIOLATION: _("Another record has this value already. Nothing was saved."),
    sqlstates.FOREIGN_KEY_VIOLATION: _(
        "Other records refer to this one, or the one it refers to is gone. Nothing was saved."
    ),
    sqlstates.INTEGRITY_CONSTRAINT_VIOLATION: _("This breaks a rule of the table. Nothing was saved."),
    sqlstates.DATA_EXCEPTION: _("The database cannot hold this value. Nothing was saved."),
    sqlstates.SHUTDOWN_OR_CRASH: _("The database is restarting. Nothing was saved; try again in a moment."),
    sqlstates.CONNECTION_EXCEPTION: _(
        "The database cannot be reached. Nothing was saved; try again in a moment."
    ),
}
OTHERWISE = _("The database could not do this. Nothing was saved.")
# Where the answer to the last word, to keep it all, never came.
NOT_KNOWN = _(
    "The database went away while this was being saved, so it is not known yet whether it was."
    " Look before you send it again."
)
UNREACHABLE = _("The database cannot be reached. Nothing was saved; try again in a moment.")


def sentence(error: SQLAlchemyError, speech: Speech) -> str:
    """What to tell a person, ending with the number under which the log has the rest."""
    number = _logged(error)
    key = None if isinstance(error, Unconfirmed) else _key(sqlstates.of(error))
    what = speech.gettext(SENTENCES[key] if key else _otherwise(error))
    return f"{what} {speech.gettext('Error number %(number)s.', number=number)}"


def _key(state: str) -> str | None:
    return next((key for key in (state, state[:3], state[:2]) if key in SENTENCES), None)


def _otherwise(error: SQLAlchemyError) -> str:
    if isinstance(error, Unconfirmed):
        return NOT_KNOWN
    is_lost = isinstance(error, DBAPIError) and error.connection_invalidated
    return UNREACHABLE if is_lost or not sqlstates.of(error) else OTHERWISE


def _logged(error: SQLAlchemyError) -> str:
    number = secrets.token_hex(4)
    diagnostics = getattr(getattr(error, "orig", None), "diag", None)
    facts = {
        "error_number": number,
        "error_type": type(error).__name__,
        "sqlstate": sqlstates.of(error),
        "table": getattr(diagnostics, "table_name", None),
        "constraint": getattr(diagnostics, "constraint_name", None),
        # Where, not what: the text of the error may quote the row.
        "where": "".join(traceback.format_tb(error.__traceback__)[-4:]),
    }
    log.error("the database refused, error number %s, sqlstate %s", number, facts["sqlstate"], extra=facts)
    return number
