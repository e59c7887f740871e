"""Which screens there are: each declares itself with a decorator, and an application knows its own by their model."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import current_app, has_app_context

from webapp import db
from webapp.lists import plan as plans
from webapp.lists.plan import ListPlan

EXTENSION = "stockcode_screens"
MENUS = ("Masters", "Statements", "Market data", "Work", "Administration")

View = TypeVar("View")


@dataclass(frozen=True, slots=True)
class Screen:
    """A view over a model, and where it stands in the menu."""

    view: Any
    model: type[db.Base]
    menu: str
    path: str
    icon: str
    place: int

    @property
    def order(self) -> tuple[int, int, str]:
        return MENUS.index(self.menu), self.place, self.path


_declared: dict[str, Screen] = {}


def screen(*, menu: str, path: str, icon: str = "dot", place: int = 50) -> Callable[[type[View]], type[View]]:
    """Declare that this view shows the records of its plan at /admin/PATH/; `place` orders a menu, lowest first."""
    assert menu in MENUS, menu

    def declare(view: Any) -> Any:
        plan: ListPlan = view.plan
        plans.declare(plan)
        _declared[path] = Screen(view, plan.model, menu, path, icon, place)
        return view

    return declare


def declared() -> list[Screen]:
    """Every declared screen, in the order of the menu."""
    return sorted(_declared.values(), key=lambda one: one.order)


def view_of(model: type[db.Base]) -> Any:
    """This application's view of a model; None where it has none."""
    return current_app.extensions[EXTENSION].get(model) if has_app_context() else None
