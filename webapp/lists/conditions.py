"""The conditions in a list's address: questions about a column, held one by one or as alternatives to each other.

`flt0_role_is=admin` holds by itself; several values of one column are alternatives, as in a panel of facets.
`flt1.a_role_is=admin` is one of group a: of a group any is enough, and all groups hold together.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import CTE, Column, ColumnElement, Select, false, func, not_, or_, select

from webapp.label import Label
from webapp.lists import search
from webapp.rules.fields import CONTROL
from webapp.words import labels
from webapp.words.marked import _
from webapp.words.speech import Speech

START = "flt"
NAMED = re.compile(rf"{START}(?P<place>[0-9]{{0,4}})(?:\.(?P<group>[a-z]))?_(?P<arg>.+)", re.DOTALL)
# More would be nobody's question.
MOST = 100
LETTERS = "abcdefghijklmnopqrstuvwxyz"
# Of a value in an address; what is longer is not understood.
LONGEST = 200
Condition = Callable[[Any, Any], ColumnElement[bool]]


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


@dataclass(frozen=True, slots=True)
class Question:
    """How a column is compared: the word in the address, what people read, and the condition."""

    word: str
    says: str
    condition: Condition
    # Whether it finds the rows that the same question without "not" does not, blank ones among them.
    is_negated: bool = False


IS = Question("is", _("is"), lambda column, value: column == value)
IS_NOT = Question("not", _("is not"), IS.condition, is_negated=True)
CONTAINS = Question("contains", _("contains"), search.contains)
LACKS = Question("lacks", _("does not contain"), CONTAINS.condition, is_negated=True)
AT_LEAST = Question("from", _("at least"), lambda column, value: column >= value)
AT_MOST = Question("to", _("at most"), lambda column, value: column <= value)
SINCE = Question("from", _("from"), lambda column, value: column >= value)
UNTIL = Question("to", _("until"), lambda column, value: column <= value)
BEFORE_NEXT_DAY = Question("to", _("until"), lambda column, value: column < value + timedelta(days=1))
EMPTY = Question("empty", _("is empty"), lambda column, _value: column.is_(None))


NEGATED = {IS: IS_NOT, CONTAINS: LACKS}


class ColumnFilter:
    """One question about one column; `arg` is its name in the address."""

    # The type of the input that asks for a value, what it says where it is empty, and the unit that it takes.
    input_type = "text"
    hint: str = ""
    unit: Label | None = None

    def __init__(self, column: Column[Any], question: Question) -> None:
        self.column, self.question = column, question
        self.label: Label = labels.of_column(column)
        self.arg = f"{column.name.removesuffix('_id')}_{question.word}"

    def options(self) -> Mapping[str, Label]:
        """The values to choose from, with their names; nothing where there are too many."""
        return {}

    def is_understood(self, text: str) -> bool:
        """Whether a text of an address is a value of this filter."""
        if not 0 < len(text) <= LONGEST or CONTROL.search(text):
            return False
        try:
            self.value_of(text)
        except ValueError:
            return False
        return True

    def value_of(self, text: str) -> Any:
        """The typed value; raises ValueError."""
        return text.strip()

    def written(self, text: str) -> str:
        """A text that has been understood, as the address has it: a label becomes the value that it stands for."""
        return text

    def condition(self, text: str) -> ColumnElement[bool]:
        """The rows that answer it; the text has been understood."""
        fits = self.fits(text)
        return not_(func.coalesce(fits, false())) if self.question.is_negated else fits

    def fits(self, text: str) -> ColumnElement[bool]:
        """The rows that have the value."""
        return self.question.condition(self.column, self.value_of(text))

    def columns_counted(self) -> list[Column[Any]]:
        """What its values are counted from."""
        return [self.column]

    def values_in(self, rows: CTE) -> Select[Any]:
        """The values of these rows, which have the columns counted: one a row, unless a row has several."""
        return select(rows.c[self.column.name].label("value"))

    def in_words(self, text: str, speech: Speech) -> str:
        """A value that has been understood, as people read it."""
        label = self.options().get(text)
        return text if label is None else speech.say(label)


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
