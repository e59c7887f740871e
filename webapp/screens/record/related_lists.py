"""What belongs to a record: links to other screens' lists, narrowed to it, with bounded counts."""

from collections.abc import Sequence
from typing import Any

from flask import url_for
from sqlalchemy import func, literal, select
from sqlalchemy.orm import InstrumentedAttribute

from webapp import db
from webapp.lists.counting import COUNTED_UP_TO
from webapp.screens.record import registry
from webapp.web import speaking


def lists(
    asked: str, value: str, references: Sequence[tuple[InstrumentedAttribute[Any], Any]]
) -> list[dict[str, Any]]:
    """For each reference (column, key of the record): label, url, count. `asked` names the filter of those lists."""
    found = []
    narrowed: dict[str, Any] = {f"flt0_{asked}": value}
    for column, key in references:
        model: Any = column.class_
        view = registry.view_of(model)
        if view is None or "index_view" not in view.allowed():
            continue
        number = _count(column, key)
        found.append(
            {
                "label": speaking.say(model.label),
                "url": url_for(f"{view.endpoint}.index_view", **narrowed),
                "count": f"{number:,}" + ("+" if number == COUNTED_UP_TO else ""),
            }
        )
    return found


def _count(column: InstrumentedAttribute[Any], key: Any) -> int:
    some = select(literal(1)).where(column == key).limit(COUNTED_UP_TO).subquery()
    return int(db.session.scalar(select(func.count()).select_from(some)) or 0)
