"""How a field stands in a form: its control with label, unit, hint and errors around it, as one string.

A wide form has sixty of them, and this is where it spends its time; so whatever is the same each time is made once.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from flask import Flask
from markupsafe import Markup, escape

from webapp.forms import elements
from webapp.forms.inputs import ColumnField, Question
from webapp.web.speaking import speech

# What stands before a control, what after it, and what the control says of itself.
Surroundings = tuple[str, str, dict[str, str]]
# Whose word the value is that is stored: a person's. No link, so that Tab leads from field to field.
MARK = Markup('<p class="how" title="{}"><span class="badge">{}</span></p>')
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


def install(app: Flask) -> None:
    """Let templates call `framed(field, extra)`: a field; `extra` is added to its classes.

    `all_framed(fields)`: several in turn, as one piece, which a template hands on at once.
    """
    icon_of: Any = app.jinja_env.globals["icon_of"]

    def framed(field: Any, extra: str = "") -> Markup:
        before, after, attributes = _surroundings(field, extra)
        errors = _errors(field.id, field.errors, icon_of("alert")) if field.errors else ""
        control = escape(field(**attributes))
        mark = getattr(field, "mark", None)
        how = MARK.format(mark.sentence, mark.word) if mark else ""
        return Markup(f"{before}{control}{after}{how}{errors}</div>")  # noqa: S704  # every part is escaped

    def all_framed(fields: Iterable[Any]) -> Markup:
        return Markup().join(map(framed, fields))

    app.jinja_env.globals |= {"framed": framed, "all_framed": all_framed}


def _surroundings(field: Any, extra: str) -> Surroundings:
    if field.errors or not isinstance(field, ColumnField):
        return _around(_frame(field, extra))
    said = (field.id, field.name, field.label.text, field.unit, extra)
    return _of_column(field.question, said, is_required=field.flags.required, is_wide=field.is_wide)


@lru_cache(maxsize=elements.MOST)
def _of_column(
    question: Question, said: tuple[str, ...], *, is_required: bool, is_wide: bool
) -> Surroundings:
    """What stands around a column's field of which nothing is wrong, found by what may differ between two pages."""
    id, name, label, unit, extra = said
    return _around(
        Frame(
            id=id,
            name=name,
            label=label,
            must=question.speech.gettext("required") if is_required else "",
            unit=unit,
            hint=question.hint,
            classes=f"field{' wide' if is_wide else ''}{extra}",
            is_wrong=False,
        )
    )


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
        must=speech().gettext("required") if field.flags.required else "",
        unit=getattr(field, "unit", ""),
        hint=hint,
        classes=f"field{classes}{extra}",
        is_wrong=bool(field.errors),
    )


@lru_cache(maxsize=elements.MOST)
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
    return before, after, _attributes(frame)


def _attributes(frame: Frame) -> dict[str, str]:
    ids = [f"{frame.id}-hint"] if frame.hint else []
    ids += [f"{frame.id}-errors"] if frame.is_wrong else []
    described = {"aria-describedby": " ".join(ids)} if ids else {}
    return described | ({"aria-invalid": "true"} if frame.is_wrong else {})


def _errors(id: str, errors: Sequence[Any], icon: Markup) -> Markup:
    said = Markup().join(ERROR.format(icon, error) for error in errors if isinstance(error, str))
    return Markup('<div id="{}-errors">{}</div>').format(id, said)
