"""What a list can be narrowed by: one small filter per question, which reads its value as strictly as a form does."""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CTE,
    Boolean,
    Column,
    ColumnElement,
    Date,
    DateTime,
    Integer,
    Numeric,
    Select,
    func,
    or_,
    select,
)

from webapp import db
from webapp.label import Label
from webapp.lists import search
from webapp.models import references
from webapp.models.company import Company
from webapp.models.industry import Industry
from webapp.rules.fields import CONTROL
from webapp.services.changes import row_codec
from webapp.words import keys, labels, numbers, record_names
from webapp.words.marked import _
from webapp.words.moments import DAY, JST
from webapp.words.speech import Speech

LONGEST = 200
Condition = Callable[[Any, Any], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Question:
    """How a column is compared: the word in the address, what people read, and the condition."""

    word: str
    says: str
    condition: Condition


IS = Question("is", _("is"), lambda column, value: column == value)
CONTAINS = Question("contains", _("contains"), search.contains)
AT_LEAST = Question("from", _("at least"), lambda column, value: column >= value)
AT_MOST = Question("to", _("at most"), lambda column, value: column <= value)
SINCE = Question("from", _("from"), lambda column, value: column >= value)
UNTIL = Question("to", _("until"), lambda column, value: column <= value)
BEFORE_NEXT_DAY = Question("to", _("until"), lambda column, value: column < value + timedelta(days=1))
EMPTY = Question("empty", _("is empty"), lambda column, _value: column.is_(None))


class ColumnFilter:
    """One question about one column; `arg` is its name in the address."""

    # The type of the input that asks for a value.
    input_type = "text"

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

    def condition(self, text: str) -> ColumnElement[bool]:
        """The rows that answer it; the text has been understood."""
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


class CodeFilter(ColumnFilter):
    """A code, in any width and case."""

    def value_of(self, text: str) -> Any:
        return unicodedata.normalize("NFKC", text).strip().upper()


class NumberFilter(ColumnFilter):
    """A number, typed as in a form: a fraction as a percentage."""

    def value_of(self, text: str) -> Decimal:
        number = numbers.read(text)
        if number is None or abs(number) > Decimal(10) ** 20:
            raise ValueError(text)
        if isinstance(self.column.type, Integer) and abs(number) > keys.largest(self.column):
            raise ValueError(text)
        return number.scaleb(-2) if self.column.info.get("unit") == "ratio" else number

    def in_words(self, text: str, speech: Speech) -> str:
        number, unit = numbers.read(text), labels.unit_of(self.column)
        assert number is not None  # it has been understood
        return numbers.write(number) if unit is None else f"{numbers.write(number)} {speech.say(unit)}"


class DayFilter(ColumnFilter):
    """A calendar date."""

    input_type = "date"

    def value_of(self, text: str) -> date:
        match = DAY.fullmatch(search.plain(text))
        if match is None:
            raise ValueError(text)
        return date(int(match["year"]), int(match["month"]), int(match["day"]))


class InstantFilter(DayFilter):
    """A day in Japan, about a column of moments."""

    def value_of(self, text: str) -> datetime:
        day = super().value_of(text)
        if not 1 < day.year < 9999:
            raise ValueError(text)  # a day more or less must still be a date
        return datetime.combine(day, time(), JST)


class WordFilter(ColumnFilter):
    """One of the words that the column may hold."""

    def options(self) -> Mapping[str, Label]:
        return labels.choices(self.column)

    def value_of(self, text: str) -> Any:
        if text not in self.options():
            raise ValueError(text)
        return int(text) if self.column.type.python_type is int else text


class AmongFilter(WordFilter):
    """One of the words that the column holds, or the column of more such words that its info names."""

    def condition(self, text: str) -> ColumnElement[bool]:
        word = self.value_of(text)
        return or_(self.column == word, self._more.contains([word]))

    def columns_counted(self) -> list[Column[Any]]:
        return [self.column, self._more]

    def values_in(self, rows: CTE) -> Select[Any]:
        words = func.array_prepend(rows.c[self.column.name], rows.c[self._more.name])
        return select(func.unnest(words).label("value")).select_from(rows)

    @property
    def _more(self) -> Column[Any]:
        return self.column.table.columns[self.column.info["more"]]


class YesNoFilter(ColumnFilter):
    """Yes or no."""

    def options(self) -> Mapping[str, Label]:
        return labels.flags_of(self.column)

    def value_of(self, text: str) -> bool:
        if text not in ("0", "1"):
            raise ValueError(text)
        return text == "1"


class EmptyFilter(YesNoFilter):
    """Whether there is a value at all."""

    def options(self) -> Mapping[str, Label]:
        return labels.EMPTY_OR_NOT

    def condition(self, text: str) -> ColumnElement[bool]:
        return self.column.is_(None) if self.value_of(text) else self.column.is_not(None)


class CompanyFilter(ColumnFilter):
    """A company, by its code or a word of its name."""

    def condition(self, text: str) -> ColumnElement[bool]:
        ids = select(Company.id).where(search.company_named(self.value_of(text)))
        return self.column == func.any(func.array(ids.scalar_subquery()))


class ReferenceFilter(CodeFilter):
    """Another record, by its key."""

    def value_of(self, text: str) -> Any:
        (column,) = row_codec.key_columns(references.target_of(self.column))
        key = keys.parse_value(column, super().value_of(text))
        if key is None:
            raise ValueError(text)
        return key

    def in_words(self, text: str, speech: Speech) -> str:
        # The rows of the page have been read, and so has what they refer to: worth no statement of its own.
        return record_names.loaded(references.target_of(self.column), self.value_of(text), speech) or text


# Other records of which there are so few that all of them can be offered.
SHORT: tuple[type[db.Base], ...] = (Industry,)


def is_facet(asked: ColumnFilter) -> bool:
    """Whether the values that it asks for are few enough to be ticked."""
    if isinstance(asked, ReferenceFilter):
        return references.target_of(asked.column) in SHORT
    return isinstance(asked, WordFilter) or type(asked) is YesNoFilter


def for_column(column: Column[Any]) -> list[ColumnFilter]:
    """The questions that make sense for a column of this kind."""
    about_value = _about_value(column)
    return [*about_value, EmptyFilter(column, EMPTY)] if column.nullable else about_value


def _about_value(column: Column[Any]) -> list[ColumnFilter]:
    if column.foreign_keys:
        owns = references.target_of(column) is Company
        return [CompanyFilter(column, IS) if owns else ReferenceFilter(column, IS)]
    if labels.words_of(column) is not None:
        return [AmongFilter(column, IS) if "more" in column.info else WordFilter(column, IS)]
    for kind, filter_type, questions in BY_TYPE:
        if isinstance(column.type, kind):
            return [filter_type(column, question) for question in questions]
    return [CodeFilter(column, IS)] if labels.is_code(column) else [ColumnFilter(column, CONTAINS)]


BY_TYPE: tuple[tuple[type[Any], type[ColumnFilter], tuple[Question, ...]], ...] = (
    (Boolean, YesNoFilter, (IS,)),
    (DateTime, InstantFilter, (SINCE, BEFORE_NEXT_DAY)),
    (Date, DayFilter, (SINCE, UNTIL)),
    (Integer, NumberFilter, (AT_LEAST, AT_MOST)),
    (Numeric, NumberFilter, (AT_LEAST, AT_MOST)),
)
