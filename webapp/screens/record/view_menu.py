"""What a list says of saved views: the query that one would keep, and the one that its address names."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import g, request, url_for

from webapp.models.saved_view import SavedView
from webapp.screens.record import registry
from webapp.screens.record.narrowing import TIDY
from webapp.services.lists import saved_views
from webapp.services.lists.saved_views import Asker
from webapp.web import current_person
from webapp.words import keys, units

# The name in an address of the view that it came from.
NAME = "view"


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
    return {path: view for path, view in views if view.may("index_view")}


def number(text: str | None) -> int | None:
    """The number of a view as typed in an address; None for anything that cannot be one."""
    key = keys.parse(SavedView, text)
    return None if key is None else int(key[0])


def asked() -> int | None:
    """The view that the address says it came from."""
    return number(request.args.get(NAME))


def in_address() -> dict[str, str]:
    """What every other address of a list carries on, so that it still knows the view that it came from."""
    wanted = asked()
    return {} if wanted is None else {NAME: str(wanted)}


def query_of(view: Any) -> str:
    """What a view keeps of a list: its query, and the unit even where only this browser has chosen it."""
    if "list_asked" not in g:
        view._get_list_extra_args()
    has_money = any(units.is_money(view.columns.get(name)) for name in g.list_columns)
    unit = units.chosen() if has_money else units.asked()
    # Names may come several times, so this is no dictionary.
    parts = [
        (name, text) for name, text in parse_qsl(view.canonical_query()) if name not in (NAME, units.NAME)
    ]
    return urlencode(parts if unit is None else [*parts, (units.NAME, unit.word)], safe=TIDY)


def is_changed(kept: str, query: str) -> bool:
    """Whether a list asks for something else than what was kept; the order in an address says nothing."""
    return sorted(parse_qsl(kept)) != sorted(parse_qsl(query))


def address(view: Any, query: str, number: int | None = None) -> str:
    """Where a list shows this query, and where it has one says which saved view it came from."""
    parts = [query] if query else []
    parts += [] if number is None else [f"{NAME}={number}"]
    start = str(url_for(f"{view.endpoint}.index_view"))
    return f"{start}?{'&'.join(parts)}" if parts else start


def of_a_list(view: Any) -> Menu:
    """The menu of the list that is being shown; it asks the database only where the address names a view."""
    query = query_of(view)
    kept = _named(view)
    named = "" if kept is None else f"&{NAME}={kept.id}"
    return Menu(
        name=None if kept is None else kept.name,
        is_changed=kept is not None and is_changed(kept.query, query),
        content=f"{url_for('views.of', screen=view.path)}?{query}{named}",
        page=url_for("views.index", screen=view.path),
        save=f"{url_for('views.save', screen=view.path)}?{query}",
    )


def _named(view: Any) -> SavedView | None:
    wanted = asked()
    if wanted is None:
        return None
    try:
        kept = saved_views.seen(asker(), wanted)
    except saved_views.NoSuchView:
        return None
    return kept if kept.screen == view.path else None
