"""Which language somebody reads: the one they chose, or the one their browser asks for, Japanese first."""

from flask import Flask, request, session
from flask_babel import Babel, get_locale

from webapp.services.accounts import LANGUAGES

DEFAULT = "ja"
TIME_ZONE = "Asia/Tokyo"
CHOSEN = "language"


def install(app: Flask) -> None:
    """Let templates and messages speak the reader's language, and show times in Japan's."""
    Babel(app, default_locale=DEFAULT, default_timezone=TIME_ZONE, locale_selector=of_this_request)
    app.jinja_env.globals["get_locale"] = get_locale


def of_this_request() -> str:
    """The language of this request; the session holds a choice, so that no page asks the database for it."""
    chosen = session.get(CHOSEN)
    if chosen in LANGUAGES:
        return str(chosen)
    return request.accept_languages.best_match(LANGUAGES, DEFAULT) or DEFAULT
