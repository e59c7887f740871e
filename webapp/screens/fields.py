"""A column and its rule become a form field: strict about what it reads, exact about what it leaves alone."""

import re
import unicodedata
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, ClassVar

from flask_babel import gettext
from flask_babel.speaklater import LazyString
from markupsafe import Markup
from sqlalchemy import Boolean, Column, Date, DateTime, Integer, Numeric, String
from sqlalchemy.dialects.postgresql import JSONB
from wtforms import Field
from wtforms.fields.core import UnboundField as WTFormsUnboundField
from wtforms.validators import ValidationError
from wtforms.widgets import DateInput, DateTimeLocalInput, TextArea, TextInput, html_params

from webapp.rules.fields import Between, Text
from webapp.screens import keys, labels, numbers

# Japan has kept this offset without summer time since 1951, before any disclosure that we hold.
JST = timezone(timedelta(hours=9), "JST")
DAY = re.compile(r"(?P<year>[0-9]{4})([-/])(?P<month>[0-9]{1,2})\2(?P<day>[0-9]{1,2})", re.ASCII)


# WTForms has no annotations, and every call of it would need a word about that.
AnyField: Any = Field
UnboundField: Any = WTFormsUnboundField
AnyTextInput: Any = TextInput


class ColumnField(AnyField):  # type: ignore[misc]  # see above
    """A field of one column. What it shows and what it reads are inverse, so that saving unchanged changes nothing."""

    widget: ClassVar[Any] = TextInput()
    is_wide: ClassVar[bool] = False

    def __init__(self, column: Column[Any], **options: Any) -> None:
        self.column = column
        self.rule = column.info.get("rule")
        self.unit: Any = None
        if (unit := labels.unit_of(column)) is not None:
            self.unit = labels.later(unit)
        options.setdefault("default", _default_of(column))
        super().__init__(
            label=labels.later(labels.of_column(column)), description=LazyString(self._hint), **options
        )
        self.flags.required = not column.nullable
        self.is_untouched = True

    def shows(self, value: Any) -> str:
        """A stored value as it stands in the input."""
        return "" if value is None else str(value)

    def reads(self, text: str) -> Any:
        """The typed value; None for blank. Raises ValueError with a translated sentence."""
        raise NotImplementedError

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take what was sent. A field that was not sent, or shows what it showed, keeps the stored value exactly."""
        if not valuelist:
            self.data = self.object_data
            return
        text = str(valuelist[0]).replace("\r\n", "\n").replace("\r", "\n")
        self.is_untouched = self.is_shown_by(text, self.object_data)
        self.data = self.object_data if self.is_untouched else self.reads(text)

    def is_shown_by(self, text: str, value: Any) -> bool:
        """Whether this text is how the field shows that value."""
        shown = self.shows(value)
        if text == shown:
            return True
        try:
            return bool(self.reads(text) == self.reads(shown))
        except ValueError:
            return False

    def keep(self, other: "ColumnField") -> None:
        """Take over what was typed into the same field of another form."""
        self.raw_data, self.data = other.raw_data, other.data
        self.process_errors, self.errors = other.process_errors, other.errors

    def pre_validate(self, form: Any) -> None:
        """Hold what was typed against the column's rule; what was there before is not the typist's business."""
        if self.process_errors:
            return
        if self.data is None:
            if not self.column.nullable:
                raise ValidationError(gettext("is needed"))
        elif self.rule is not None and not (self.is_untouched and self.object_data is not None):
            saying = self.rule.broken_by(self.data)
            if saying is not None:
                raise ValidationError(labels.sentence(saying.message, saying.params))

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else self.shows(self.data)

    def _hint(self) -> str:
        saying = self.rule.hint() if self.rule is not None else None
        said = labels.sentence(saying.message, saying.params) if saying is not None else ""
        more = self.column.info.get("hint")
        return " ".join(filter(None, (said, gettext(more) if more else "")))


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


class NumberWidget(AnyTextInput):  # type: ignore[misc]  # see above
    """A text input: browsers' own number inputs refuse commas, full width and △."""

    def __call__(self, field: Any, **attributes: Any) -> Any:
        attributes |= {"inputmode": "decimal", "autocomplete": "off", "class": "num"}
        return super().__call__(
            field, data_number=str(field.places), data_unit=str(field.unit or ""), **attributes
        )


class NumberField(ColumnField):
    """An exact number within the column's digits; a fraction is typed and shown as a percentage."""

    widget = NumberWidget()

    def __init__(self, column: Column[Any], **options: Any) -> None:
        super().__init__(column, **options)
        self.shift = 2 if column.info.get("unit") == "ratio" else 0
        self.places = max(0, _places(column) - self.shift)

    def shows(self, value: Any) -> str:
        return "" if value is None else numbers.write(Decimal(value).scaleb(self.shift))

    def reads(self, text: str) -> Decimal | int | None:
        try:
            number = numbers.read(text)
        except numbers.NotANumber:
            raise ValueError(gettext("is not a number")) from None
        if number is None:
            return None
        self._refuse_excess(number)
        return int(number) if self.column.type.python_type is int else number.scaleb(-self.shift)

    def _refuse_excess(self, number: Decimal) -> None:
        if numbers.decimals(number) > self.places:
            if self.places == 0:
                raise ValueError(gettext("must be a whole number"))
            raise ValueError(gettext("must have at most %(places)s decimals", places=self.places))
        largest = _largest(self.column)
        if abs(number.scaleb(-self.shift)) > largest:
            raise ValueError(gettext("is too large"))


class DayField(ColumnField):
    """A calendar date."""

    widget = DateInput()

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
            raise ValueError(gettext("is not a date such as 2024-03-31")) from None


class InstantField(ColumnField):
    """A moment, typed and shown in Japan's time. Inputs know milliseconds at most; finer ones stay when untouched."""

    widget = DateTimeLocalInput()

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
            return local.replace(tzinfo=JST) if local.tzinfo is None else local
        except ValueError:
            raise ValueError(gettext("is not a date and time such as 2024-06-21 15:30")) from None


class ChoiceWidget:
    """A select element."""

    def __call__(self, field: "ChoiceField", **attributes: Any) -> Markup:
        chosen = field._value()
        words = field.words()
        if field.column.nullable or chosen not in words:
            words = {"": "—", **words}
        options = Markup("").join(
            Markup("<option {}>{}</option>").format(
                Markup(html_params(value=word, selected=word == chosen)), label
            )
            for word, label in words.items()
        )
        facts = {"id": field.id, "name": field.name, "required": field.flags.required, **attributes}
        return Markup("<select {}>{}</select>").format(
            Markup(html_params(**facts)), options
        )  # noqa: S704  # escaped


class ChoiceField(ColumnField):
    """One of a few words, by their names; blank only where the column may be."""

    widget = ChoiceWidget()

    def words(self) -> dict[str, str]:
        """Stored word -> what people read."""
        return {word: labels.say(label) for word, label in labels.choices(self.column).items()}

    def reads(self, text: str) -> Any:
        if not text:
            return None
        if text not in self.words():
            raise ValueError(gettext("is not one of the choices"))
        return int(text) if self.column.type.python_type is int else text


class YesNoField(ChoiceField):
    """Yes, no or, where the column may be blank, unknown: unknown is never taken for no."""

    def words(self) -> dict[str, str]:
        return {"1": gettext("Yes"), "0": gettext("No")}

    def shows(self, value: Any) -> str:
        return "" if value is None else str(int(value))

    def reads(self, text: str) -> bool | None:
        word = super().reads(text)
        return None if word is None else word is True or word == "1"


def kind_of(column: Column[Any]) -> type[ColumnField] | None:
    """The kind of field that a column's type and rule ask for; None for types that no form edits."""
    rule, kind = column.info.get("rule"), column.type
    if isinstance(kind, Boolean):
        return YesNoField
    if labels.words_of(column) is not None or hasattr(rule, "words"):
        return ChoiceField
    if isinstance(kind, Date):
        return DayField
    if isinstance(kind, DateTime):
        return InstantField
    if isinstance(kind, Integer | Numeric):
        return NumberField
    if isinstance(kind, String) and not isinstance(kind, JSONB):
        if isinstance(rule, Text):
            return LongTextField if rule.is_long else TextField
        return CodeField
    return None


def for_column(column: Column[Any]) -> Any:
    """The field of a column; raises TypeError where no form can edit it, so that none vanishes silently."""
    kind = kind_of(column)
    if kind is None:
        raise TypeError(f"no field edits {column}, a {column.type!r}")
    return UnboundField(kind, column)


def _default_of(column: Column[Any]) -> Any:
    default: Any = column.default
    return default.arg if default is not None and default.is_scalar else None


def _places(column: Column[Any]) -> int:
    if isinstance(column.info.get("rule"), Between):
        return int(column.info["rule"].places)
    return int(getattr(column.type, "scale", 0) or 0)


def _largest(column: Column[Any]) -> Decimal:
    if isinstance(column.type, Integer):
        return Decimal(keys.largest(column))
    precision, scale = getattr(column.type, "precision", 28), getattr(column.type, "scale", 0)
    return Decimal(10) ** (precision - scale) - Decimal(1).scaleb(-scale)
