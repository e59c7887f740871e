"""What the product itself wrote where people write too: kept in English, read in any language."""

import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, func

from webapp.words.marked import _
from webapp.words.speech import Speech

# For what figures are accepted; whoever has another reason writes it.
ACCEPTED_FOR = (
    _("As the company filed it"),
    _("Rounding below the unit of the statement"),
    _("A single event, such as a merger or a sale"),
    _("Other presentation or classification"),
    _("Change of the accounting standard"),
    _("The source is in error"),
)
SENTENCES = {
    "author_name": (_("%(name)s (command line)"), _("seed")),
    "reason": (_("Starter data: %(file)s"), _("Undoes change set %(number)s"), *ACCEPTED_FOR),
}
PLACE = re.compile(r"%\\\((\w+)\\\)s")


def in_language(column_name: str, text: str | None, speech: Speech) -> str | None:
    """The text of a column as its reader says it; what a person wrote stays as it is."""
    if text is None or not speech.is_japanese:
        return text
    for sentence in SENTENCES.get(column_name, ()):
        match = re.fullmatch(_shape(sentence, r"(?P<\1>.+)"), text)
        if match is not None:
            return speech.gettext(sentence, **match.groupdict())
    return text


def author(name: str | None, speech: Speech) -> str:
    """Who changed something, as the reader is told it; nobody is named where it was not done through this admin."""
    return in_language("author_name", name, speech) or speech.gettext("Somebody outside this admin")


def as_sql(column_name: str, text: ColumnElement[Any], speech: Speech) -> ColumnElement[Any]:
    """The same in SQL; each sentence has one place."""
    for pattern, said in _said(column_name, speech):
        text = func.regexp_replace(text, pattern, said)
    return text


def _said(column_name: str, speech: Speech) -> Iterator[tuple[str, str]]:
    for sentence in SENTENCES.get(column_name, ()) if speech.is_japanese else ():
        places = dict.fromkeys(re.findall(r"%\((\w+)\)s", sentence), r"\1")
        yield f"^{_shape(sentence, '(.+)')}$", speech.gettext(sentence, **places)


def _shape(sentence: str, place: str) -> str:
    return PLACE.sub(place, re.escape(sentence))
