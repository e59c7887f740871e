"""A page that somebody's session has left: it says so, keeps what was typed, and is where one is after signing in."""

from urllib.parse import urlsplit

from flask import Flask, current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from itsdangerous import BadData, URLSafeTimedSerializer

from webapp.web import current_person, error_pages, gate, known_browsers, typed, way_back
from webapp.web.error_pages import Explanation, Problem
from webapp.web.speaking import speech
from webapp.web.typed import Field, Typed

SALT = "typed-in-an-ended-session"
# Whoever comes back later than that begins anew.
SECONDS_KEPT = 24 * 3600
USER = "_user_id"


def install(app: Flask) -> None:
    """Let a form that another session has made say so."""
    app.register_error_handler(CSRFError, _of_another_session)


def ask_to_sign_in() -> ResponseReturnValue:
    """The way to the form of signing in, and from there back; what was typed comes along."""
    if error_pages.wants_json():
        return error_pages.answer(Problem(401))
    page = _page()
    address = url_for("account.login", next=page and way_back.packed(page))
    kept = typed.typed()
    if kept is None:
        return redirect(address, 303)
    return sign_in_page(address, kept=_packed(kept)), 401


def sign_in_page(address: str, *, email: str = "", error: str | None = None, kept: str | None = None) -> str:
    """The form of signing in, sent to an address that carries where to go on."""
    return render_template(
        "account/login.html", email=email, error=error, action=address, kept=kept, has_ended=_has_ended(kept)
    )


def taken_up_again(kept: str | None, user_id: int) -> ResponseReturnValue | None:
    """What was typed before signing in, to be sent; None where nothing was, or somebody else typed it."""
    form = _unpacked(kept, user_id) if kept else None
    if form is None:
        return None
    spoken = speech()
    explanation = Explanation(
        spoken.gettext("You are signed in again"),
        spoken.gettext("Your session had ended, so nothing was saved. What you typed is still here."),
    )
    return error_pages.answer(Problem(200, explanation=explanation, typed=form))


def _has_ended(kept: str | None) -> bool:
    """Whether this browser was signed in: it has sent a form, its session names somebody, or it is known and was on
    its way to a page."""
    if current_person.present() is not None:
        return False
    return kept is not None or USER in session or ("next" in request.args and known_browsers.is_known())


def _page() -> str | None:
    """The page that this request is about: its own, or that from which it was sent."""
    rule = request.url_rule
    if request.method in gate.SAFE_METHODS or (rule is not None and "GET" in (rule.methods or ())):
        return way_back.safe_next(request.full_path.rstrip("?"))
    sent_from = urlsplit(request.referrer or "")
    if sent_from.netloc != request.host:
        return None
    return way_back.safe_next(sent_from.path + (f"?{sent_from.query}" if sent_from.query else ""))


def _of_another_session(error: CSRFError) -> ResponseReturnValue:
    """A form without the token of this session: the page is older, or the form is not ours."""
    kept = typed.typed() if _is_ours() and current_person.present() is not None else None
    if error_pages.wants_json() and _is_ours() and current_person.present() is None:
        return error_pages.answer(Problem(401))
    if kept is None or error_pages.wants_json():
        return error_pages.answer(Problem(error.code or 400))
    spoken = speech()
    explanation = Explanation(
        spoken.gettext("This page is from an earlier session"),
        spoken.gettext(
            "You have signed in anew since it was opened, so nothing was saved. Look at it and send it again."
        ),
    )
    return error_pages.answer(Problem(400, explanation=explanation, typed=kept))


def _is_ours() -> bool:
    """Whether a page of ours sent this form; of another site's nothing is offered to be sent again."""
    site = request.headers.get("Sec-Fetch-Site")
    return site == "same-origin" if site else urlsplit(request.referrer or "").netloc == request.host


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt=SALT)


def _packed(kept: Typed) -> str:
    fields = [[field.name, field.value, field.label] for field in kept.fields]
    return str(_signer().dumps([_typist(), kept.address, fields]))


def _unpacked(kept: str, user_id: int) -> Typed | None:
    try:
        typist, address, fields = _signer().loads(kept, max_age=SECONDS_KEPT)
    except BadData:
        return None
    if typist not in (None, str(user_id)):
        return None
    return Typed(address, tuple(Field(*field) for field in fields))


def _typist() -> str | None:
    """The number of whoever's session this was, as far as the browser still knows."""
    return str(session[USER]).partition(":")[0] if USER in session else None
