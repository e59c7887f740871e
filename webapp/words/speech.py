"""One language as a value: whatever is said to somebody is said by the speech they listen to.

Commands load this before they load anything else, so it needs neither Babel nor SQLAlchemy.
"""

import gettext
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from webapp.label import Label, Phrase
from webapp.rules.people.account import LANGUAGE

LANGUAGES = tuple(LANGUAGE.words)
JAPANESE, ENGLISH = "ja", "en"
CATALOGUES = Path(__file__).parents[1] / "translations"


class Sentence(Protocol):
    """An English sentence with %(name)s places, the key of its translation, and what fills them."""

    @property
    def message(self) -> str: ...

    @property
    def params(self) -> Mapping[str, Any]: ...


class Speech:
    """Labels and sentences in one language; English sentences are their own keys."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.is_japanese = language == JAPANESE
        self._catalogue = gettext.translation("messages", CATALOGUES, [language], fallback=True)
        self._translate = self._catalogue.gettext

    def say(self, label: Label) -> str:
        """A label."""
        return label.ja if self.is_japanese else label.en

    def gettext(self, message: str, **values: object) -> str:
        """A sentence with its values; labels and phrases among them are said too."""
        translation = self._translate(message)
        if not values:
            return translation
        return translation % {name: self._said(value) for name, value in values.items()}

    def _said(self, value: object) -> object:
        if isinstance(value, Phrase):
            return self.gettext(value.message, **value.params)
        return self.say(value) if isinstance(value, Label) else value

    def in_brackets(self, text: str, remark: str) -> str:
        """A text with a remark, such as a unit, in the brackets of the language: 売上高（円）, Revenue (yen)."""
        return f"{text}（{remark}）" if self.is_japanese else f"{text} ({remark})"

    def quoted(self, text: str) -> str:
        """What somebody wrote, in the quotation marks of the language."""
        return f"「{text}」" if self.is_japanese else f"“{text}”"

    def listed(self, texts: Iterable[str]) -> str:
        """Several texts in one line."""
        return ("、" if self.is_japanese else ", ").join(texts)

    def pair(self, name: str, value: str) -> str:
        """A name and its value: 決算月：3月, Market: Prime."""
        return f"{name}：{value}" if self.is_japanese else f"{name}: {value}"

    def plural(self, one: str, many: str, number: int) -> str:
        """A sentence about so many things, with its places still open."""
        return self._catalogue.ngettext(one, many, number)

    def ngettext(self, one: str, many: str, number: int, **values: object) -> str:
        """A sentence about so many things, which are its %(num)s."""
        return self.plural(one, many, number) % {"num": f"{number:,}", **values}

    def sentence(self, sentence: Sentence) -> str:
        """A rule's saying or a finding, filled."""
        return self.gettext(sentence.message, **sentence.params)


@cache
def of_language(language: str) -> Speech:
    """The speech of a language; there is one of each."""
    return Speech(language)
