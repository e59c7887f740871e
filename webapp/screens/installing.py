"""Add every screen to an application, at /admin/."""

from collections.abc import Mapping
from functools import partial
from operator import itemgetter
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, request
from flask_admin.base import Admin
from flask_admin.theme import Bootstrap4Theme
from werkzeug.exceptions import HTTPException

from webapp import screens
from webapp.discovering import import_all
from webapp.forms import field_markup
from webapp.screens.account import password
from webapp.screens.administration import jobs, release
from webapp.screens.record import list_menus, registry
from webapp.screens.work import home, uploads, views
from webapp.screens.work.standing import catalogue
from webapp.web import current_person, error_pages, way_back
from webapp.web.typed import Typed

# Pages that are no list of records, by where they stand in the menus.
PAGES = (
    (("Work", 18), catalogue.RulesView),
    (("Work", 19), uploads.UploadsView),
    (("Work", 30), views.ViewsView),
    (("Administration", 20), jobs.JobsView),
    (("Administration", 30), release.ReleaseView),
)


def load() -> None:
    """Let every file of this room declare its screen."""
    import_all(screens.__path__, screens.__name__)


def install(app: Flask) -> None:
    """Every screen that a file below this room declares, and the pages of their own making."""
    load()
    field_markup.install(app)
    admin = Admin(
        app,
        name="Stock Code Admin",
        index_view=home.HomeView(),
        theme=Bootstrap4Theme(base_template="admin/base.html"),
    )
    app.jinja_env.globals |= {
        "menu_counts": current_person.waiting,
        "menu_views": list_menus.in_sidebar,
    }
    declared = app.extensions[registry.EXTENSION] = {}
    in_menus = [(registry.MENUS.index(menu), place, page()) for (menu, place), page in PAGES]
    for screen in registry.declared():
        declared[screen.model] = view = screen.view(screen)
        view.siblings = declared
        in_menus.append((*screen.order[:2], view))
    for _menu, _place, view in sorted(in_menus, key=itemgetter(0, 1)):
        admin.add_view(view)
    admin.add_view(password.PasswordView())
    app.extensions[error_pages.SHELL] = partial(_in_shell, admin)


def _in_shell(admin: Admin, facts: Mapping[str, Any]) -> str:
    """What could not be done, with the menu around it, in the screen on which it was asked for or typed."""
    views = {view.endpoint: view for view in admin._views}
    sent: Typed | None = facts["typed"]
    screen = request.blueprint if sent is None else _screen_of(sent.address)
    view = views.get(screen or "", admin.index_view)
    back = way_back.safe_next(request.args.get("url") if sent is None else sent.came_from)
    return str(view.render("errors/in_shell.html", **facts, back=back))


def _screen_of(address: str) -> str | None:
    """The screen to which a form was sent: after signing in that is another one than was asked for."""
    adapter = current_app.create_url_adapter(request)
    try:
        endpoint, _arguments = adapter.match(urlsplit(address).path, method="POST") if adapter else ("", {})
    except HTTPException:
        return None
    return str(endpoint).rpartition(".")[0]
