"""The menus of a list: units, sizes, order, columns, and saved views: what one would keep, and which is shown."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from flask import request, url_for
from markupsafe import Markup

from webapp.lists import orders
from webapp.lists.orders import Level, Levels
from webapp.lists.plan import ListPlan
from webapp.lists.query import VIEW, ListQuery, view_number
from webapp.models.saved_view import SavedView
from webapp.screens.record import registry
from webapp.services.lists import saved_views
from webapp.services.lists.saved_views import Asker
from webapp.web import current_person, remembered_unit
from webapp.words import keys, units
from webapp.words.speech import Speech
from webapp.words.units import Unit

# What is rendered once is a function of its key alone; choices and languages together make some hundreds.
KEPT = 1000


class Choice(NamedTuple):
    """One entry of a menu: where it leads, what it says, and whether it holds now."""

    address: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Menu:
    """The menu of a list: what it says, where its content is, and where one gets without script."""

    name: str | None
    is_changed: bool
    content: str
    page: str
    save: str


def asker() -> Asker:
    """Whoever asks, as the service wants to know them."""
    person = current_person.signed_in()
    return Asker(person.id, person.role)


def open_lists() -> dict[str, Any]:
    """The lists that the reader may see, by the path of their screen."""
    views = ((screen.path, registry.view_of(screen.model)) for screen in registry.declared())
    return {path: view for path, view in views if "index_view" in view.allowed()}


def number(text: str | None) -> int | None:
    """The number of a view as typed in an address; None for anything that cannot be one."""
    key = keys.parse(SavedView, text)
    return None if key is None else int(key[0])


def kept_query(asked: ListQuery) -> str:
    """What a view keeps of a list: its query, and the unit even where only this browser has chosen it."""
    unit = asked.unit
    if unit is None and asked.has_money():
        unit = remembered_unit.remembered()
    # The unit stands last, after what everybody's address has.
    plain = replace(asked, unit=None, view=None).canonical()
    return plain if unit is None else f"{plain}{'&' if plain else ''}unit={unit.word}"


def is_changed(kept: str, query: str) -> bool:
    """Whether a list asks for something else than what was kept; the order in an address says nothing."""
    return sorted(parse_qsl(kept)) != sorted(parse_qsl(query))


def address(view: Any, query: str, number: int | None = None) -> str:
    """Where a list shows this query, and where it has one says which saved view it came from."""
    parts = [query] if query else []
    parts += [] if number is None else [f"{VIEW}={number}"]
    start = str(url_for(f"{view.endpoint}.index_view"))
    return f"{start}?{'&'.join(parts)}" if parts else start


def in_sidebar() -> tuple[tuple[str, str, bool], ...]:
    """Views of lists that the reader may see, for the main menu: name, address, and whether it is shown now."""
    views = current_person.signed_in().views
    if not views:
        # Most people have none, and which lists they may see is asked of every screen.
        return ()
    lists, here = open_lists(), view_number(request.args)
    return tuple(
        (name, str(url_for("views.open", key=number)), number == here)
        for number, name, path in views
        if path in lists
    )


def views_of(path: str, asked: ListQuery) -> Menu:
    """The menu of the list that is being shown; it asks the database only where the address names a view."""
    query = kept_query(asked)
    kept = _named(path, asked.view)
    named = "" if kept is None else f"&{VIEW}={kept.id}"
    return Menu(
        name=None if kept is None else kept.name,
        is_changed=kept is not None and is_changed(kept.query, query),
        content=f"{url_for('views.of', screen=path)}?{query}{named}",
        page=url_for("views.index", screen=path),
        save=f"{url_for('views.save', screen=path)}?{query}",
    )


def _named(path: str, view: int | None) -> SavedView | None:
    if view is None:
        return None
    try:
        kept = saved_views.seen(asker(), view)
    except saved_views.NoSuchView:
        return None
    return kept if kept.screen == path else None


# ---- What is shown, and how ---------------------------------------------------------------------------------


def units_of(asked: ListQuery, start: str, chosen: Unit, speech: Speech) -> list[Choice]:
    """The units to choose from where the list shows money."""
    if not asked.has_money():
        return []
    return [
        Choice(
            replace(asked, unit=unit).address(start),
            speech.say(unit.in_currency(asked.basis.currency)),
            unit is chosen,
        )
        for unit in units.UNITS.values()
    ]


def sizes(asked: ListQuery, start: str, speech: Speech) -> list[Choice]:
    """How many rows a page may have."""
    addresses = asked.sized(start)
    return [
        Choice(address, speech.gettext("%(count)s rows", count=size), size == asked.size)
        for size, address in addresses.items()
    ]


def sort_choices(plan: ListPlan, levels: Levels, speech: Speech) -> list[tuple[Markup, bool]]:
    """Of each of the menu's levels the options and whether it is descending; one more where one may follow."""
    shown = [*levels, Level("")] if len(levels) < orders.MOST and not plan.is_large else levels
    return [(_sort_options(plan, level.name, speech), level.is_descending) for level in shown]


@lru_cache(maxsize=KEPT)
def _sort_options(plan: ListPlan, chosen: str, speech: Speech) -> Markup:
    said = {"": "", **{name: speech.say(plan.label_of(name)) for name in plan.offered_sorts}}
    option = Markup('<option value="{}"{}>{}</option>')
    marks = {chosen: Markup(" selected")}
    return Markup().join(option.format(name, marks.get(name, ""), label) for name, label in said.items())


@lru_cache(maxsize=KEPT)
def column_choices(plan: ListPlan, shown: tuple[str, ...], speech: Speech) -> Markup:
    """What a list may show, with a tick at what it shows."""
    box = Markup('<label><input type="checkbox" name="columns" value="{}"{}> {}</label>\n')
    ticked = {name: Markup(" checked") for name in shown}
    return Markup().join(
        box.format(name, ticked.get(name, ""), speech.say(label)) for name, label in plan.offered.items()
    )
