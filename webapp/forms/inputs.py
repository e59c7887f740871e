"""What every field of a column has: it shows, it reads, and saving it unchanged changes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from markupsafe import Markup
from sqlalchemy import Boolean, Column
from wtforms import Field
from wtforms.validators import ValidationError

from webapp.forms import elements
from webapp.words import labels
from webapp.words.speech import Speech

# WTForms has no annotations, and every call of it would need a word about that.
AnyField: Any = Field


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """What a field asks for: a column, as one language speaks of it."""

    column: Column[Any]
    speech: Speech
    label: str
    # Blank where the column has none.
    unit: str
    hint: str
    # Stored word -> what people read, where the column holds one of a few words.
    words: Mapping[str, str]
    # What a new record begins with.
    default: Any


def question(column: Column[Any], speech: Speech) -> Question:
    """What the field of a column asks for; made once with its form, as a wide one has sixty fields each time."""
    unit = labels.unit_of(column)
    known = labels.flags_of(column) if isinstance(column.type, Boolean) else labels.choices(column)
    default: Any = column.default
    return Question(
        column,
        speech,
        label=speech.say(labels.of_column(column)),
        unit="" if unit is None else speech.say(unit),
        hint=_hint(column, speech),
        words={word: speech.say(label) for word, label in known.items()},
        default=default.arg if default is not None and default.is_scalar else None,
    )


class InputWidget:
    """An input element of one type."""

    def __init__(self, kind: str) -> None:
        self.input_type = kind

    def __call__(self, field: "ColumnField", **attributes: Any) -> Markup:
        first = {"id": field.id, "name": field.name, "type": self.input_type}
        return elements.control(first, field._value(), required=field.flags.required, **attributes)


class ColumnField(AnyField):  # type: ignore[misc]  # WTForms has no annotations
    """A field of one column. What it shows and what it reads are inverse, so that saving unchanged changes nothing."""

    widget: ClassVar[Any] = InputWidget("text")
    is_wide: ClassVar[bool] = False

    def __init__(self, question: Question, **options: Any) -> None:
        self.question = question
        self.column, self.speech, self.unit = question.column, question.speech, question.unit
        self.rule = self.column.info.get("rule")
        options.setdefault("default", question.default)
        super().__init__(label=question.label, description=question.hint, **options)
        self.flags.required = not self.column.nullable
        self.is_untouched = True

    def __call__(self, **attributes: Any) -> Markup:
        control: Markup = self.widget(self, **attributes)
        return control

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
        present = self.shows(value)
        if text == present:
            return True
        try:
            return bool(self.reads(text) == self.reads(present))
        except ValueError:
            return False

    def keep(self, other: "ColumnField") -> None:
        """Take over what was typed into the same field of another form."""
        for name in ("raw_data", "data", "process_errors", "errors"):
            setattr(self, name, getattr(other, name))

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        """Whether it may be stored. A column's field has no validators; a wide form asks sixty fields each time."""
        if self.validators or extra_validators:
            return bool(super().validate(form, extra_validators))
        self.errors = list(self.process_errors)
        try:
            self.pre_validate(form)
        except ValidationError as error:
            self.errors.append(error.args[0])
        return not self.errors

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002  # WTForms' signature
        """Hold what was typed against the column's rule; what was there before is not the typist's business."""
        if self.process_errors:
            return
        if self.data is None:
            if not self.column.nullable:
                raise ValidationError(self.speech.gettext("is needed"))
        elif self.rule is not None and not (self.is_untouched and self.object_data is not None):
            saying = self.rule.broken_by(self.data)
            if saying is not None:
                raise ValidationError(self.speech.sentence(saying))

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else self.shows(self.data)


def _hint(column: Column[Any], speech: Speech) -> str:
    rule, more = column.info.get("rule"), column.info.get("hint")
    limit = rule.hint() if rule is not None else None
    limits, remark = limit and speech.sentence(limit), more and speech.gettext(more)
    return speech.in_brackets(limits, remark) if limits and remark else limits or remark or ""
