"""The questions of which one can be asked about a column, and what every filter is: one question about one column."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import CTE, Column, ColumnElement, Select, false, func, not_, select

from webapp.label import Label
from webapp.lists import search
from webapp.rules.fields import CONTROL
from webapp.words import labels
from webapp.words.marked import _
from webapp.words.speech import Speech

LONGEST = 200
Condition = Callable[[Any, Any], ColumnElement[bool]]


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
