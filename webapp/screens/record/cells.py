"""One cell of a list edited where it stands: its field of the edit form, saved through the one door.

At an address of its own: GET answers the field as HTML, POST saves it and answers in JSON.
200: html (the cell as the list shows it), version, name (of the record), row (other cells, by column), said, and
undo (the number of the change set, or null). 409: the same with conflict (theirs, by, at, version) instead of
undo; the same wish with that version takes the place of theirs. 422 and 404: errors, a list of sentences, with links
to records that they name.
The address names the record (id), the column (name), and what else the page shows (shown, unit).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort, jsonify, request
from flask.typing import ResponseReturnValue
from markupsafe import escape
from sqlalchemy import Column

from webapp.forms import record_form
from webapp.forms.record_form import RecordForm
from webapp.lists import query
from webapp.rules import change
from webapp.rules.findings import Finding
from webapp.screens.record import change_messages, conflicts, shown_columns
from webapp.screens.record.change_messages import MOST_WARNINGS
from webapp.screens.record.saving import as_opened, author, rival_of
from webapp.screens.record.screen import RecordScreen
from webapp.services.changes import door
from webapp.services.changes.door import Applied, Unchanged, Waiting
from webapp.services.changes.proposals import Intent, Moved, Refused, Wish
from webapp.web import remembered_unit
from webapp.web.speaking import speech
from webapp.words import formatters, keys, record_names, remarks, statement_labels, stored_sentences, units
from webapp.words.statement_labels import Basis
from webapp.words.units import Unit

GONE, REFUSED = 404, 422


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a list's column."""

    screen: RecordScreen
    # The column's name in the list, and the column behind it.
    name: str
    column: Column[Any]


def answer(screen: RecordScreen) -> ResponseReturnValue:
    """The field of one cell, or the saving of what was typed into it."""
    name = request.args.get("name", "")
    if name not in screen.cells:
        abort(404)
    row = screen.get_one(request.args.get("id"))
    if row is None:
        return _gone()
    column = screen.plan.column_of(name)
    assert column is not None  # what is editable is a column
    cell = Cell(screen, name, column)
    form = _form(cell, row)
    if request.method == "POST":
        return _save(cell, form, row)
    form.row_version.data = str(row.version)
    record_form.call_as_stored(form, row)
    record_form.count_as_stored(form, row)
    return screen.page("admin/model/cell.html", form=form, field=form[column.name])


def _form(cell: Cell, row: Any) -> RecordForm:
    """The edit form with this field alone."""
    name = cell.column.name
    form_class = record_form.of_one(cell.screen.form_class(is_new=False), name)
    sent = request.form if request.method == "POST" else None
    opened = row if sent is None else as_opened(row, sent.get("row_version"))
    form = form_class(sent, obj=opened, figures_unit=_unit().yen)
    record_form.know_names(form, row)
    # The page of a list has elements that are called like columns.
    form[name].id = form[name].label.field_id = f"cell-{name}"
    return form


def _save(cell: Cell, form: RecordForm, row: Any) -> ResponseReturnValue:
    version = form.base_version()
    if version is None:
        form.say(speech().gettext("This form is incomplete. Open the record again."))
    if version is None or not form.is_valid():
        return _refused(_errors(form))
    before, stored, basis = _cells_of(cell, row), row.version, statement_labels.of_record(row)
    wish = Wish(cell.screen.plan.model, change.UPDATE, form.values(), keys.of_row(row), version)
    outcome = door.carry([wish], Intent("edit", author(), reason=form.change_reason.data, is_of_cell=True))
    # Whoever saw an older version gets every cell of the row, otherwise those that follow from this one.
    known = before if stored == version else {}
    match outcome:
        case Applied():
            remarks = _sentences(cell, outcome.findings[:MOST_WARNINGS], basis)
            beside = change_messages.of_others(outcome.meanwhile, cell.screen.plan.table_columns, speech())
            said = " ".join([change_messages.said(outcome, speech()), *beside, *remarks])
            return _shown(cell, known, {"undo": outcome.number, "said": said})
        case Waiting() | Unchanged():
            return _shown(cell, known, {"undo": None, "said": change_messages.said(outcome, speech())})
        case Refused():
            rivals = [rival for finding in outcome.findings if (rival := rival_of(finding))]
            return _refused(_sentences(cell, outcome.findings, basis), rivals)
        case Moved():
            return _moved(cell, outcome)
    return _refused([change_messages.said(outcome, speech())])


def _moved(cell: Cell, moved: Moved) -> ResponseReturnValue:
    if moved.version is None:
        return _gone()
    spoken = speech()
    who = stored_sentences.author(moved.changed_by, spoken)
    when = formatters.instant(moved.changed_at, spoken)
    said = spoken.gettext("%(who)s saved it at %(when)s.", who=who, when=when)
    conflict = {"by": who, "at": when, "version": moved.version}
    return _shown(cell, {}, {"said": said, "conflict": conflict}, status=conflicts.STATUS)


def _shown(
    cell: Cell, known: Mapping[str, str], more: Mapping[str, Any], status: int = 200
) -> ResponseReturnValue:
    """The cell as the list shows it, its row's version, and the other cells where they are not known so."""
    row = cell.screen.get_one(request.args.get("id"))
    if row is None:
        return _gone()
    cells = _cells_of(cell, row)
    others = {name: shown for name, shown in cells.items() if name != cell.name and known.get(name) != shown}
    answered = {
        "html": cells[cell.name],
        "version": row.version,
        "name": record_names.of(row, speech()),
        "row": others,
    }
    if "conflict" in more:
        more = {**more, "conflict": {**more["conflict"], "theirs": cells[cell.name]}}
    return jsonify(answered | dict(more)), status


def _sentences(cell: Cell, findings: Iterable[Finding], basis: Basis) -> list[str]:
    """Findings as sentences; those that are not about the cell itself say which column they mean."""
    sentences = []
    for finding in findings:
        sentence = remarks.sentence(finding, cell.screen.plan.table_columns, speech())
        columns = cell.screen.plan.table_columns
        column = columns.get(finding.field) if finding.field is not None else None
        if column is not None and column is not cell.column:
            sentence = f"{speech().say(statement_labels.called(column, basis))}: {sentence}"
        sentences.append(sentence)
    return list(dict.fromkeys(sentences))


def _cells_of(cell: Cell, row: Any) -> dict[str, str]:
    """What stands in the cells of a row: this one and those that the page says it shows."""
    plan, link_of = cell.screen.plan, cell.screen.links()
    shown = request.args.get("shown", "").split(",")
    cells, unit = {}, _unit()
    for name in {cell.name, *(name for name in shown if name in plan.offered)}:
        value = shown_columns.cell_of(plan, name, speech(), unit, link_of)(row)
        markup = str(escape("" if value is None else value))
        cells[name] = markup or (str(escape(record_names.of(row, speech()))) if name == plan.link else "")
    return cells


def _unit() -> Unit:
    """The unit in which the list shows money."""
    return units.UNITS.get(request.args.get(query.UNIT, "")) or remembered_unit.remembered()


def _errors(form: RecordForm) -> list[str]:
    """What is wrong with what was sent."""
    errors = [str(error) for field in form.columns() for error in field.errors]
    errors += [speech().pair(form.change_reason.label.text, error) for error in form.change_reason.errors]
    return [*errors, *(str(error) for error in form.form_errors)]


def _refused(sentences: list[str], rivals: Iterable[tuple[str, str]] = ()) -> ResponseReturnValue:
    links = [{"url": url, "label": label} for url, label in rivals]
    return jsonify({"errors": sentences} | ({"links": links} if links else {})), REFUSED


def _gone() -> ResponseReturnValue:
    spoken = speech()
    kept = "This record has been deleted meanwhile. Your entries are still here; nothing was saved."
    said = spoken.gettext(kept) if request.method == "POST" else spoken.gettext("This record does not exist.")
    return jsonify({"errors": [said]}), GONE
