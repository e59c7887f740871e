"""Errors as people may see them: a plain sentence and a number for the operators, never what went wrong inside."""

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, current_app, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError

from webapp import db, sqlstates
from webapp.web import current_person, database_errors, gate, typed
from webapp.web.speaking import speech
from webapp.web.typed import Typed
from webapp.words.marked import _

log = logging.getLogger(__name__)

SECONDS_TO_RECOVER = 5
# The name under which an application keeps what puts its menu around a page.
SHELL = "stockcode-shell"
# Names that a client may ask for, in the order in which we would rather answer.
KINDS = ("text/html", "application/json")


TITLES = {
    400: _("The request was not understood"),
    401: _("Please sign in"),
    403: _("This is not allowed"),
    404: _("There is nothing here"),
    405: _("This cannot be done here"),
    408: _("Your request came too slowly"),
    413: _("This is too large"),
    414: _("This address is too long"),
    429: _("Too many attempts"),
    431: _("Your browser sends too much along"),
    500: _("Something went wrong"),
    503: _("The database is not available"),
}
MESSAGES = {
    400: _("Go back, reload the page and try again."),
    401: _("Your sign-in has expired. Sign in to go on."),
    403: _("Your role does not include this. An administrator can change your role."),
    404: _("The address may be mistyped, or what was here is gone."),
    405: _("Go back and use the buttons of the page."),
    408: _("Nothing of it was taken. Check your connection and send it again."),
    413: _("Send a smaller file, or fewer rows at once."),
    414: _("Go back and ask for fewer conditions at once, or save some of them as a view."),
    429: _("Wait some minutes and try again."),
    431: _("Delete the cookies of this site, sign in again and try once more."),
    500: _("Nothing was saved. Try again; if it happens again, tell the operators the error number."),
    503: _("Nothing was saved. Keep this page and try again in a moment."),
}


KEPT = _("Your sign-in has expired. What you typed is still here.")
NOT_THIS_TIME = _("It could not be saved this time. Keep this page and send it again in a moment.")
AFTER_SAVING = _(
    "Something went wrong after this was saved. Look before you send it again, and tell the operators the error number."
)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Words that say more than the status does, in the reader's language."""

    title: str
    message: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What is told about an error."""

    status: int
    number: str | None = None
    retry_after: int | None = None
    explanation: Explanation | None = None
    # What was sent and not taken.
    typed: Typed | None = None

    @property
    def title(self) -> str:
        if self.explanation is not None:
            return self.explanation.title
        return speech().gettext(TITLES.get(self.status, TITLES[400 if self.status < 500 else 500]))

    @property
    def message(self) -> str:
        if self.explanation is not None:
            return self.explanation.message
        if self.status == 401 and typed.typed() is not None:
            return speech().gettext(KEPT)
        return speech().gettext(MESSAGES.get(self.status, MESSAGES[400 if self.status < 500 else 500]))


def install(app: Flask) -> None:
    """Show every error of an application through this file."""
    app.register_error_handler(SecurityError, _strange_host)
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(InternalServerError, _broken)
    app.register_error_handler(db.Unconfirmed, _unconfirmed)
    for lost in (OperationalError, InterfaceError, NoConnectionFree):
        app.register_error_handler(lost, _without_database)


def wants_json() -> bool:
    """Whether a program asked, not a person's browser going to a page."""
    if request.is_json or request.headers.get("X-Requested-With") == "XMLHttpRequest":
        return True
    return request.accept_mimetypes.best_match(KINDS, KINDS[0]) == "application/json"


def answer(problem: Problem) -> tuple[str | Response, int, dict[str, str]]:
    """The page or, for programs, the JSON object of a problem."""
    headers = {} if problem.retry_after is None else {"Retry-After": str(problem.retry_after)}
    if wants_json():
        sentences = {"status": problem.status, "title": problem.title, "message": problem.message}
        links = {"links": [_way_to_sign_in()]} if problem.status == 401 else {}
        return jsonify({"error": sentences | {"number": problem.number}, **links}), problem.status, headers
    facts = {
        "status": problem.status,
        "title": problem.title,
        "message": problem.message,
        "error_number": problem.number,
        "retry_after": problem.retry_after,
        "typed": problem.typed or (typed.typed() if problem.status >= 500 else None),
    }
    return _in_shell(facts) or _alone(facts), problem.status, headers


def _way_to_sign_in() -> dict[str, str]:
    """For whoever is on a page still: beside it, so that nothing there is lost."""
    return {"url": url_for("account.login"), "label": speech().gettext("Sign in (in a new tab)")}


def _in_shell(facts: Mapping[str, Any]) -> str | None:
    """The page with the menu around it, for somebody signed in; None where that cannot be, or would need luck."""
    shell = current_app.extensions.get(SHELL)
    if shell is None or facts["status"] >= 500 or request.endpoint in gate.OPEN_ENDPOINTS:
        return None
    try:
        return None if current_person.present() is None else str(shell(facts))
    except SQLAlchemyError:
        return None


def _alone(facts: Mapping[str, Any]) -> str:
    # Not render_template: that would load the user, which asks the database that may be the trouble.
    return current_app.jinja_env.get_template("errors/error.html").render(facts)


def _refused(error: HTTPException) -> ResponseReturnValue:
    page, status, headers = answer(Problem(error.code or 500))
    # Such as Allow, which says what can be done here, or Retry-After.
    more = {name: value for name, value in error.get_headers() if name != "Content-Type"}
    return page, status, {**more, **headers}


def _strange_host(_error: SecurityError) -> ResponseReturnValue:
    # Without a trusted host no address can be built, so there is no page.
    return "400 This name is not one of this site's.\n", 400, {"Content-Type": "text/plain; charset=utf-8"}


def _broken(error: InternalServerError) -> ResponseReturnValue:
    # Flask has just logged the traceback, under the same request id.
    spoken = speech()
    is_saved = (
        Explanation(spoken.gettext(TITLES[500]), spoken.gettext(AFTER_SAVING))
        if db.may_have_saved()
        else None
    )
    return answer(Problem(500, _numbered("failed", error.original_exception), explanation=is_saved))


def _without_database(error: Exception) -> ResponseReturnValue:
    if db.may_have_saved():
        return _unconfirmed(error)
    sent, spoken = typed.typed(), speech()
    # Somebody who got no answer the first time may be sending it again.
    is_repeatable = sent is not None and sent.is_saved_once
    explanation = (
        Explanation(spoken.gettext(TITLES[503]), spoken.gettext(NOT_THIS_TIME)) if is_repeatable else None
    )
    return answer(Problem(503, _numbered("database unavailable", error), SECONDS_TO_RECOVER, explanation))


def _unconfirmed(error: Exception) -> ResponseReturnValue:
    explanation = Explanation(speech().gettext(TITLES[503]), speech().gettext(database_errors.NOT_KNOWN))
    return answer(Problem(503, _numbered("lost while saving", error), SECONDS_TO_RECOVER, explanation))


def _numbered(what: str, error: BaseException | None) -> str:
    """Log an error under a new number, which is what the reader gets to see."""
    number = secrets.token_hex(4)
    facts = {
        "error_number": number,
        "error_type": type(error).__name__,
        "sqlstate": sqlstates.of(error) or None,
    }
    log.error("%s, error number %s", what, number, extra=facts)
    return number
