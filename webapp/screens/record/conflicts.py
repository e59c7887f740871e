"""Two people edited one record: tell the second what the first changed, field by field, and keep what both typed."""

from typing import Any

from webapp import db
from webapp.forms.inputs import ColumnField
from webapp.forms.record_form import RecordForm
from webapp.screens.record import change_messages, displayed_values
from webapp.services.changes import row_codec
from webapp.services.changes.proposals import Moved
from webapp.web.speaking import speech
from webapp.words import labels

STATUS = 409


def informed(form: RecordForm, fresh: RecordForm, moved: Moved) -> RecordForm:
    """The form for the next save: what was typed stays, what was not touched takes its present value.

    It carries the present version: its sender has been told, so saving it is no accident.
    """
    bases = {conflict.field: conflict.base for conflict in moved.conflicts}
    for field in form.columns():
        if _is_touched(field, bases):
            fresh[field.name].keep(field)
    fresh.row_version.data = str(moved.version)
    if form.change_reason is not None:
        fresh.change_reason.data = form.change_reason.data
    return fresh


def told(form: RecordForm, model: type[db.Base], moved: Moved) -> list[dict[str, Any]]:
    """For each field that both changed: its name, what it was, what it is, what was typed, and how to take it."""
    columns = row_codec.table_of(model).columns
    bases = {conflict.field: conflict.base for conflict in moved.conflicts}
    fields = {field.name: field for field in form.columns()}
    rows = []
    for conflict in moved.conflicts:
        if not conflict.is_of_both:
            continue
        column = columns[conflict.field]
        values = displayed_values.of_values(column, [conflict.base, conflict.theirs, conflict.yours])
        field = fields.get(conflict.field)
        is_mine = field is not None and _is_touched(field, bases)
        rows.append(
            {
                # What the input holds where the reader takes what is stored; no choice where it does so already.
                "stored": field.shows(conflict.theirs) if field is not None and is_mine else None,
                "field": conflict.field,
                # As the form calls it: a statement's figure by its own standard.
                "label": field.label.text if field is not None else speech().say(labels.of_column(column)),
                "base": values[0],
                "theirs": values[1],
                "yours": values[2] if is_mine else speech().gettext("not changed by you"),
            }
        )
    return rows


def taken_over(model: type[db.Base], moved: Moved) -> list[str]:
    """Who changed which other fields, as sentences: the form has them as they are now."""
    others = [conflict for conflict in moved.conflicts if not conflict.is_of_both]
    return change_messages.of_others(others, {c.name: c for c in row_codec.table_of(model).columns}, speech())


def _is_touched(field: ColumnField, bases: dict[str, Any]) -> bool:
    if field.name not in bases:
        return not field.is_untouched
    sent = str(field.raw_data[0]) if field.raw_data else None
    return sent is not None and not field.is_shown_by(sent.replace("\r\n", "\n"), bases[field.name])
