"""How many records of each kind there are."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from sqlalchemy import Select, func, literal, select, text, union_all

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
    shown = [
        (screen, view)
        for screen in registry.declared()
        if screen.menu in MENUS and "index_view" in (view := registry.view_of(screen.model)).allowed()
    ]
    counts = _counts([screen.model for screen, _view in shown])
    return {
        "tiles": [
            {
                "label": speech().say(screen.model.label),
                "count": counts[row_codec.table_of(screen.model).name],
                "url": url_for(f"{view.endpoint}.index_view"),
                "icon": screen.icon,
            }
            for screen, view in shown
        ]
    }


def _counts(models: Sequence[type[db.Base]]) -> dict[str, int | str]:
    """By table, exact as far as is counted, as PostgreSQL last saw it beyond; it says -1 where it has never looked."""
    if not models:
        return {}
    numbers = {
        str(name): int(number) for name, number in db.session.execute(union_all(*map(_counted, models)))
    }
    if max(numbers.values()) <= COUNTED_UP_TO:
        return {**numbers}
    estimates = {str(row.relname): int(row.reltuples) for row in db.session.execute(ESTIMATES)}
    return {
        name: number if number <= COUNTED_UP_TO else f"≈ {max(estimates.get(name, 0), number):,}"
        for name, number in numbers.items()
    }


def _counted(model: type[db.Base]) -> Select[str, int]:
    first_rows = select(row_codec.key_columns(model)[0]).limit(COUNTED_UP_TO + 1).subquery()
    return select(literal(row_codec.table_of(model).name), func.count()).select_from(first_rows)


PANEL = Panel(
    name="records",
    label=Label("登録件数", "Number of records"),
    part="last",
    place=10,
    template="home/records.html",
    read=read,
)
