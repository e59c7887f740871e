"""What pages say, and what is drawn on them, in the language of the request.

That is the one which somebody chose, or which their browser asks for, Japanese first. Pieces of pages that are the same
for many readers are made once: templates call `kept` and `icon_of`.
"""

from collections import OrderedDict
from collections.abc import Hashable, Mapping
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
# Of pieces, screens, languages and roles together make some hundred.
MOST_PIECES = 1000


def install(app: Flask) -> None:
    """Let templates and messages speak the reader's language, show times in Japan's, and keep pieces."""
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
    keep_pieces(app)


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


# ---- Pieces of pages ------------------------------------------------------------------------------------------


class Fragments:
    """What an application has made, by template, language and all of its context."""

    def __init__(self, app: Flask) -> None:
        self._env = app.jinja_env
        self._sprite = f"{app.static_url_path}/icons.svg"
        self._kept: OrderedDict[Hashable, Markup] = OrderedDict()
        self._icons: dict[tuple[str, str], Markup] = {}

    def kept(self, template: str, **context: Hashable) -> Markup:
        """A template's output, which depends on the language, on its whole context and on nothing else.

        What it finds out for itself, such as what somebody in a role may open, its context names too.
        """
        key = (template, speech(), request.script_root, *context.items())
        markup = self._kept.get(key)
        if markup is None:
            rendered = self._env.get_template(template).render(context)
            markup = Markup(rendered)  # noqa: S704  # its own template escapes what it shows
            self._kept[key] = markup
            if len(self._kept) > MOST_PIECES:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(key)
        return markup

    def icon_of(self, name: str) -> Markup:
        """One drawing of the sprite; what it means is said beside it."""
        key = (request.script_root, name)
        markup = self._icons.get(key)
        if markup is None:
            place = f"{request.script_root}{self._sprite}#{name}"
            markup = Markup('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>').format(place)
            self._icons[key] = markup
        return markup


def keep_pieces(app: Flask) -> None:
    """Let templates keep pieces; those of an earlier call are forgotten."""
    fragments = Fragments(app)
    app.jinja_env.globals.update(kept=fragments.kept, icon_of=fragments.icon_of)
