"""The start page: its panels, and what the command palette finds."""

from typing import Any, get_args

from flask import jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin.base import expose

from webapp.label import Label
from webapp.lists import records
from webapp.models.company import Company
from webapp.models.saved_view import SavedView
from webapp.rules.fields import CONTROL
from webapp.screens.record import list_menus
from webapp.screens.record.base import PageView
from webapp.screens.work.panel import Panel, Part
from webapp.screens.work.panels import PANELS
from webapp.services.accounts import permissions
from webapp.services.lists import saved_views
from webapp.web import current_person
from webapp.web.speaking import speech

MOST_OFFERED = 8


class HomeView(PageView):
    """The first page after signing in."""

    label = Label("ホーム", "Home")
    rights = {"index": permissions.READ, "find": permissions.READ}

    def __init__(self) -> None:
        super().__init__(
            name="Home", endpoint="admin", url="/admin", menu_icon_type="sprite", menu_icon_value="home"
        )

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """Every panel that has something to say to the reader, by the part of the page."""
        parts: dict[str, list[dict[str, Any]]] = {part: [] for part in get_args(Part)}
        for panel in PANELS:
            if (shown := _shown(panel)) is not None:
                parts[panel.part].append(shown)
        return self.render("home/index.html", parts=parts)

    @expose("/find/")
    def find(self) -> ResponseReturnValue:
        """Companies and saved views for the command palette, the best match first: [[url, name, hint], …]."""
        query = request.args.get("query", "")
        if not query.strip() or CONTROL.search(query):
            return jsonify([])
        named = records.search(Company, query, speech(), limit=MOST_OFFERED)
        hint = speech().say(Company.label)
        companies = [[url_for("companies.details_view", id=key), name, hint] for key, name in named]
        views = _matching_views(query)
        called_so = [view for view in views if view[1].casefold() == query.strip().casefold()]
        return jsonify([*called_so, *companies, *(view for view in views if view not in called_so)])


def _shown(panel: Panel) -> dict[str, Any] | None:
    reader = current_person.signed_in()
    if not permissions.allows(reader.role, panel.right):
        return None
    content = panel.read(reader)
    if content is None:
        return None
    return {
        "name": panel.name,
        "label": speech().say(panel.label),
        "template": panel.template,
        "content": content,
    }


def _matching_views(query: str) -> list[list[str]]:
    lists = list_menus.open_lists()
    hint = speech().say(SavedView.label)
    return [
        [url_for("views.open", key=one.id), one.name, f"{hint} · {speech().say(lists[one.screen].label)}"]
        for one in saved_views.find(list_menus.asker(), lists.keys(), query)
    ]
