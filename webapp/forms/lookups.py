"""References chosen by typing: the field that holds a key and shows a name."""

from typing import Any

from flask import url_for
from markupsafe import Markup
from sqlalchemy import Column
from wtforms.validators import ValidationError

from webapp.forms import elements, inputs
from webapp.forms.fields import UnboundField
from webapp.forms.inputs import ColumnField, Question
from webapp.lists import records
from webapp.models import references
from webapp.services.changes import row_codec
from webapp.words import keys
from webapp.words.speech import Speech


class LookupWidget:
    """A hidden input with the key beside a text input with the name; script offers names while somebody types."""

    def __call__(self, field: "ReferenceField", **attributes: Any) -> Markup:
        speech = field.speech
        box = elements.begin(
            "div",
            class_="lookup",
            data_lookup_url=url_for(".ajax_lookup", name=field.column.name),
            data_lookup_nothing=speech.gettext("Nothing matches."),
            data_lookup_failed=speech.gettext("The look-up failed. Try again."),
            data_lookup_clear=speech.gettext("Clear"),
        )
        key = elements.control({"type": "hidden", "name": field.name}, field.shows(field.data))
        more = {"id": field.id, "required": field.flags.required, "autocomplete": "off", **attributes}
        typed = field.name + ReferenceField.NAME
        name = elements.control({"type": "text", "name": typed}, field.name_shown(), **more)
        return box + key + name + elements.end("div")


class ReferenceField(ColumnField):
    """A key of another record. Whatever is typed as its name and not chosen must name exactly one record."""

    widget = LookupWidget()
    NAME = "-name"

    def __init__(self, question: Question, **options: Any) -> None:
        super().__init__(question, **options)
        self.target = references.target_of(self.column)
        self.unit = ""
        self.rule = None  # a key that exists needs no other rule
        self.known_name: str | None = None
        self.typed_name: str | None = None

    def process(self, formdata: Any, *rest: Any, **more: Any) -> None:
        if formdata is not None:
            self.typed_name = formdata.get(self.name + self.NAME)
        super().process(formdata, *rest, **more)

    def reads(self, text: str) -> Any:
        if not text:
            return None
        (column,) = row_codec.key_columns(self.target)
        value = keys.parse_value(column, text)
        if value is None:
            raise ValueError(self.speech.gettext("is not one of the choices"))
        return value

    def pre_validate(self, form: Any) -> None:
        self._heed_typed_name()
        super().pre_validate(form)
        if self.data is not None and self.data != self.object_data and not self.process_errors:
            names = records.names_of(self.target, [self.data], self.speech)
            if not names:
                raise ValidationError(self.speech.gettext("is not one of the choices"))
            self.known_name = names[self.data]

    def keep(self, other: ColumnField) -> None:
        super().keep(other)
        assert isinstance(other, ReferenceField)
        self.known_name, self.typed_name = other.known_name, other.typed_name

    def name_shown(self) -> str:
        """The name beside the key: as typed where it was refused, otherwise as the record is called now."""
        if self.errors and self.typed_name is not None:
            return self.typed_name
        if self.data is None:
            return ""
        if self.known_name is None:
            self.known_name = records.names_of(self.target, [self.data], self.speech).get(
                self.data, str(self.data)
            )
        return self.known_name

    def _heed_typed_name(self) -> None:
        """Without script, or when Enter was pressed while typing, the name says something else than the key."""
        typed = None if self.typed_name is None else self.typed_name.strip()
        if typed is None or self.process_errors or self.data != self.object_data:
            return
        if typed == ("" if self.data is None else self._stored_name()):
            return
        if not typed:
            self.data, self.is_untouched = None, False
            return
        matches = records.search(self.target, typed, self.speech, limit=2)
        if len(matches) != 1:
            raise ValidationError(self.speech.gettext("names no record or several; choose one from the list"))
        (self.data, self.known_name), self.is_untouched = matches[0], False

    def _stored_name(self) -> str:
        if self.known_name is None:
            self.known_name = records.names_of(self.target, [self.object_data], self.speech).get(
                self.object_data, ""
            )
        return self.known_name


def for_column(column: Column[Any], speech: Speech) -> Any:
    """The look-up field of a foreign key, in one language."""
    return UnboundField(ReferenceField, inputs.question(column, speech))
