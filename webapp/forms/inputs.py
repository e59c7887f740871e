"""What every field of a column has: it shows, it reads, and saving it unchanged changes nothing."""

from functools import lru_cache
from typing import Any, ClassVar

from flask_babel import gettext
from flask_babel.speaklater import LazyString
from markupsafe import Markup
from sqlalchemy import Column
from wtforms import Field
from wtforms.validators import ValidationError

from webapp.forms import elements
from webapp.web import speaking
from webapp.words import labels

# WTForms has no annotations, and every call of it would need a word about that.
AnyField: Any = Field


class InputWidget:
    """An input element of one type."""

    def __init__(self, kind: str) -> None:
        self.input_type = kind

    def __call__(self, field: "ColumnField", **attributes: Any) -> Markup:
        told = {"id": field.id, "name": field.name, "type": self.input_type}
        return elements.control(told, field._value(), required=field.flags.required, **attributes)


class ColumnField(AnyField):  # type: ignore[misc]  # see above
    """A field of one column. What it shows and what it reads are inverse, so that saving unchanged changes nothing."""

    widget: ClassVar[Any] = InputWidget("text")
    is_wide: ClassVar[bool] = False

    def __init__(self, column: Column[Any], **options: Any) -> None:
        self.column = column
        self.rule = column.info.get("rule")
        label, self.unit, default = _facts_of(column)
        options.setdefault("default", default)
        super().__init__(label=label, description=LazyString(self._hint), **options)
        self.flags.required = not column.nullable
        self.is_untouched = True

    def __call__(self, **attributes: Any) -> Markup:
        shown: Markup = self.widget(self, **attributes)
        return shown

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
        for name in ("raw_data", "data", "process_errors", "errors"):
            setattr(self, name, getattr(other, name))

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002  # WTForms' signature
        """Hold what was typed against the column's rule; what was there before is not the typist's business."""
        if self.process_errors:
            return
        if self.data is None:
            if not self.column.nullable:
                raise ValidationError(gettext("is needed"))
        elif self.rule is not None and not (self.is_untouched and self.object_data is not None):
            saying = self.rule.broken_by(self.data)
            if saying is not None:
                raise ValidationError(speaking.sentence(saying))

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else self.shows(self.data)

    def _hint(self) -> str:
        saying = self.rule.hint() if self.rule is not None else None
        said = speaking.sentence(saying) if saying is not None else ""
        more = self.column.info.get("hint")
        return " ".join(filter(None, (said, gettext(more) if more else "")))


@lru_cache(maxsize=elements.MOST)
def _facts_of(column: Column[Any]) -> tuple[LazyString, LazyString | None, Any]:
    """A column's label, unit and default; made once, as a form has sixty fields each time."""
    unit = labels.unit_of(column)
    default: Any = column.default
    return (
        speaking.later(labels.of_column(column)),
        None if unit is None else speaking.later(unit),
        default.arg if default is not None and default.is_scalar else None,
    )
