"""One cell of a list edited where it stands: its field of the edit form, saved through the one door."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import abort, jsonify, request
from flask.typing import ResponseReturnValue
from flask_admin.base import expose
from flask_babel import gettext
from markupsafe import escape
from sqlalchemy import Column

from webapp.forms import record_form
from webapp.forms.record_form import RecordForm
from webapp.lists import query
from webapp.rules import change
from webapp.rules.findings import Finding
from webapp.screens.record import change_messages, shown_columns
from webapp.screens.record.change_messages import MOST_WARNINGS
from webapp.screens.record.deleting import DeleteView
from webapp.screens.record.saving import CONFLICT, author
from webapp.services.changes import door
from webapp.services.changes.door import Applied, Unchanged, Waiting
from webapp.services.changes.proposals import Intent, Moved, Refused, Wish
from webapp.web import remembered_unit, speaking
from webapp.web.speaking import speech
from webapp.words import formatters, keys, labels, units

GONE, REFUSED = 404, 422


class CellView(DeleteView):
    """Editing in place, at an address of its own: GET answers the field as HTML, POST saves it and answers in JSON.

    200: html (the cell as the list shows it), version, name (of the record), row (other cells, by column), said, and
    undo (the number of the change set, or null). 409: the same with conflict (theirs, by, at, version) instead of
    undo; the same wish with that version takes the place of theirs. 422 and 404: errors, a list of sentences.
    The address names the record (id), the column (name), and what else the page shows (shown, unit).
    """

    cell_template = "admin/model/cell.html"

    def editable_cells(self) -> frozenset[str]:
        """Columns of the list that the form of a stored record has, and that show what their column holds."""
        found: frozenset[str] | None = self.__dict__.get("_editable_cells")
        if found is None:
            plan = self.form_plan
            typed = {column for column in plan.editable() if not column.primary_key}
            offered = [name for name in self.plan.offered if name not in self.plan.special]
            found = frozenset(name for name in offered if self.plan.column_of(name) in typed)
            self.__dict__["_editable_cells"] = found
        return found

    @expose("/cell/", methods=("GET", "POST"))
    def cell_view(self) -> ResponseReturnValue:
        """The field of one cell, or the saving of what was typed into it."""
        name = request.args.get("name", "")
        if name not in self.editable_cells():
            abort(404)
        row = self.get_one(request.args.get("id"))
        if row is None:
            return _gone()
        column = self.plan.column_of(name)
        assert column is not None  # what is editable is a column
        form = self._cell_form(column, row)
        if request.method == "POST":
            return self._save_cell(name, form, row)
        form.row_version.data = str(row.version)
        return self.page(self.cell_template, form=form, field=form[column.name])

    def _cell_form(self, column: Column[Any], row: Any) -> RecordForm:
        """The edit form with this field alone."""
        field = getattr(self._edit_form_class, column.name)
        made: Any = type("CellForm", (RecordForm,), {column.name: field})
        form: RecordForm = made(request.form if request.method == "POST" else None, obj=row)
        record_form.know_names(form, row)
        # The page of a list has elements that are called like columns.
        form[column.name].id = form[column.name].label.field_id = f"cell-{column.name}"
        return form

    def _save_cell(self, name: str, form: RecordForm, row: Any) -> ResponseReturnValue:
        version = form.base_version()
        if version is None:
            form.say(gettext("This form is incomplete. Open the record again."))
        if version is None or not self.validate_form(form):
            return _refused(_told(form))
        before, stored = self._cells_of(name, row), row.version
        wish = Wish(self.model, change.UPDATE, form.values(), keys.of_row(row), version)
        # What somebody else changed in another cell of the row, this wish leaves as it is.
        intent = Intent("edit", author(), reason=form.change_reason.data)
        outcome = door.carry([wish], intent, keeps_others=True)
        # Whoever saw an older version gets every cell of the row, otherwise those that follow from this one.
        known = before if stored == version else {}
        match outcome:
            case Applied():
                remarks = self._sentences(name, outcome.findings[:MOST_WARNINGS])
                told = " ".join([change_messages.said(outcome), *remarks])
                return self._cell_answer(name, known, {"undo": outcome.number, "said": told})
            case Waiting() | Unchanged():
                return self._cell_answer(name, known, {"undo": None, "said": change_messages.said(outcome)})
            case Refused():
                return _refused(self._sentences(name, outcome.findings))
            case Moved():
                return self._cell_moved(name, outcome)
        return _refused([change_messages.said(outcome)])

    def _cell_moved(self, name: str, moved: Moved) -> ResponseReturnValue:
        if moved.version is None:
            return _gone()
        who = moved.changed_by or gettext("Somebody outside this admin")
        when = formatters.instant(moved.changed_at, speech())
        said = gettext("%(who)s saved it at %(when)s.", who=who, when=when)
        told = {"by": who, "at": when, "version": moved.version}
        return self._cell_answer(name, {}, {"said": said, "conflict": told}, status=CONFLICT)

    def _cell_answer(
        self, name: str, known: Mapping[str, str], more: Mapping[str, Any], status: int = 200
    ) -> ResponseReturnValue:
        """The cell as the list shows it, its row's version, and the other cells where they are not known so."""
        row = self.get_one(request.args.get("id"))
        if row is None:
            return _gone()
        cells = self._cells_of(name, row)
        others = {key: shown for key, shown in cells.items() if key != name and known.get(key) != shown}
        answer = {"html": cells[name], "version": row.version, "name": str(row), "row": others}
        if "conflict" in more:
            more = {**more, "conflict": {**more["conflict"], "theirs": cells[name]}}
        return jsonify(answer | dict(more)), status

    def _sentences(self, name: str, findings: Iterable[Finding]) -> list[str]:
        """Findings as sentences; those that are not about the cell itself say which column they mean."""
        told = []
        for finding in findings:
            said = speaking.sentence(finding)
            column = self.plan.table_columns.get(finding.field) if finding.field is not None else None
            if column is not None and column is not self.plan.column_of(name):
                said = f"{speaking.say(labels.of_column(column))}: {said}"
            told.append(said)
        return list(dict.fromkeys(told))

    def _cells_of(self, name: str, row: Any) -> dict[str, str]:
        """What stands in the cells of a row: this one and those that the page says it shows."""
        asked = request.args.get("shown", "").split(",")
        unit = units.UNITS.get(request.args.get(query.UNIT, "")) or remembered_unit.remembered()
        cells = {}
        for one in {name, *(one for one in asked if one in self.plan.offered)}:
            value = shown_columns.cell_of(self.plan, one, speech(), unit)(row)
            shown = str(escape("" if value is None else value))
            cells[one] = shown or (str(escape(str(row))) if one == self.plan.link else "")
        return cells


def _told(form: RecordForm) -> list[str]:
    """What is wrong with what was sent."""
    told = [str(error) for field in form.columns() for error in field.errors]
    told += [f"{form.change_reason.label.text}: {error}" for error in form.change_reason.errors]
    return [*told, *(str(error) for error in form.form_errors)]


def _refused(told: list[str]) -> ResponseReturnValue:
    return jsonify({"errors": told}), REFUSED


def _gone() -> ResponseReturnValue:
    said = gettext("This record has been deleted meanwhile. Your entries are still here; nothing was saved.")
    return (
        jsonify({"errors": [said if request.method == "POST" else gettext("This record does not exist.")]}),
        GONE,
    )
