"""What a list can be narrowed by: one small filter per question, which reads its value as strictly as a form does."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from flask_admin.model.filters import BaseFilter
from flask_babel import gettext
from flask_babel.speaklater import LazyString
from sqlalchemy import Boolean, Column, ColumnElement, Date, DateTime, Integer, Numeric, func, select

from webapp import db
from webapp.forms import fields, lookups
from webapp.lists import search
from webapp.models.company import Company
from webapp.models.industry import Industry
from webapp.rules.fields import CONTROL
from webapp.services.changes import row_codec
from webapp.words import keys, labels, numbers

LONGEST = 200
Condition = Callable[[Any, Any], ColumnElement[bool]]


def _(sentence: str) -> str:
    return sentence  # marked for translation here, translated when it is shown


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


class ColumnFilter(BaseFilter):
    """One question about one column."""

    def __init__(self, column: Column[Any], question: Question, *, data_type: str | None = None) -> None:
        self.column, self.question = column, question
        super().__init__(labels.later(labels.of_column(column)), data_type=data_type)  # type: ignore[arg-type]  # lazy

    @property
    def arg(self) -> str:
        """Its name in the address."""
        return f"{self.column.name.removesuffix('_id')}_{self.question.word}"

    def get_options(self, view: Any = None) -> Any:  # noqa: ARG002  # Flask-Admin's signature
        """The values to choose from, with their names; nothing where there are too many."""
        return ()

    def operation(self) -> Any:
        return LazyString(gettext, self.question.says)

    def validate(self, value: Any) -> bool:
        text = str(value)
        return 0 < len(text) <= LONGEST and not CONTROL.search(text) and super().validate(text)

    def clean(self, value: Any) -> Any:
        return str(value).strip()

    def condition(self, value: str) -> ColumnElement[bool]:
        """The rows that answer it; the value has been validated."""
        return self.question.condition(self.column, self.clean(value))

    def in_words(self, value: str) -> str:
        """A value that has been validated, as people read it."""
        return value

    def apply(self, query: Any, value: Any, alias: Any = None) -> Any:  # noqa: ARG002  # not ours
        return query.where(self.condition(value))


class CodeFilter(ColumnFilter):
    """A code, in any width and case."""

    def clean(self, value: Any) -> str:
        return search.plain(str(value)).upper()


class NumberFilter(ColumnFilter):
    """A number, typed as in a form: a fraction as a percentage."""

    def clean(self, value: Any) -> Decimal:
        number = numbers.read(str(value))
        if number is None or abs(number) > Decimal(10) ** 20:
            raise ValueError(value)
        if isinstance(self.column.type, Integer) and abs(number) > keys.largest(self.column):
            raise ValueError(value)
        return number.scaleb(-2) if self.column.info.get("unit") == "ratio" else number

    def in_words(self, value: str) -> str:
        number, unit = numbers.read(value), labels.unit_of(self.column)
        assert number is not None  # it has been validated
        return numbers.write(number) if unit is None else f"{numbers.write(number)} {labels.say(unit)}"


class DayFilter(ColumnFilter):
    """A calendar date."""

    def clean(self, value: Any) -> date:
        match = fields.DAY.fullmatch(search.plain(str(value)))
        if match is None:
            raise ValueError(value)
        return date(int(match["year"]), int(match["month"]), int(match["day"]))


class InstantFilter(DayFilter):
    """A day in Japan, about a column of moments."""

    def clean(self, value: Any) -> datetime:
        day = super().clean(value)
        if not 1 < day.year < 9999:
            raise ValueError(value)  # a day more or less must still be a date
        return datetime.combine(day, time(), fields.JST)


class WordFilter(ColumnFilter):
    """One of the words that the column may hold."""

    def get_options(self, view: Any = None) -> Any:  # noqa: ARG002  # Flask-Admin's signature
        return [(word, labels.later(label)) for word, label in labels.choices(self.column).items()]

    def clean(self, value: Any) -> Any:
        if str(value) not in labels.choices(self.column):
            raise ValueError(value)
        return int(value) if self.column.type.python_type is int else str(value)


class YesNoFilter(ColumnFilter):
    """Yes or no."""

    def get_options(self, view: Any = None) -> Any:  # noqa: ARG002  # Flask-Admin's signature
        return [("1", LazyString(gettext, "Yes")), ("0", LazyString(gettext, "No"))]

    def clean(self, value: Any) -> bool:
        if value not in ("0", "1"):
            raise ValueError(value)
        return bool(value == "1")


class EmptyFilter(YesNoFilter):
    """Whether there is a value at all."""

    def condition(self, value: str) -> ColumnElement[bool]:
        return self.column.is_(None) if self.clean(value) else self.column.is_not(None)


class CompanyFilter(ColumnFilter):
    """A company, by its code or a word of its name."""

    def condition(self, value: str) -> ColumnElement[bool]:
        ids = select(Company.id).where(search.company_named(self.clean(value)))
        return self.column == func.any(func.array(ids.scalar_subquery()))


class ReferenceFilter(CodeFilter):
    """Another record, by its key."""

    def clean(self, value: Any) -> Any:
        (column,) = row_codec.key_columns(lookups.target_of(self.column))
        key = keys.parse_value(column, super().clean(value))
        if key is None:
            raise ValueError(value)
        return key

    def in_words(self, value: str) -> str:
        # The rows of the page have been read, and so has what they refer to: that is worth no statement of its own.
        return lookups.loaded_name(lookups.target_of(self.column), self.clean(value)) or value


# Other records of which there are so few that all of them can be offered.
SHORT: tuple[type[db.Base], ...] = (Industry,)


EMPTY = Question("empty", _("is empty"), lambda column, _value: column.is_(None))


def is_facet(made: ColumnFilter) -> bool:
    """Whether the values that it asks for are few enough to be ticked."""
    if isinstance(made, ReferenceFilter):
        return lookups.target_of(made.column) in SHORT
    return isinstance(made, WordFilter) or type(made) is YesNoFilter


def for_column(column: Column[Any]) -> list[ColumnFilter]:
    """The questions that make sense for a column of this kind."""
    found = _about_value(column)
    return [*found, EmptyFilter(column, EMPTY)] if column.nullable else found


def _about_value(column: Column[Any]) -> list[ColumnFilter]:
    if column.foreign_keys:
        owns = lookups.target_of(column) is Company
        return [CompanyFilter(column, IS) if owns else ReferenceFilter(column, IS)]
    if labels.words_of(column) is not None:
        return [WordFilter(column, IS)]
    for kind, made, questions in BY_TYPE:
        if isinstance(column.type, kind):
            data_type = "datepicker" if issubclass(made, DayFilter) else None
            return [made(column, question, data_type=data_type) for question in questions]
    if fields.kind_of(column) is fields.CodeField:
        return [CodeFilter(column, IS)]
    return [ColumnFilter(column, CONTAINS)]


BY_TYPE: tuple[tuple[type[Any], type[ColumnFilter], tuple[Question, ...]], ...] = (
    (Boolean, YesNoFilter, (IS,)),
    (DateTime, InstantFilter, (SINCE, BEFORE_NEXT_DAY)),
    (Date, DayFilter, (SINCE, UNTIL)),
    (Integer, NumberFilter, (AT_LEAST, AT_MOST)),
    (Numeric, NumberFilter, (AT_LEAST, AT_MOST)),
)
