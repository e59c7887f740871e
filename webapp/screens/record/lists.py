"""The list of one kind of record, over Flask-Admin's own addresses: list, counts of facets, and files."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, ClassVar

from flask import abort, flash, jsonify, request
from flask.typing import ResponseReturnValue
from flask_admin.base import expose
from flask_admin.contrib.sqla.view import ModelView

from webapp import db
from webapp.lists import facets, query, reading, records
from webapp.lists.plan import ListPlan
from webapp.lists.query import ListQuery
from webapp.rules.findings import Finding
from webapp.screens.record import exports, list_page, view_menu
from webapp.screens.record.guarded import Guarded
from webapp.screens.record.list_page import ListScreen
from webapp.web import remembered_unit
from webapp.web.speaking import speech
from webapp.words import keys

# Flask-Admin annotates for all its back ends at once: ours is narrower everywhere, and says so itself.
AnyModelView: Any = ModelView


class ListView(Guarded, AnyModelView):  # type: ignore[misc]  # see above
    """The list of one kind of record."""

    plan: ClassVar[ListPlan]
    model: type[db.Base]
    label: db.Label
    list_template = "admin/model/list.html"

    @property
    def start(self) -> str:
        """The address of the list, without a query."""
        return f"{request.script_root}{self.url}/"

    def page(self, template: str, **context: Any) -> str:
        """A template of this screen."""
        return str(self.render(template, allowed=self.allowed(), **context))

    def address(self, endpoint: str, **values: Any) -> str:
        """The address of a view function."""
        return str(self.get_url(endpoint, **values))

    def get_one(self, id: Any) -> Any:
        """The record of a key as typed in an address, or None."""
        key = keys.parse(self.model, id)
        return None if key is None else records.one(self.model, key)

    def asked(self) -> ListQuery:
        """What the address of this request asks of the list; says what of it was not understood."""
        try:
            asked, remarks = query.read(self.plan, request.args)
        except query.Unreadable:
            abort(400)
        _tell(remarks)
        return asked

    @expose("/")
    def index_view(self) -> str:
        """A page of the list."""
        asked, allowed, spoken = self.asked(), self.allowed(), speech()
        if asked.unit is not None and list_page.has_money(asked):
            remembered_unit.remember(asked.unit)
        found = reading.page_of(asked)
        _tell(found.remarks)
        actions = self.get_actions_list()[0]
        screen = ListScreen(
            self.start,
            spoken,
            asked.unit or remembered_unit.remembered(),
            details=f"{self.start}details/?id=",
            edit=f"{self.start}edit/?id=" if "edit_view" in allowed else None,
            delete=f"{self.start}delete/confirm/?id=" if "delete_view" in allowed else None,
            can_choose=bool(actions),
            can_edit_cells="cell_view" in allowed,
        )
        shown = list_page.context(asked, found, screen)
        cells = self.editable_cells() if screen.can_edit_cells else ()
        menu = view_menu.of_a_list(self.path, asked)
        return self.page(self.list_template, actions=actions, cells=cells, menu=menu, **shown)

    @expose("/facets/")
    def facets_view(self) -> ResponseReturnValue:
        """By the name of each facet: whether there are more rows than were counted, and [name, value, label, count] of
        each value that it has; the name tells a value from having none."""
        counted = facets.counted(self.asked(), speech())
        return jsonify(
            {
                name: {
                    "has_more": facet.has_more,
                    "values": [list(asdict(value).values()) for value in facet.values],
                }
                for name, facet in counted.items()
            }
        )

    @expose("/export/<export_type>/")
    def export(self, export_type: str) -> ResponseReturnValue:
        """The rows that the list's search and filters find, in its order."""
        asked = self.asked()
        unit = asked.unit or remembered_unit.remembered()
        return exports.answer(asked, export_type, speech(), unit, self.start)


def _tell(remarks: Iterable[Finding]) -> None:
    for remark in remarks:
        flash(speech().sentence(remark), "error" if remark.is_blocking else "warning")
