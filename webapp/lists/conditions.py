"""The conditions in a list's address: which hold one by one, and which are alternatives to each other.

`flt0_role_is=admin` holds by itself; several values of one column are alternatives, as in a panel of facets.
`flt1.a_role_is=admin` is one of group a: of a group any is enough, and all groups hold together.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import ColumnElement, or_

from webapp.lists.questions import EMPTY, IS, ColumnFilter
from webapp.words.speech import Speech

START = "flt"
NAMED = re.compile(rf"{START}(?P<place>[0-9]{{0,4}})(?:\.(?P<group>[a-z]))?_(?P<arg>.+)", re.DOTALL)
# More would be nobody's question.
MOST = 100
LETTERS = "abcdefghijklmnopqrstuvwxyz"


# What a comparison says -> how it reads with its value; one that is not here is no more than the value.
SENTENCES = {
    "is not": "not %(value)s",
    "does not contain": "does not contain “%(value)s”",
    "contains": "contains “%(value)s”",
    "at least": "%(value)s or more",
    "at most": "%(value)s or less",
    "from": "from %(value)s",
    "until": "until %(value)s",
}


class Asked(NamedTuple):
    """One condition of an address: a filter and what it is asked."""

    filter: ColumnFilter
    value: str
    # The letter of its group; none where it holds by itself.
    group: str = ""


class Typed(NamedTuple):
    """What an address says where it names a condition."""

    arg: str
    value: str
    group: str
    place: int
    # Its whole name in the address.
    name: str


def read(pairs: Iterable[tuple[str, str]]) -> tuple[list[Typed], list[tuple[str, str]]]:
    """The conditions in an address in their order, and what cannot be read; blank values say nothing."""
    typed: list[Typed] = []
    strange: list[tuple[str, str]] = []
    for name, value in pairs:
        if not name.startswith(START) or not value.strip():
            continue
        match = NAMED.fullmatch(name)
        if match is None or len(typed) >= MOST:
            strange.append((name, value))
        else:
            place = int(match["place"] or 0)
            typed.append(Typed(match["arg"], value, match["group"] or "", place, name))
    return sorted(typed, key=lambda one: (one.group, one.place)), strange


def arg_of(name: str) -> str:
    """What a name in an address asks, without its number and group; a name that is no condition's as it is."""
    match = NAMED.fullmatch(name)
    return name if match is None else match["arg"]


def write(asked: Iterable[Asked]) -> list[tuple[str, str]]:
    """The same for an address; the groups are lettered anew from a."""
    letters: dict[str, str] = {"": ""}
    pairs = []
    for number, one in enumerate(asked):
        letter = letters.setdefault(one.group, f".{LETTERS[len(letters) - 1]}")
        pairs.append((f"{START}{number}{letter}_{one.filter.arg}", one.value))
    return pairs


def alternatives(asked: Iterable[Asked]) -> list[list[Asked]]:
    """The conditions, together with those of which any is enough."""
    together: dict[object, list[Asked]] = {}
    for place, one in enumerate(asked):
        facet = facet_of(one)
        together.setdefault(one.group or facet or place, []).append(one)
    return list(together.values())


def facet_of(one: Asked) -> tuple[str] | None:
    """What tells the conditions apart that are values of one column; None for a condition of another kind."""
    is_value = one.filter.question is IS or (one.filter.question is EMPTY and one.value == "1")
    return (one.filter.column.name,) if is_value else None


def combined(asked: Iterable[Asked], *, but: str | None = None) -> list[ColumnElement[bool]]:
    """What they demand of a row; `but` leaves out the values of this column that hold by themselves."""
    demanded = []
    for some in alternatives(asked):
        if not some[0].group and but is not None and facet_of(some[0]) == (but,):
            continue
        demanded.append(or_(*(one.filter.condition(one.value) for one in some)))
    return demanded


def in_words(asked: Asked, speech: Speech) -> tuple[str, str]:
    """A condition as people read it: the column, and what is asked of it with the value in its place."""
    one = asked.filter
    value = one.in_words(asked.value, speech)
    phrase = SENTENCES.get(one.question.says)
    return speech.say(one.label), value if phrase is None else speech.gettext(phrase, value=value)
