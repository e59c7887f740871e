"""A column and its rule become a form field: strict about what it reads, exact about what it leaves alone."""

import unicodedata
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from markupsafe import Markup
from sqlalchemy import Boolean, Column, Date, DateTime, Integer, Numeric, String
from wtforms.fields.core import UnboundField as WTFormsUnboundField
from wtforms.widgets import TextArea

from webapp.forms import elements, inputs
from webapp.forms.choices import ChoiceField, YesNoField
from webapp.forms.inputs import ColumnField, InputWidget, Question
from webapp.rules import calendar
from webapp.rules.calendar import JST
from webapp.rules.fields import Between, Text
from webapp.words import eras, keys, labels, numbers, units
from webapp.words.days import DAY
from webapp.words.speech import Speech
from webapp.words.units import Unit

# WTForms has no annotations, and every call of it would need a word about that.
UnboundField: Any = WTFormsUnboundField


class TextField(ColumnField):
    """Text in NFC, trimmed; blank is nothing."""

    def reads(self, text: str) -> str | None:
        return unicodedata.normalize("NFC", text.strip()) or None


class LongTextField(TextField):
    """Text of several lines."""

    widget = TextArea()
    is_wide = True


class CodeField(ColumnField):
    """A short word of fixed shape, typed in any width or case."""

    def reads(self, text: str) -> str | None:
        plain = unicodedata.normalize("NFKC", text).strip()
        if plain and self.rule is not None and self.rule.broken_by(plain):
            upper = plain.upper()
            return plain if self.rule.broken_by(upper) else upper
        return plain or None


class NumberWidget(InputWidget):
    """A text input: browsers' own number inputs refuse commas, full width and △."""

    def __call__(self, field: Any, **attributes: Any) -> Markup:
        asked = (field.column, field.id, field.name, field.flags.required)
        counted = (field.unit, field.one, field.shift, field.places)
        halves = _halves_of_number(self.input_type, asked, counted, tuple(attributes.items()))
        return elements.filled(halves, field._value())


@lru_cache(maxsize=elements.MOST)
def _halves_of_number(
    kind: str,
    asked: tuple[Column[Any], str, str, bool],
    counted: tuple[str, str, int, int],
    more: elements.Attributes,
) -> elements.Halves:
    """An input of a number up to its value, and after it: of a column, an id, a name, as it is counted."""
    column, id, name, is_required = asked
    unit, one, shift, places = counted
    facts: dict[str, Any] = {"required": is_required, "data_number": str(places), "data_unit": unit}
    if units.is_money(column):
        # A script reads the amount back in yen, and follows the unit where the form asks for it.
        facts |= {"data_digits": str(-shift), "data_yen": one}
    facts |= {"class_": "num", "inputmode": "decimal", "autocomplete": "off", **dict(more)}
    return elements.halves((("id", id), ("name", name), ("type", kind)), tuple(facts.items()))


class NumberField(ColumnField):
    """An exact number within the column's digits; a fraction is typed and shown as a percentage."""

    widget = NumberWidget("text")

    def __init__(self, question: Question, **options: Any) -> None:
        super().__init__(question, **options)
        # What one of the currency is called, of which a unit has so many.
        self.one = question.unit
        self.shown_in, self.currency = units.YEN, units.JPY
        # By how many digits its point is moved to the right, and how many decimals it then has.
        self.shift, self.places = _usually_shifted(self.column)

    def show_in(self, unit: Unit) -> None:
        """Show and read an amount of money in this unit; what is stored is yen all the same."""
        self.shift, self.places = _shifted(self.column, -unit.digits)
        self.shown_in, self.unit, self.currency = unit, self.speech.say(unit.label), units.JPY
        self.one = self.question.unit

    def count_in(self, currency: str) -> None:
        """Call amounts by this currency, whose whole units are stored."""
        if currency == self.currency:
            return
        self.currency = currency
        if self.column.info.get("unit") in ("money", "per_share"):
            self.unit = self.speech.say(self.shown_in.in_currency(currency))
            self.one = self.speech.say(units.YEN.in_currency(currency))

    def shows(self, value: Any) -> str:
        return "" if value is None else numbers.write(Decimal(value).scaleb(self.shift))

    def reads(self, text: str) -> Decimal | int | None:
        try:
            number = numbers.read(text)
        except numbers.NotANumber:
            raise ValueError(self.speech.gettext("is not a number")) from None
        if number is None:
            return None
        self._refuse_excess(number)
        # Adding nothing writes out the noughts that a larger unit stands for.
        stored = number.scaleb(-self.shift) + Decimal(0)
        return int(stored) if self.column.type.python_type is int else stored

    def _refuse_excess(self, number: Decimal) -> None:
        if numbers.decimals(number) > self.places:
            if self.shift < 0:
                raise ValueError(self.speech.gettext("must come to whole yen"))
            if self.places == 0:
                raise ValueError(self.speech.gettext("must be a whole number"))
            raise ValueError(self.speech.gettext("must have at most %(places)s decimals", places=self.places))
        largest = _largest(self.column)
        if abs(number.scaleb(-self.shift)) > largest:
            raise ValueError(self.speech.gettext("is too large"))


class DayWidget(InputWidget):
    """An input of a date, and what the year is called in its era; a script follows what is typed."""

    def __call__(self, field: Any, **attributes: Any) -> Markup:
        era = eras.year(field.data, field.speech) if isinstance(field.data, date) else None
        hint = elements.element("output", era or "", class_="era", for_=field.id)
        return super().__call__(field, **attributes) + hint


class DayField(ColumnField):
    """A calendar date."""

    widget = DayWidget("date")

    def shows(self, value: Any) -> str:
        return "" if value is None else value.isoformat()

    def reads(self, text: str) -> date | None:
        plain = unicodedata.normalize("NFKC", text).strip()
        if not plain:
            return None
        match = DAY.fullmatch(plain)
        try:
            if match is None:
                raise ValueError
            return date(int(match["year"]), int(match["month"]), int(match["day"]))
        except ValueError:
            raise ValueError(self.speech.gettext("is not a date such as 2024-03-31")) from None


class DateTimeWidget(InputWidget):
    """An input of a moment that takes as fine ones as it shows."""

    def __call__(self, field: Any, **attributes: Any) -> Markup:
        return super().__call__(field, step="0.001" if "." in field._value() else "1", **attributes)


class InstantField(ColumnField):
    """A moment, typed and shown in Japan's time. Inputs know milliseconds at most; finer ones stay when untouched."""

    widget = DateTimeWidget("datetime-local")

    def shows(self, value: Any) -> str:
        if value is None:
            return ""
        local = value.astimezone(JST).replace(tzinfo=None)
        return str(local.isoformat(timespec="milliseconds" if local.microsecond else "seconds"))

    def reads(self, text: str) -> datetime | None:
        plain = unicodedata.normalize("NFKC", text).strip()
        if not plain:
            return None
        try:
            local = datetime.fromisoformat(plain)
            return calendar.told(local.replace(tzinfo=JST) if local.tzinfo is None else local)
        except ValueError:
            raise ValueError(self.speech.gettext("is not a date and time such as 2024-06-21 15:30")) from None


# The first kind of column that fits decides. A flag and a list of words come before these.
BY_TYPE: tuple[tuple[type[Any], type[ColumnField]], ...] = (
    (Date, DayField),
    (DateTime, InstantField),
    (Integer, NumberField),
    (Numeric, NumberField),
)


def kind_of(column: Column[Any]) -> type[ColumnField] | None:
    """The kind of field that a column's type and rule ask for; None for types that no form edits."""
    rule = column.info.get("rule")
    if isinstance(column.type, Boolean):
        return YesNoField
    if labels.words_of(column) is not None or hasattr(rule, "words"):
        return ChoiceField
    if isinstance(column.type, String):
        return _text_kind(rule)
    return next((field for kind, field in BY_TYPE if isinstance(column.type, kind)), None)


def for_column(column: Column[Any], speech: Speech) -> Any:
    """The field of a column in one language. Raises TypeError where no form can edit it: none vanishes silently."""
    kind = kind_of(column)
    if kind is None:
        raise TypeError(f"no field edits {column}, a {column.type!r}")
    return UnboundField(kind, inputs.question(column, speech))


def _text_kind(rule: Any) -> type[ColumnField]:
    if not isinstance(rule, Text):
        return CodeField
    return LongTextField if rule.is_long else TextField


@cache
def _usually_shifted(column: Column[Any]) -> tuple[int, int]:
    return _shifted(column, 2 if column.info.get("unit") == "ratio" else 0)


@cache
def _shifted(column: Column[Any], digits: int) -> tuple[int, int]:
    """So many digits, and the decimals of a column whose point is moved by them to the right."""
    return digits, max(0, _places(column) - digits)


def _places(column: Column[Any]) -> int:
    if isinstance(column.info.get("rule"), Between):
        return int(column.info["rule"].places)
    return int(getattr(column.type, "scale", 0) or 0)


def _largest(column: Column[Any]) -> Decimal:
    if isinstance(column.type, Integer):
        return Decimal(keys.largest(column))
    precision, scale = getattr(column.type, "precision", 28), getattr(column.type, "scale", 0)
    return Decimal(10) ** (precision - scale) - Decimal(1).scaleb(-scale)
