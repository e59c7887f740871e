"""What the file of a list is called: what was asked for, in the words of the list, and when; and each kind of file."""

import re
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from webapp.lists import conditions
from webapp.lists.query import ListQuery
from webapp.rules.calendar import JST
from webapp.words.speech import Speech

# What file systems do not take, controls and marks of direction, and spaces, which shells and mails break at.
UNFIT = re.compile(r"[\\/:*?\"<>|\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+")
# Of 255 bytes that file systems give a name, in UTF-8.
MOST_BYTES = 180


def of(query: ListQuery, label: str, at: datetime, speech: Speech) -> str:
    """A name without its ending: the list, what is searched for, the conditions, and Japan's time."""
    said = [label, query.text]
    between = "：" if speech.is_japanese else "-"
    said += [between.join(conditions.in_words(asked, speech)) for asked in query.asked]
    if query.known is not None:
        said.append(query.known.in_words(speech))
    return f"{_cut('_'.join(filter(None, map(fit, said))))}{of_moment(at)}"


def of_moment(at: datetime) -> str:
    """How every such name ends."""
    return f"{at.astimezone(JST):_%Y%m%d_%H%M%S}"


def fit(text: str) -> str:
    """A text as a part of a name: without what file systems do not take, and without what nobody sees."""
    return UNFIT.sub("-", text.strip()).strip("-.")


class Offered(NamedTuple):
    """What the menu of files says, in one language: of each kind, by its name in the address."""

    # Those that may also come back.
    editable: Sequence[tuple[str, str]]
    whole: str
    lines: str


@lru_cache
def offered(speech: Speech) -> Offered:
    """What the menu of files says: the same on every list."""
    shown, stored = speech.gettext("The list as shown"), speech.gettext("All columns, as stored")
    editable = (
        ("xlsx", shown, "Excel"),
        ("csv", shown, "CSV"),
        ("xlsx-all", stored, "Excel"),
        ("all", stored, "CSV"),
    )
    return Offered(
        editable=[(name, speech.in_brackets(words, ending)) for name, words, ending in editable],
        whole=speech.in_brackets(speech.gettext("The whole list, all columns"), "CSV"),
        lines=speech.in_brackets(stored, "JSON Lines"),
    )


def _cut(text: str) -> str:
    return text.encode()[:MOST_BYTES].decode(errors="ignore")
