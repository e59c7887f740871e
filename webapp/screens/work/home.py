"""The start page: its panels, and what the command palette finds."""

from typing import Any

from flask import jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin.base import expose

from webapp.label import Label
from webapp.lists import records
from webapp.models.company import Company
from webapp.models.saved_view import SavedView
from webapp.rules.fields import CONTROL
from webapp.screens.record import view_menu
from webapp.screens.record.base import PageView
from webapp.screens.work.panel import Panel
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
        parts: dict[str, list[dict[str, Any]]] = {"first": [], "today": [], "news": [], "last": []}
        for panel in PANELS:
            if (shown := _shown(panel)) is not None:
                parts[panel.part].append(shown)
        return self.render("home/index.html", parts=parts)

    @expose("/find/")
    def find(self) -> ResponseReturnValue:
        """Companies and saved views for the command palette: [[url, name, hint], …]."""
        query = request.args.get("query", "")
        if not query.strip() or CONTROL.search(query):
            return jsonify([])
<<<<<<< HEAD
        found = records.search(Company, query, speech(), limit=FOUND)
=======
        named = records.search(Company, query, limit=MOST_OFFERED)
>>>>>>> 14638ea (Put Home together from panels, each a file, and decide there on imports that wait)
        hint = speech().say(Company.label)
        companies = [[url_for("companies.details_view", id=key), name, hint] for key, name in named]
        return jsonify(_matching_views(query) + companies)


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
    lists = view_menu.open_lists()
    hint = speech().say(SavedView.label)
    return [
        [url_for("views.open", key=one.id), one.name, f"{hint} · {speech().say(lists[one.screen].label)}"]
        for one in saved_views.find(view_menu.asker(), lists.keys(), query)
    ]
<<<<<<< HEAD


def _estimates() -> dict[str, int]:
    """About how many rows each table has, as PostgreSQL last saw it; -1 where it has never looked."""
    statement = text(
        "SELECT relname, reltuples::bigint FROM pg_class"
        " WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"
    )
    return {str(row.relname): int(row.reltuples) for row in db.session.execute(statement)}


def _tiles(estimates: dict[str, int]) -> list[dict[str, Any]]:
    tiles = []
    for screen in registry.declared():
        view = registry.view_of(screen.model)
        if screen.menu in ("Masters", "Statements", "Market data") and "index_view" in view.allowed():
            tiles.append(
                {
                    "label": speech().say(screen.model.label),
                    "count": _about(screen.model, estimates),
                    "url": url_for(f"{view.endpoint}.index_view"),
                    "icon": screen.icon,
                    "note": None,
                }
            )
    return tiles


def _about(model: type[db.Base], estimates: dict[str, int]) -> int | str:
    """Exact up to 10,000 rows, estimated beyond."""
    key = row_codec.key_columns(model)[0]
    first_rows = select(key).limit(10_001).subquery()
    number = int(db.session.scalar(select(func.count()).select_from(first_rows)) or 0)
    if number <= 10_000:
        return number
    return f"≈ {max(estimates.get(row_codec.table_of(model).name, 0), number):,}"


def _latest(status: str | None = None) -> list[ChangeSet]:
    statement = select(ChangeSet).order_by(ChangeSet.id.desc()).limit(LATEST)
    return list(
        db.session.scalars(statement if status is None else statement.where(ChangeSet.status == status))
    )


def _told(change_set: ChangeSet) -> dict[str, Any]:
    when = formatters.instant(change_set.applied_at or change_set.created_at, speech())
    who = stored_sentences.in_language("author_name", change_set.author_name, speech())
    return {
        "title": f"#{change_set.id} {change_sets.title(change_set)}",
        "url": url_for("change_sets.details_view", id=change_set.id),
        "who": who,
        "when": when,
        "meta": f"{who} · {when}",
        "state": change_sets.tone(change_set),
        "state_label": change_sets.state(change_set),
        "tone": "warn",
    }


def _ended_outside() -> list[dict[str, Any]]:
    """Rows that somebody changed or deleted with other tools, latest first."""
    statement = select(RowVersion).where(RowVersion.ended_by_change_set_id.is_(None))
    rows = db.session.scalars(statement.order_by(RowVersion.valid_to.desc()).limit(MOST_OUTSIDE))
    return [
        {
            "title": _named(version.table_name, version.row_key),
            "url": None if version.operation == "DELETE" else _url(version.table_name, version.row_key),
            "meta": f"{formatters.instant(version.valid_to, speech())} · {version.ended_by_role}",
        }
        for version in rows
    ]


def _made_outside() -> list[dict[str, Any]]:
    """Rows that somebody added with other tools and nobody has changed since, latest first."""
    found: list[dict[str, Any]] = []
    for name in labels.tables():
        model: Any = row_codec.model_of(name)
        # Rows changed since have their old versions in the other list.
        statement = select(model).where(model.change_set_id.is_(None), model.version == 1)
        statement = statement.order_by(model.changed_at.desc())
        for row in db.session.scalars(statement.options(*record_names.loading(model)).limit(MOST_OUTSIDE)):
            key = row_codec.row_key(keys.of_row(row))
            found.append(
                {"title": _named(name, record_names.of(row, speech())), "url": _url(name, key), "meta": ""}
            )
    return found


def _named(table: str, what: str) -> str:
    label = labels.tables().get(table)
    return f"{speech().say(label) if label is not None else table}: {what}"


def _url(table: str, key: str) -> str | None:
    view = registry.view_of(row_codec.model_of(table)) if table in labels.tables() else None
    return None if view is None else str(url_for(f"{view.endpoint}.details_view", id=key))
=======
>>>>>>> 14638ea (Put Home together from panels, each a file, and decide there on imports that wait)
