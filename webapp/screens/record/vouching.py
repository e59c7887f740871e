"""The page on which somebody verifies fields of a record, or releases them to the source that they came from."""

from typing import Any, NamedTuple

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from webapp.forms import record_form
from webapp.rules import change
from webapp.screens.record import change_messages, forms, history, shown_columns
from webapp.screens.record.history import Mark
from webapp.screens.record.saving import as_opened, author
from webapp.screens.record.screen import RecordScreen
from webapp.services.changes import door
from webapp.services.changes.door import Applied, SentBefore
from webapp.services.changes.following import steward_values
from webapp.services.changes.proposals import Intent, Moved, Refused, Wish
from webapp.web.speaking import speech
from webapp.words import keys, record_names, statement_labels


class Line(NamedTuple):
    """A field of the page: its name, what it is called, what it holds, and its mark if a person set it."""

    name: str
    label: str
    value: Any
    mark: Mark | None


def answer(screen: RecordScreen) -> ResponseReturnValue:
    """The page of a record's fields, or the carrying out of what is wanted of some."""
    row = screen.get_one(request.args.get("id"))
    if row is None:
        return forms.missing(screen)
    if request.method == "POST" and _carried(screen, row):
        return redirect(screen.return_url())
    return _page(screen, row)


def _page(screen: RecordScreen, row: Any) -> str:
    of_row = history.marks(row)
    return screen.page(
        "admin/model/vouching.html",
        model=row,
        name=record_names.of(row, speech()),
        lines=[_line(screen, row, name, of_row.get(name)) for name in _names(screen)],
        chosen={*request.args.getlist("field"), *request.form.getlist("field")},
        version=getattr(row, "version", ""),
        save_token=record_form.new_token(),
        return_url=screen.return_url(),
    )


def _names(screen: RecordScreen) -> list[str]:
    """The fields that a change set may write and that the record's page shows, in the order of the form."""
    plan = screen.plan
    may_be_set = steward_values.vouchable(plan.model)
    in_form = [name for _title, names in screen.form_plan.sections for name in names]
    of_table = [column.name for column in plan.table_columns if column.name not in plan.hidden]
    return [name for name in dict.fromkeys([*in_form, *of_table]) if name in may_be_set and name in of_table]


def _line(screen: RecordScreen, row: Any, name: str, mark: Mark | None) -> Line:
    plan, spoken = screen.plan, speech()
    value = shown_columns.exact_cell(plan, name, spoken, screen.links())(row)
    label = statement_labels.with_unit(plan.table_columns[name], spoken, statement_labels.of_record(row))
    return Line(name, label, value, mark)


def _carried(screen: RecordScreen, row: Any) -> bool:
    """Whether what was wanted is done; the reader is told either way."""
    verb, names = request.form.get("verb"), set(request.form.getlist("field")) & set(_names(screen))
    version = record_form.version_of(request.form.get("row_version"))
    if verb not in change.VOUCHING or version is None:
        flash(speech().gettext("This form is incomplete. Open the record again."), "error")
        return False
    if not names:
        flash(speech().gettext("No field is selected."), "error")
        return False
    seen = as_opened(row, str(version))
    values = {name: getattr(seen, name) for name in names}
    reason = request.form.get("change_reason", "").strip() or None
    token = record_form.token_of(request.form.get("save_token"))
    wish = Wish(screen.plan.model, verb, values, keys.of_row(row), version)
    outcome = door.carry([wish], Intent("edit", author(), reason=reason, save_token=token))
    return _told(screen, outcome)


def _told(screen: RecordScreen, outcome: door.Outcome) -> bool:
    spoken = speech()
    match outcome:
        case Applied():
            change_messages.done(outcome.number, change_messages.said(outcome, spoken))
            for sentence in change_messages.of_others(outcome.meanwhile, screen.plan.table_columns, spoken):
                flash(sentence, "info")
            return True
        case SentBefore():
            number = f"#{outcome.change_set.id}"
            sentence = spoken.gettext("This was saved already, as change set %(number)s.", number=number)
            change_messages.done(outcome.change_set.id, sentence)
            return True
        case Moved():
            flash(spoken.gettext("The record has changed meanwhile. Look at its fields again."), "error")
        case Refused():
            columns = screen.plan.table_columns
            for finding in outcome.findings:
                flash(change_messages.worded(columns, finding, spoken), "error")
        case _:
            flash(change_messages.said(outcome, spoken), "info")
    return False
