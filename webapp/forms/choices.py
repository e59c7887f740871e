"""Fields of a few words: a select element with the words as people read them."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from webapp.forms import elements
from webapp.forms.inputs import ColumnField


class ChoiceWidget:
    """A select element."""

    def __call__(self, field: "ChoiceField", **attributes: Any) -> Markup:
        chosen = field._value()
        words = field.words()
        if field.column.nullable or chosen not in words:
            words = {"": "—", **words}
        facts = {"id": field.id, "name": field.name, "required": field.flags.required, **attributes}
        return elements.element("select", _options(tuple(words.items()), chosen), **facts)


@lru_cache(maxsize=elements.MOST)
def _options(words: tuple[tuple[str, str], ...], chosen: str) -> Markup:
    options = (
        elements.element("option", label, value=word, selected=word == chosen) for word, label in words
    )
    return Markup("").join(options)


class ChoiceField(ColumnField):
    """One of a few words, by their names; blank only where the column may be."""

    widget = ChoiceWidget()
    # What the words are called for this record, where that is not what they always are.
    called: Mapping[str, str] | None = None

    def words(self) -> Mapping[str, str]:
        """Stored word -> what people read; a stored one that is new to this code stays a choice."""
        known = self.called or self.question.words
        stored = self.shows(self.object_data)
        return known if not stored or stored in known else {**known, stored: stored}

    def reads(self, text: str) -> Any:
        if not text:
            return None
        if text not in self.words():
            raise ValueError(self.speech.gettext("is not one of the choices"))
        return int(text) if self.column.type.python_type is int else text


class YesNoField(ChoiceField):
    """Yes, no or, where the column may be blank, unknown: unknown is never taken for no."""

    def words(self) -> Mapping[str, str]:
        return self.question.words

    def shows(self, value: Any) -> str:
        return "" if value is None else str(int(value))

    def reads(self, text: str) -> bool | None:
        word = super().reads(text)
        return None if word is None else word is True or word == "1"
