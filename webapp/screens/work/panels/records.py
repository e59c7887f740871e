"""How many records of each kind there are."""

from collections.abc import Mapping
from typing import Any

from flask import url_for
from sqlalchemy import func, select, text

from webapp import db
from webapp.label import Label
from webapp.screens.record import registry
from webapp.screens.work.panel import Panel
from webapp.services.changes import row_codec
from webapp.web.current_person import Person
from webapp.web.speaking import speech

MENUS = ("Masters", "Statements", "Market data")
# Counting further costs more than it tells.
COUNTED_UP_TO = 10_000
ESTIMATES = text(
    "SELECT relname, reltuples::bigint FROM pg_class"
    " WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"
)


def read(_reader: Person) -> Mapping[str, Any]:
    """A tile for each list that the reader may see."""
    estimates = {str(row.relname): int(row.reltuples) for row in db.session.execute(ESTIMATES)}
    tiles = []
    for screen in registry.declared():
        view = registry.view_of(screen.model)
        if screen.menu in MENUS and "index_view" in view.allowed():
            tiles.append(
                {
                    "label": speech().say(screen.model.label),
                    "count": _about(screen.model, estimates),
                    "url": url_for(f"{view.endpoint}.index_view"),
                    "icon": screen.icon,
                }
            )
    return {"tiles": tiles}


def _about(model: type[db.Base], estimates: Mapping[str, int]) -> int | str:
    """Exact as far as is counted, as PostgreSQL last saw it beyond; it says -1 where it has never looked."""
    first_rows = select(row_codec.key_columns(model)[0]).limit(COUNTED_UP_TO + 1).subquery()
    number = int(db.session.scalar(select(func.count()).select_from(first_rows)) or 0)
    if number <= COUNTED_UP_TO:
        return number
    return f"≈ {max(estimates.get(row_codec.table_of(model).name, 0), number):,}"


PANEL = Panel(
    name="records",
    label=Label("登録件数", "Number of records"),
    part="last",
    place=10,
    template="home/records.html",
    read=read,
)
