"""What a list can be narrowed by: one small filter per question, which reads its value as strictly as a form does."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
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
    String,
    func,
    or_,
    select,
)

from webapp import db
from webapp.label import Label
from webapp.lists import search
from webapp.lists.conditions import (
    AT_LEAST,
    AT_MOST,
    BEFORE_NEXT_DAY,
    CONTAINS,
    EMPTY,
    IS,
    NEGATED,
    SINCE,
    UNTIL,
    ColumnFilter,
    Question,
)
from webapp.models import references
from webapp.models.company import Company
from webapp.models.industry import Industry
from webapp.models.user import User
from webapp.rules import codes, names
from webapp.rules import company as company_rules
from webapp.rules.calendar import JST
from webapp.rules.fields import Pattern
from webapp.services.changes import row_codec
from webapp.words import keys, labels, numbers, record_names, units
from webapp.words.days import DAY
from webapp.words.marked import _
from webapp.words.speech import Speech


class TextFilter(ColumnFilter):
    """A part of a text, however it is written."""

    def value_of(self, text: str) -> str:
        if not search.is_word(text):
            raise ValueError(text)
        return text.strip()


class CodeFilter(ColumnFilter):
    """A code, in any width and case: as others write it, or before a name."""

    def __init__(self, column: Column[Any], question: Question) -> None:
        super().__init__(column, question)
        rule = column.info.get("rule")
        self._shape = re.compile(rule.regex) if isinstance(rule, Pattern) else None

    def value_of(self, text: str) -> Any:
        # As the column has it, it is no other code and no other way of writing one; addresses of ours say it so.
        if self._shape is not None and self._shape.fullmatch(text):
            return text
        return search.code(self.column, text)


class NumberFilter(ColumnFilter):
    """A number, typed as in a form: a fraction as a percentage, an amount also as 100億."""

    def __init__(self, column: Column[Any], question: Question) -> None:
        super().__init__(column, question)
        self.unit = labels.unit_of(column)
        self.hint = _("such as 100億") if units.is_money(column) else ""

    def value_of(self, text: str) -> Decimal:
        number = self._read(text)
        if number is None or abs(number) > Decimal(10) ** 20:
            raise ValueError(text)
        if isinstance(self.column.type, Integer) and abs(number) > keys.largest(self.column):
            raise ValueError(text)
        return number.scaleb(-2) if self.column.info.get("unit") == "ratio" else number

    def in_words(self, text: str, speech: Speech) -> str:
        number, unit = self._read(text), labels.unit_of(self.column)
        assert number is not None  # it has been understood
        if units.is_money(self.column) and speech.is_japanese:
            large = numbers.led(numbers.write_large(number))
            return f"{large}円" if large[-1] in numbers.MYRIADS else f"{large} 円"
        printed = numbers.printed(number)
        return printed if unit is None else f"{printed} {speech.say(unit)}"

    def _read(self, text: str) -> Decimal | None:
        return numbers.read_large(text) if units.is_money(self.column) else numbers.read(text)


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
        word = self.written(text)
        if word not in self.options():
            raise ValueError(text)
        return int(word) if self.column.type.python_type is int else word

    def written(self, text: str) -> str:
        if text in (options := self.options()):
            return text
        said = names.fold(text).strip()
        labelled = (word for word, label in options.items() if said in map(names.fold, (label.ja, label.en)))
        return next(labelled, text)


class MonthFilter(WordFilter):
    """A month of the year."""

    def options(self) -> Mapping[str, Label]:
        return labels.MONTHS


class AmongFilter(WordFilter):
    """One of the words that the column holds, or the column of more such words that its info names."""

    def fits(self, text: str) -> ColumnElement[bool]:
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

    def fits(self, text: str) -> ColumnElement[bool]:
        return self.column.is_(None) if self.value_of(text) else self.column.is_not(None)


class CompanyFilter(TextFilter):
    """A company, by its code, its label or words of its name."""

    def fits(self, text: str) -> ColumnElement[bool]:
        ids = select(Company.id).where(search.company_named(self.value_of(text)))
        return self.column == func.any(func.array(ids.scalar_subquery()))

    def in_words(self, text: str, speech: Speech) -> str:
        code, _name = codes.lead(text)
        if code is None:
            return text
        return record_names.with_value(Company, code.kind, code.value, speech) or text


class ReferenceFilter(CodeFilter):
    """Another record, by its key."""

    def value_of(self, text: str) -> Any:
        (column,) = row_codec.key_columns(references.target_of(self.column))
        key = keys.parse_value(column, super().value_of(self.written(text)))
        if key is None:
            raise ValueError(text)
        return key

    def written(self, text: str) -> str:
        # A label of ours is a key and a name.
        return next(iter(text.split()), text)

    def in_words(self, text: str, speech: Speech) -> str:
        target = references.target_of(self.column)
        (key,) = row_codec.key_columns(target)
        return record_names.with_value(target, key.name, self.value_of(text), speech) or text


# Other records of which there are so few that all of them can be offered.
SHORT: tuple[type[db.Base], ...] = (Industry, User)


def is_facet(asked: ColumnFilter) -> bool:
    """Whether the values that it asks for are few enough to be ticked."""
    if asked.question is not IS:
        return False
    if isinstance(asked, ReferenceFilter):
        return references.target_of(asked.column) in SHORT
    return isinstance(asked, WordFilter) or type(asked) is YesNoFilter


def for_column(column: Column[Any]) -> list[ColumnFilter]:
    """The questions that make sense for a column of this kind."""
    about_value = _about_value(column)
    if not about_value:
        return []
    empty = [EmptyFilter(column, EMPTY)] if column.nullable else []
    negated = [
        type(one)(column, NEGATED[one.question])
        for one in about_value
        if one.question in NEGATED and not isinstance(one, YesNoFilter)
    ]
    return [*about_value, *empty, *negated]


def _about_value(column: Column[Any]) -> list[ColumnFilter]:
    if column.foreign_keys:
        owns = references.target_of(column) is Company
        return [CompanyFilter(column, IS) if owns else ReferenceFilter(column, IS)]
    if labels.words_of(column) is not None:
        return [AmongFilter(column, IS) if "more" in column.info else WordFilter(column, IS)]
    if column.info.get("rule") is company_rules.MONTH:
        of_month: list[ColumnFilter] = [NumberFilter(column, one) for one in (AT_LEAST, AT_MOST)]
        return [MonthFilter(column, IS), *of_month]
    for kind, filter_type, questions in BY_TYPE:
        if isinstance(column.type, kind):
            return [filter_type(column, question) for question in questions]
    if not isinstance(column.type, String):
        return []  # documents, bytes and lists are nothing that one compares
    return [CodeFilter(column, IS)] if labels.is_code(column) else [TextFilter(column, CONTAINS)]


BY_TYPE: tuple[tuple[type[Any], type[ColumnFilter], tuple[Question, ...]], ...] = (
    (Boolean, YesNoFilter, (IS,)),
    (DateTime, InstantFilter, (SINCE, BEFORE_NEXT_DAY)),
    (Date, DayFilter, (SINCE, UNTIL)),
    (Integer, NumberFilter, (AT_LEAST, AT_MOST)),
    (Numeric, NumberFilter, (AT_LEAST, AT_MOST)),
)
