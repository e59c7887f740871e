"""The conditions in a list's address: which hold one by one, and which are alternatives to each other.

`flt0_role_is=admin` holds by itself; several values of one column are alternatives, as in a panel of facets.
`flt1.a_role_is=admin` is one of group a: of a group any is enough, and all groups hold together.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, or_

from webapp.lists.filters import EMPTY, IS, ColumnFilter

START = "flt"
NAMED = re.compile(rf"{START}(?P<place>[0-9]{{0,4}})(?:\.(?P<group>[a-z]))?_(?P<arg>.+)", re.DOTALL)
# More would be nobody's question.
MOST = 100
LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Asked(NamedTuple):
    """One condition of an address: the filter by its place among the view's, and what it is asked."""

    place: int
    name: str
    value: str
    # The letter of its group; none where it holds by itself.
    group: str = ""


class Typed(NamedTuple):
    """What an address says where it names a condition."""

    arg: str
    value: str
    group: str
    place: int


def read(pairs: Iterable[tuple[str, str]]) -> tuple[list[Typed], list[str]]:
    """The conditions in an address in their order, and the names that cannot be read; blank values say nothing."""
    found: list[Typed] = []
    strange: list[str] = []
    for name, value in pairs:
        if not name.startswith(START) or not value.strip():
            continue
        match = NAMED.fullmatch(name)
        if match is None or len(found) >= MOST:
            strange.append(name)
        else:
            found.append(Typed(match["arg"], value, match["group"] or "", int(match["place"] or 0)))
    return sorted(found, key=lambda typed: (typed.group, typed.place)), strange


def write(asked: Iterable[Asked], filters: Sequence[ColumnFilter]) -> list[tuple[str, str]]:
    """The same for an address; the groups are lettered anew from a."""
    letters: dict[str, str] = {"": ""}
    pairs = []
    for number, one in enumerate(asked):
        letter = letters.setdefault(one.group, f".{LETTERS[len(letters) - 1]}")
        pairs.append((f"{START}{number}{letter}_{filters[one.place].arg}", one.value))
    return pairs


def alternatives(asked: Iterable[Asked], filters: Sequence[ColumnFilter]) -> list[list[Asked]]:
    """The conditions, together with those of which any is enough."""
    found: dict[object, list[Asked]] = {}
    for place, one in enumerate(asked):
        facet = facet_of(filters[one.place], one.value)
        found.setdefault(one.group or facet or place, []).append(one)
    return list(found.values())


def facet_of(asked: ColumnFilter, value: str) -> tuple[str] | None:
    """What tells the conditions apart that are values of one column; None for a condition of another kind."""
    is_value = asked.question is IS or (asked.question is EMPTY and value == "1")
    return (asked.column.name,) if is_value else None


def combined(
    asked: Iterable[Asked], filters: Sequence[ColumnFilter], *, but: str | None = None
) -> list[ColumnElement[bool]]:
    """What they demand of a row; `but` leaves out the values of this column that hold by themselves."""
    demanded = []
    for some in alternatives(asked, filters):
        first = some[0]
        if not first.group and but is not None and facet_of(filters[first.place], first.value) == (but,):
            continue
        demanded.append(or_(*(filters[one.place].condition(one.value) for one in some)))
    return demanded


def places(filters: Sequence[ColumnFilter]) -> Mapping[str, int]:
    """Where each filter stands, by its name in an address."""
    return {made.arg: place for place, made in enumerate(filters)}
