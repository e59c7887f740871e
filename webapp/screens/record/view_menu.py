"""What a list says of saved views: the query that one would keep, and the one that its address names."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl

from flask import request, url_for

from webapp.lists.query import VIEW, ListQuery, view_number
from webapp.models.saved_view import SavedView
from webapp.screens.record import registry
from webapp.services.lists import saved_views
from webapp.services.lists.saved_views import Asker
from webapp.web import current_person, remembered_unit
from webapp.words import keys


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


def of_a_list(path: str, asked: ListQuery) -> Menu:
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
