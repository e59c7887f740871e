"""How every screen behaves: who may do what, and the page of one record. Screens themselves only declare."""

from typing import Any, ClassVar

from flask import abort, jsonify, request
from flask.typing import ResponseReturnValue
from flask_admin.base import BaseView, expose

from webapp import db
from webapp.lists import records
from webapp.models import references
from webapp.rules.fields import CONTROL
from webapp.screens.record import details, history, registry
from webapp.screens.record.guarded import Guarded
from webapp.screens.record.inline import CellView
from webapp.screens.record.registry import screen
from webapp.services.accounts import permissions
from webapp.web import speaking

__all__ = ["CURATED", "READ_ONLY", "PageView", "RecordView", "screen"]

# Name of a view function -> right. What is not named here has no address and nobody may call it.
READ_ONLY = {
    "index_view": permissions.READ,
    "details_view": permissions.READ,
    "facets_view": permissions.READ,
    "export": permissions.READ,
}
CURATED = READ_ONLY | {
    "ajax_lookup": permissions.READ,
    "create_view": permissions.WRITE,
    "edit_view": permissions.WRITE,
    "beside_view": permissions.WRITE,
    "cell_view": permissions.WRITE,
    "confirm_delete_view": permissions.WRITE,
    "delete_view": permissions.WRITE,
    "action_view": permissions.WRITE,
}


class PageView(Guarded, BaseView):
    """A screen of its own making."""

    label: ClassVar[db.Label]


class RecordView(CellView):
    """The screens of one kind of record: list, details, form, delete, export."""

    rights = CURATED
    # What to do where there is no record yet and nobody types any.
    empty: ClassVar[db.Label | None] = None

    def __init__(self, declared: registry.Screen) -> None:
        self.label = declared.model.label
        self.path = declared.path
        super().__init__(
            declared.model,
            db.session,
            name=declared.model.label.en,
            category=declared.menu,
            endpoint=declared.path.replace("-", "_"),
            url=declared.path,
            menu_icon_type="sprite",
            menu_icon_value=declared.icon,
        )
        # A view function without a right has no address at all.
        routes: Any = type(self)
        self._urls = [route for route in routes._urls if route[1] in self.rights]

    @property
    def empty_hint(self) -> str | None:
        return None if self.empty is None else speaking.say(self.empty)

    def is_action_allowed(self, name: str) -> bool:
        return self.may("action_view") and (name != "delete" or self.may("delete_view"))

    @expose("/details/")
    def details_view(self) -> ResponseReturnValue:
        """One record with its history and what belongs to it."""
        row = self.get_one(request.args.get("id"))
        if row is None:
            return self._missing()
        return self.page(
            self.details_template,
            model=row,
            sections=details.sections(self.plan, self.form_plan, row, speaking.speech()),
            return_url=self.return_url(),
            history=history.of_row(row),
            related=self.related(row),
        )

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
        return jsonify(records.search(references.target_of(column), text, offset, limit))

    def related(self, row: Any) -> list[dict[str, Any]]:  # noqa: ARG002  # screens that have any need it
        """Lists of what belongs to a record: label, url, count. Screens that have any say so."""
        return []
