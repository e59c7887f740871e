"""The speech of a request: the language somebody chose, or the one their browser asks for, Japanese first."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from flask import Flask, g, has_request_context, request, session
from flask_babel import Babel, get_locale
from markupsafe import Markup

from webapp.words import formatters
from webapp.words import speech as speeches
from webapp.words.speech import LANGUAGES, Speech

DEFAULT = speeches.JAPANESE
TIME_ZONE = "Asia/Tokyo"
CHOSEN = "language"

# Sentences and languages together; what is not said any more makes room.
MOST = 4000


def install(app: Flask) -> None:
    """Let templates and messages speak the reader's language, and show times in Japan's."""
    Babel(app, default_locale=DEFAULT, default_timezone=TIME_ZONE, locale_selector=_language)
    app.jinja_env.globals.update(
        {
            "get_locale": get_locale,
            "speech": speech,
            "_": _say,
            "gettext": _say,
            "ngettext": _say_many,
            "printed_at": _printed_at,
        }
    )


def speech() -> Speech:
    """The speech of this request, found out once; Japanese where nobody is asking, as when the application starts."""
    if not has_request_context():
        return speeches.of_language(DEFAULT)
    if "speech" not in g:
        g.speech = speeches.of_language(_language())
    spoken: Speech = g.speech
    return spoken


def _language() -> str:
    """The session holds a choice, so that no page asks the database for it."""
    chosen = session.get(CHOSEN)
    if chosen in LANGUAGES:
        return str(chosen)
    return request.accept_languages.best_match(LANGUAGES, DEFAULT) or DEFAULT


def _say(english: str, **values: Any) -> Markup:
    """What templates call as `_`; the sentence is ours and whatever fills its places is escaped."""
    spoken = g.get("speech") or speech()
    if not values:
        return _plain(spoken, english)
    return _filled(spoken.gettext(english), values)


@lru_cache(maxsize=MOST)
def _plain(speech: Speech, english: str) -> Markup:
    """A sentence without values, of which a page says a hundred."""
    # Filled with nothing, so that %% means % in every sentence.
    return _filled(speech.gettext(english), {})


def _say_many(one: str, many: str, num: int, **values: Any) -> Markup:
    spoken = speech()
    return _filled(spoken.plural(one, many, num), {"num": f"{num:,}", **values})


def _printed_at() -> str | None:
    """This minute, as every other moment on the page is written."""
    return formatters.instant(datetime.now(UTC).replace(second=0, microsecond=0), speech())


def _filled(sentence: str, values: Mapping[str, Any]) -> Markup:
    return Markup(sentence) % values  # noqa: S704  # a sentence of ours, and what fills it is escaped
