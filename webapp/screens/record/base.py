"""How every screen behaves: who may do what, and the page of one record. Screens themselves only declare."""

from collections.abc import Mapping
from typing import Any, ClassVar

from flask import abort, jsonify, request
from flask.typing import ResponseReturnValue
from flask_admin.base import BaseView, expose
from sqlalchemy import Date

from webapp import db
from webapp.forms import lookups
from webapp.rules.fields import CONTROL
from webapp.screens.record import history, registry
from webapp.screens.record.inline import CellView
from webapp.screens.record.registry import screen
from webapp.services.accounts import permissions
from webapp.web import current_person
from webapp.words import formatters, labels

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


class Guarded:
    """Deny by default: a view function runs only for those who have the right that it declares."""

    rights: ClassVar[Mapping[str, str]] = {}

    def may(self, name: str) -> bool:
        """Whether whoever asks may call this view function; where nobody asks, whether anybody might."""
        right = self.rights.get(name)
        if right is None:
            return False
        if not request:
            return True
        person = current_person.present()
        return person is not None and permissions.allows(person.role, right)

    def is_accessible(self) -> bool:
        """Whether the menu offers this screen."""
        return any(self.may(name) for name in ("index_view", "index"))

    def _handle_view(self, name: str, **_kwargs: Any) -> ResponseReturnValue | None:
        if not self.may(name):
            abort(403)
        return None

    def _run_view(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        # Flask-Admin's own calls the function again when it raises TypeError, which hides what went wrong.
        return fn(self, *args, **kwargs)


class PageView(Guarded, BaseView):
    """A screen of its own making."""

    label: ClassVar[db.Label]


class RecordView(Guarded, CellView):
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
    def can_create(self) -> bool:
        return self.may("create_view")

    @property
    def can_edit(self) -> bool:
        return self.may("edit_view")

    @property
    def can_edit_cells(self) -> bool:
        return self.may("cell_view")

    @property
    def can_delete(self) -> bool:
        return self.may("delete_view")

    @property
    def empty_hint(self) -> str | None:
        return None if self.empty is None else labels.say(self.empty)

    @property
    def can_export(self) -> bool:
        return self.may("export")

    def is_action_allowed(self, name: str) -> bool:
        return self.may("action_view") and (name != "delete" or self.can_delete)

    @expose("/details/")
    def details_view(self) -> ResponseReturnValue:
        """One record with its history and what belongs to it."""
        row = self.get_one(request.args.get("id"))
        if row is None:
            return self._missing()
        return self.page(
            self.details_template,
            model=row,
            details_columns=self._details_columns,
            get_value=self.get_detail_value,
            return_url=self.return_url(),
            history=history.of_row(row),
            related=self.related(row),
        )

    @expose("/ajax/lookup/")
    def ajax_lookup(self) -> ResponseReturnValue:
        """Records for a look-up field, as [[key, name], …], at most 20."""
        column = self.columns.get(request.args.get("name", ""))
        if column is None or not column.foreign_keys or column.name in self.read_only:
            abort(404)
        text = request.args.get("query", "")
        if CONTROL.search(text):
            abort(400)
        offset = request.args.get("offset", 0, type=int)
        limit = request.args.get("limit", lookups.MOST, type=int)
        return jsonify(lookups.find(lookups.target_of(column), text, offset, limit))

    def related(self, row: Any) -> list[dict[str, Any]]:  # noqa: ARG002  # screens that have any need it
        """Lists of what belongs to a record: label, url, count. Screens that have any say so."""
        return []

    def get_details_columns(self) -> Any:
        named = [name for _title, part in self.form_sections for name in part]
        shown = [column.name for column in self._exported()]
        return self.get_column_names([*named, *(name for name in shown if name not in named)], None)

    def _make_cell(self, name: str, *, is_exact: bool) -> Any:
        column = self.columns.get(name)
        if is_exact and column is not None and isinstance(column.type, Date):
            return lambda row: formatters.day_with_era(getattr(row, name))
        if (
            is_exact
            and column is not None
            and column.foreign_keys
            and (relation := lookups.relation_of(column))
        ):
            name = relation
        return super()._make_cell(name, is_exact=is_exact)
