"""How a field stands in a form: its control with label, unit, hint and errors around it, as one string.

A wide form has sixty of them, and this is where it spends its time; so whatever is the same each time is made once.
"""

from collections.abc import Hashable, Sequence
from typing import Any, NamedTuple

from flask import Flask
from flask_babel import gettext
from markupsafe import Markup, escape

from webapp.forms.inputs import ColumnField
from webapp.web import speaking

# What stands before a control, what after it, and what the control says of itself.
Surroundings = tuple[str, str, dict[str, str]]
ERROR = Markup('<p class="err">{}<span>{}</span></p>')


class Frame(NamedTuple):
    """What stands around a control."""

    id: str
    name: str
    label: str
    # The word that says that it must be filled; blank where it need not be.
    must: str
    unit: str
    hint: str
    classes: str
    is_wrong: bool


class Framing:
    """What an application has framed: by language, what is the same for a column's field each time."""

    def __init__(self, app: Flask) -> None:
        self._icon_of: Any = app.jinja_env.globals["icon_of"]
        self._known: dict[Hashable, Surroundings] = {}

    def framed(self, field: Any, extra: str = "") -> Markup:
        """A field; `extra` is added to its classes."""
        before, after, told = self._surroundings(field, extra)
        errors = _errors(field.id, field.errors, self._icon_of("alert")) if field.errors else ""
        control = escape(field(**told))
        return Markup(f"{before}{control}{after}{errors}</div>")  # noqa: S704  # every part is escaped

    def _surroundings(self, field: Any, extra: str) -> Surroundings:
        if field.errors or not isinstance(field, ColumnField):
            return _around(_frame(field, extra))
        known = (speaking.speech(), type(field), field.column, field.id, extra)
        found = self._known.get(known)
        if found is None:
            found = self._known[known] = _around(_frame(field, extra))
        return found


def install(app: Flask) -> None:
    """Let templates call `framed(field, extra)`."""
    app.jinja_env.globals["framed"] = Framing(app).framed


def _frame(field: Any, extra: str) -> Frame:
    hint = str(field.description)
    # An error may say the hint once more; then the hint is not needed.
    if field.errors and hint in map(str, field.errors):
        hint = ""
    is_wide = getattr(field, "is_wide", False) or field.type == "TextAreaField"
    is_check = getattr(field.widget, "input_type", "") == "checkbox"
    classes = f"{' wrong' if field.errors else ''}{' wide' if is_wide else ''}{' check' if is_check else ''}"
    return Frame(
        id=field.id,
        name=field.name,
        label=str(field.label.text),
        must=gettext("required") if field.flags.required else "",
        unit=str(getattr(field, "unit", None) or ""),
        hint=hint,
        classes=f"field{classes}{extra}",
        is_wrong=bool(field.errors),
    )


def _around(frame: Frame) -> Surroundings:
    """What stands before and after a control, and what it says of itself."""
    # Everything that is put together here is escaped first.
    safe = Frame._make(escape(part) if isinstance(part, str) else part for part in frame)
    must = f'<span class="must">{safe.must}</span>' if safe.must else ""
    before = (
        f'<div class="{safe.classes}" data-field="{safe.name}">\n'
        f'<label for="{safe.id}"><span>{safe.label}</span>{must}</label>\n'
    )
    after = f'<p class="hint" id="{safe.id}-hint">{safe.hint}</p>\n' if safe.hint else ""
    if safe.unit:
        before += '<div class="with-unit">'
        after = f'<span class="unit">{safe.unit}</span></div>\n{after}'
    return before, after, _told(frame)


def _told(frame: Frame) -> dict[str, str]:
    ids = [f"{frame.id}-hint"] if frame.hint else []
    ids += [f"{frame.id}-errors"] if frame.is_wrong else []
    described = {"aria-describedby": " ".join(ids)} if ids else {}
    return described | ({"aria-invalid": "true"} if frame.is_wrong else {})


def _errors(id: str, errors: Sequence[Any], icon: Markup) -> Markup:
    said = Markup().join(ERROR.format(icon, error) for error in errors if isinstance(error, str))
    return Markup('<div id="{}-errors">{}</div>').format(id, said)
