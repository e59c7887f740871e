"""Which language somebody reads: the one they chose, or the one their browser asks for, Japanese first."""

from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from flask import Flask, g, request, session
from flask_babel import Babel, Domain, get_locale
from markupsafe import Markup

from webapp.services.accounts.accounts import LANGUAGES

# Flask-Babel has no types for what it lets be replaced.
AnyDomain: Any = Domain
AnyBabel: Any = Babel

DEFAULT = "ja"
TIME_ZONE = "Asia/Tokyo"
CHOSEN = "language"


class Catalogues(AnyDomain):  # type: ignore[misc]  # see above
    """The catalogue of each language, found by its name: a page asks a hundred times."""

    def get_translations(self) -> Any:
        locale = of_the_reader()
        if locale is None:
            return super().get_translations()
        found = self.cache.get(locale.language)
        if found is None:
            found = self.cache[locale.language] = super().get_translations()
        return found


class Languages(AnyBabel):  # type: ignore[misc]  # see above
    """Flask-Babel with these catalogues."""

    @cached_property
    def domain_instance(self) -> Catalogues:
        return Catalogues()


def install(app: Flask) -> None:
    """Let templates and messages speak the reader's language, and show times in Japan's."""
    babel = Languages(
        app, default_locale=DEFAULT, default_timezone=TIME_ZONE, locale_selector=of_this_request
    )
    app.jinja_env.globals["get_locale"] = get_locale
    # `none | datetimeformat` would be the moment, and the language, in which Jinja compiled the template.
    app.jinja_env.globals["now"] = now
    sentences: Catalogues = babel.domain_instance
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # the extension adds it
        gettext=lambda one: sentences.get_translations().ugettext(one),
        ngettext=lambda one, many, number: sentences.get_translations().ungettext(one, many, number),
        newstyle=True,
    )
    say = _Sayings(sentences)
    app.jinja_env.globals.update({"gettext": say, "_": say})


def now() -> datetime:
    """This moment."""
    return datetime.now(UTC)


class _Sayings:
    """What templates call as `_`: Jinja's own looks a sentence up and formats it anew for each of hundreds of calls."""

    def __init__(self, sentences: Catalogues) -> None:
        self._sentences = sentences
        self._plain: dict[tuple[str, str], Markup] = {}

    def __call__(self, sentence: str, **filled: Any) -> Markup:
        if filled:
            return self._translated(sentence) % filled
        known = (of_the_reader().language, sentence)
        said = self._plain.get(known)
        if said is None:
            # Formatted with nothing, so that %% means % in every sentence.
            said = self._plain[known] = self._translated(sentence) % {}
        return said

    def _translated(self, sentence: str) -> Markup:
        text: str = self._sentences.get_translations().ugettext(sentence)
        return Markup(text)  # noqa: S704  # a sentence of ours; what fills its places is escaped


def of_the_reader() -> Any:
    """Flask-Babel's locale of this request, None where nobody asks; a list wants to know hundreds of times."""
    try:
        return g._flask_babel.babel_locale or get_locale()
    except (AttributeError, RuntimeError):
        # Not yet found out, or no request.
        return get_locale()


def of_this_request() -> str:
    """The language of this request; the session holds a choice, so that no page asks the database for it."""
    chosen = session.get(CHOSEN)
    if chosen in LANGUAGES:
        return str(chosen)
    return request.accept_languages.best_match(LANGUAGES, DEFAULT) or DEFAULT
