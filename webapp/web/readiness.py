"""Nothing is written through the screens while the database is behind this code; reading goes on where it can."""

from flask import Flask, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import ProgrammingError

from webapp import db, sqlstates
from webapp.services import releasing
from webapp.services.releasing import Standing
from webapp.web import error_pages, gate
from webapp.web.speaking import speech

# A release takes seconds once it has its locks.
SECONDS_TO_RELEASE = 10
# Signing in and choosing a language stay possible: administrators look at the release page meanwhile.
OPEN_BLUEPRINT = "account"


def install(app: Flask) -> None:
    """Check every request that would write, after its right and its form's token."""
    gate.before_writing(app, check)
    app.register_error_handler(ProgrammingError, _maybe_behind)


def check() -> ResponseReturnValue | None:
    """Let the request pass, or answer that the release step has not run. Asks the database every few seconds."""
    if request.endpoint is None or request.blueprint == OPEN_BLUEPRINT:
        return None
    standing = releasing.standing()
    return None if standing.is_fit else refusal(standing)


def refusal(standing: Standing) -> ResponseReturnValue:
    """503 with both revisions, as a page or as JSON."""
    spoken = speech()
    fact = spoken.sentence(standing.finding)
    advice = spoken.gettext("Nothing was saved. Keep this page and try again when the release has ended.")
    explanation = error_pages.Explanation(
        spoken.gettext("The database is not at this release"), f"{fact} {advice}"
    )
    return error_pages.answer(
        error_pages.Problem(503, retry_after=SECONDS_TO_RELEASE, explanation=explanation)
    )


def _maybe_behind(error: Exception) -> ResponseReturnValue:
    assert isinstance(error, ProgrammingError)
    if sqlstates.of(error) not in sqlstates.OF_AN_OLDER_SCHEMA:
        raise error
    db.roll_back()
    releasing.forget()
    standing = releasing.standing()
    if standing.is_fit:
        raise error
    return refusal(standing)
