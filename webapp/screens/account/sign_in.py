"""Signing in and out, where one begins, and choosing a language."""

import time
from datetime import datetime

from flask import (
    Blueprint,
    Flask,
    current_app,
    make_response,
    redirect,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, login_user, logout_user

from webapp import db
from webapp.screens.account import appearance
from webapp.services.accounts import accounts, permissions, signing_in, visitors
from webapp.services.accounts.signing_in import Credentials
from webapp.web import current_person, ended_sessions, error_pages, gate, known_browsers, speaking, way_back
from webapp.web.current_person import Person
from webapp.web.speaking import speech

HOME = "/admin/"

blueprint = Blueprint("account", __name__)


def install(app: Flask) -> None:
    """Add the pages and let every request know who is there."""
    manager = LoginManager(app)
    # No tie to the network address: the cookie is signed, and an address that changes is a train, not a thief.
    app.config["SESSION_PROTECTION"] = None
    manager.user_loader(current_person.load)
    app.register_blueprint(blueprint)


@blueprint.get("/")
@gate.requires(permissions.PUBLIC)
def start() -> ResponseReturnValue:
    """The bare address leads to where the reader begins."""
    reader = current_person.present()
    return redirect(first_page(reader) if reader else url_for("account.login"))


@blueprint.get("/login")
@gate.requires(permissions.PUBLIC)
def login() -> ResponseReturnValue:
    """The form."""
    if reader := current_person.present():
        return redirect(_wanted(reader))
    return ended_sessions.sign_in_page(request.full_path.rstrip("?"))


@blueprint.post("/login")
@gate.requires(permissions.PUBLIC)
def sign_in() -> ResponseReturnValue:
    """Let somebody in, or say no in the same words whatever was wrong."""
    email = request.form.get("email", "")
    credentials = Credentials(
        email=email,
        password=request.form.get("password", ""),
        address=request.remote_addr or "",
        browser=known_browsers.number_for(email),
    )
    try:
        with db.transaction():
            attempt = signing_in.count(credentials, secret_key())
        with db.transaction():
            last_visit_at = accounts.last_visit_at(credentials.email)
            user = signing_in.sign_in(credentials, attempt, secret_key())
            person = current_person.person(visitors.of_user(user)) if user else None
    except signing_in.TooManyAttempts as refusal:
        sentence = speech().gettext("Too many attempts. Wait five minutes and try again.")
        answer = make_response(_form(email, sentence), 429)
        answer.headers["Retry-After"] = str(refusal.retry_after)
        return answer
    if person is None:
        return (
            _form(email, speech().gettext("The e-mail address or the password is not right.")),
            401,
        )
    begin_session(person, last_visit_at)
    appearance.remember_those_of(person)
    taken_up_again = ended_sessions.taken_up_again(request.form.get("kept"), person.id)
    answer = make_response(taken_up_again or redirect(_wanted(person), 303))
    known_browsers.remember(answer, person.email)
    return answer


@blueprint.post("/logout")
@gate.requires(permissions.SIGNED_IN)
def logout() -> ResponseReturnValue:
    """End all sessions of whoever asks."""
    with db.transaction():
        accounts.end_sessions(current_person.signed_in().id)
    logout_user()
    _clear_session()
    return redirect(url_for("account.login"), 303)


@blueprint.post("/language")
@gate.requires(permissions.PUBLIC)
def language() -> ResponseReturnValue:
    """Remember the language, for the session and, once signed in, for good."""
    chosen = request.form.get("lang", "")
    if chosen not in accounts.LANGUAGES:
        return error_pages.answer(error_pages.Problem(400))
    session[speaking.CHOSEN] = chosen
    if reader := current_person.present():
        with db.transaction():
            accounts.choose_language(reader.id, chosen)
    return redirect(way_back.safe_next((request.form.get("next") or "").rstrip("?")) or HOME, 303)


def _form(email: str, error: str) -> str:
    address = request.full_path.rstrip("?")
    return ended_sessions.sign_in_page(address, email=email, error=error, kept=request.form.get("kept"))


def begin_session(person: Person, last_visit_at: datetime | None) -> None:
    """Let this browser be theirs from now on."""
    _clear_session()  # whatever an attacker may have planted before
    session.permanent = True
    session[current_person.SIGNED_IN_AT] = int(time.time())
    if last_visit_at is not None:
        session[current_person.LAST_VISIT_AT] = int(last_visit_at.timestamp())
    if person.language:
        session[speaking.CHOSEN] = person.language
    login_user(person)


def _clear_session() -> None:
    chosen = session.get(speaking.CHOSEN)
    session.clear()
    if chosen:
        session[speaking.CHOSEN] = chosen


def first_page(person: Person) -> str:
    """Where somebody begins: with a saved view of their choice, otherwise at Home."""
    return HOME if person.start_view_id is None else url_for("views.open", key=person.start_view_id)


def _wanted(person: Person) -> str:
    return way_back.safe_next(request.args.get("next")) or first_page(person)


def secret_key() -> str:
    """What cookies and the keys of attempts are signed with."""
    key = current_app.secret_key
    assert isinstance(key, str)
    return key
