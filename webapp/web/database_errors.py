"""What the database refuses, as sentences: with a number for the operators, never with SQL or values."""

import logging
import secrets
import traceback

from flask_babel import gettext
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

log = logging.getLogger(__name__)


def _(sentence: str) -> str:
    return sentence  # marked for translation here, translated when it is shown


# PostgreSQL, Appendix A. The first match of the whole code or of its class counts.
SENTENCES = {
    "25006": _("The database is read-only at the moment. Nothing was saved."),
    "40001": _("Somebody else was saving at the same moment. Nothing was saved; save again."),
    "40P01": _("Somebody else was saving at the same moment. Nothing was saved; save again."),
    "55P03": _("Somebody else is holding these records. Nothing was saved; try again in a moment."),
    "57014": _("The database took too long. Nothing was saved; try again in a moment."),
    "53100": _("The database's disk is full. Nothing was saved; tell the operators."),
    "53": _("The database has no room for this at the moment. Nothing was saved; try again in a moment."),
    "42501": _(
        "The database does not let this application write here. Nothing was saved; tell the operators."
    ),
    "23505": _("Another record has this value already. Nothing was saved."),
    "23503": _("Other records refer to this one, or the one it refers to is gone. Nothing was saved."),
    "23": _("This breaks a rule of the table. Nothing was saved."),
    "22": _("The database cannot hold this value. Nothing was saved."),
    "57P": _("The database is restarting. Nothing was saved; try again in a moment."),
    "08": _("The database cannot be reached. Nothing was saved; try again in a moment."),
}
OTHERWISE = _("The database could not do this. Nothing was saved.")
UNREACHABLE = _("The database cannot be reached. Nothing was saved; try again in a moment.")


def sentence(error: SQLAlchemyError) -> str:
    """What to tell a person, ending with the number under which the log has the rest."""
    number = _logged(error)
    told = gettext(SENTENCES[key]) if (key := _key(state_of(error))) else gettext(_otherwise(error))
    return f"{told} {gettext('Error number %(number)s.', number=number)}"


def state_of(error: SQLAlchemyError) -> str:
    """PostgreSQL's five characters for what went wrong; blank where it did not get to say."""
    return getattr(getattr(error, "orig", None), "sqlstate", None) or ""


def _key(state: str) -> str | None:
    return next((key for key in (state, state[:3], state[:2]) if key in SENTENCES), None)


def _otherwise(error: SQLAlchemyError) -> str:
    is_lost = isinstance(error, DBAPIError) and error.connection_invalidated
    return UNREACHABLE if is_lost or not state_of(error) else OTHERWISE


def _logged(error: SQLAlchemyError) -> str:
    number = secrets.token_hex(4)
    diagnostics = getattr(getattr(error, "orig", None), "diag", None)
    facts = {
        "error_number": number,
        "error_type": type(error).__name__,
        "sqlstate": state_of(error),
        "table": getattr(diagnostics, "table_name", None),
        "constraint": getattr(diagnostics, "constraint_name", None),
        # Where, not what: the text of the error may quote the row.
        "where": "".join(traceback.format_tb(error.__traceback__)[-4:]),
    }
    log.error("the database refused, error number %s, sqlstate %s", number, facts["sqlstate"], extra=facts)
    return number
