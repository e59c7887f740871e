"""What stewards see, one file per menu item."""

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from flask import Flask, url_for
from flask_admin.base import Admin
from flask_admin.theme import Bootstrap4Theme


def load() -> dict[str, ModuleType]:
    """Every file of this room, by name, so that every screen has declared itself."""
    return {room.name: import_module(f"{__name__}.{room.name}") for room in iter_modules(__path__)}


def install(app: Flask) -> None:
    """Add every screen to an application, at /admin/."""
    rooms = load()
    home, registry = rooms["home"], rooms["registry"]
    rooms["fragments"].install(app)
    rooms["framed"].install(app)
    admin = Admin(
        app,
        name="Stock Code Admin",
        index_view=home.HomeView(),
        theme=Bootstrap4Theme(base_template="admin/base.html"),
    )
    # The command palette asks finder_url; a list's menu of saved views asks saved_views.
    app.context_processor(
        lambda: {
            "finder_url": url_for("admin.find"),
            "menu_counts": rooms["home"].waiting(),
            "saved_views": rooms["view_menu"].of_a_list,
        }
    )
    views = app.extensions[registry.EXTENSION] = {}
    for screen in registry.declared():
        views[screen.model] = view = screen.view(screen)
        admin.add_view(view)
    admin.add_view(rooms["views"].ViewsView())
    admin.add_view(rooms["release"].ReleaseView())
    admin.add_view(rooms["password"].PasswordView())
