"""How every record screen behaves, over Flask-Admin's own addresses. Screens themselves only declare."""

from collections.abc import Sequence
from typing import Any, ClassVar

from flask import abort, jsonify, request
from flask.typing import ResponseReturnValue
from flask_admin.actions import action
from flask_admin.base import BaseView, expose

from webapp.label import Label
from webapp.lists import panel, records
from webapp.models import references
from webapp.rules.fields import CONTROL
from webapp.screens.record import (
    cells,
    deleting,
    details,
    exports,
    facet_counts,
    forms,
    list_page,
    registry,
    saving,
    vouching,
)
from webapp.screens.record.asked import form_findings
from webapp.screens.record.registry import screen
from webapp.screens.record.saving import Writer
from webapp.screens.record.screen import Guarded, RecordScreen, editable_cells
from webapp.screens.record.wide import bulk_edit, pasting
from webapp.services.accounts import permissions
from webapp.web.speaking import speech

__all__ = ["CURATED", "READ_ONLY", "PageView", "RecordView", "screen"]

# Name of a view function -> right.
READ_ONLY = {
    "index_view": permissions.READ,
    "details_view": permissions.READ,
    "facets_view": permissions.READ,
    "questions_view": permissions.READ,
    "export": permissions.READ,
}
CURATED = READ_ONLY | {
    "ajax_lookup": permissions.READ,
    "create_view": permissions.WRITE,
    "edit_view": permissions.WRITE,
    "beside_view": permissions.WRITE,
    "cell_view": permissions.WRITE,
    "check_view": permissions.WRITE,
    "verify_view": permissions.WRITE,
    "confirm_delete_view": permissions.WRITE,
    "delete_view": permissions.WRITE,
    "action_view": permissions.WRITE,
    "bulk_view": permissions.WRITE,
    "paste_view": permissions.WRITE,
}


class PageView(Guarded, BaseView):
    """A screen of its own making."""

    label: ClassVar[Label]


class RecordView(RecordScreen):
    """The pages of one kind of record. What they do is in the files beside this one, a file each."""

    rights = CURATED
    # What to do where there is no record yet and nobody types any.
    empty: ClassVar[Label | None] = None
    # Who writes what was typed.
    writer: ClassVar[Writer] = saving.ChangeSetWriter()

    def __init__(self, declared: registry.Screen) -> None:
        self.label, self.path = declared.model.label, declared.path
        self.siblings = {}
        self.cells = editable_cells(self.plan, self.form_plan) if "cell_view" in self.rights else frozenset()
        super().__init__(
            name=declared.model.label.en,
            category=declared.menu,
            endpoint=declared.path.replace("-", "_"),
            url=declared.path,
            menu_icon_type="sprite",
            menu_icon_value=declared.icon,
        )
        self.init_actions()
        # A view function without a right has no address at all.
        routes: Any = type(self)
        self._urls = [route for route in routes._urls if route[1] in self.rights]

    def is_action_allowed(self, name: str) -> bool:
        """Whether the list offers this for the selected rows."""
        return {"action_view", f"{name}_view"} <= self.allowed()

    @expose("/")
    def index_view(self) -> str:
        """A page of the list."""
        return list_page.answer(self)

    @expose("/facets/")
    def facets_view(self) -> ResponseReturnValue:
        """The counts of the values that can be ticked."""
        return facet_counts.answer(self)

    @expose("/questions/")
    def questions_view(self) -> ResponseReturnValue:
        """Everything that can be asked of the records, for conditions that the panel has no field for."""
        return jsonify(panel.questions(self.plan, speech()))

    @expose("/export/<export_type>/", methods=("GET", "POST"))
    def export(self, export_type: str) -> ResponseReturnValue:
        """The rows that the list's search and filters find as a file, or those that were selected."""
        return exports.answer(self, export_type)

    @expose("/details/")
    def details_view(self) -> ResponseReturnValue:
        """One record with its history and what belongs to it."""
        row = self.get_one(request.args.get("id"))
        return forms.missing(self) if row is None else details.page(self, row)

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> ResponseReturnValue:
        """A new record."""
        return forms.create(self, self.writer)

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> ResponseReturnValue:
        """A stored record."""
        return forms.edit(self, self.writer)

    @expose("/beside/")
    def beside_view(self) -> ResponseReturnValue:
        """From the form of a record to that of the next one, or the one before."""
        return forms.beside(self)

    @expose("/cell/", methods=("GET", "POST"))
    def cell_view(self) -> ResponseReturnValue:
        """The field of one cell, or the saving of what was typed into it."""
        return cells.answer(self)

    @expose("/check/", methods=("POST",))
    def check_view(self) -> ResponseReturnValue:
        """What the rules say of a form that is still being typed."""
        return form_findings.answer(self)

    @expose("/verify/", methods=("GET", "POST"))
    def verify_view(self) -> ResponseReturnValue:
        """Fields of a record that somebody verifies, or releases to their source."""
        return vouching.answer(self)

    @expose("/delete/confirm/")
    def confirm_delete_view(self) -> ResponseReturnValue:
        """Ask before one record is deleted."""
        return deleting.ask(self, [request.args.get("id", "")])

    @expose("/delete/", methods=("POST",))
    def delete_view(self) -> ResponseReturnValue:
        """Delete one record, or ask first where nobody has been asked."""
        return deleting.delete_or_ask(self, [request.form.get("id", "")])

    @expose("/action/", methods=("POST",))
    def action_view(self) -> ResponseReturnValue:
        """Do something with the selected rows."""
        name = request.form.get("action", "")
        if name not in self._actions_data or not self.is_action_allowed(name):
            abort(403)
        answer: ResponseReturnValue = self._actions_data[name][0](request.form.getlist("rowid"))
        return answer

    @expose("/bulk/", methods=("GET", "POST"))
    def bulk_view(self) -> ResponseReturnValue:
        """Many records edited at once: all that the list finds, or those that were selected in it."""
        return bulk_edit.answer(self)

    @expose("/paste/", methods=("GET", "POST"))
    def paste_view(self) -> ResponseReturnValue:
        """A range of cells from a spreadsheet laid over rows and columns of the list."""
        return pasting.answer(self)

    # Said when it is shown.
    @action("delete", "Delete")
    def action_delete(self, ids: Sequence[str]) -> ResponseReturnValue:
        """Delete the selected rows, or ask first."""
        return deleting.delete_selected(self, ids)

    @expose("/ajax/lookup/")
    def ajax_lookup(self) -> ResponseReturnValue:
        """Records for a look-up field, as [[key, name], …], at most 20."""
        column = self.plan.table_columns.get(request.args.get("name", ""))
        if column is None or not column.foreign_keys or column.name in self.form_plan.read_only:
            abort(404)
        text = request.args.get("query", "")
        if CONTROL.search(text):
            abort(400)
        offset = request.args.get("offset", 0, type=int)
        limit = request.args.get("limit", records.MOST, type=int)
        return jsonify(
            records.search(references.target_of(column), text, speech(), offset=offset, limit=limit)
        )
