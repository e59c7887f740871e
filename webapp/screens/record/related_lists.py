"""What belongs to a record: links to other screens' lists, narrowed to it, with bounded counts."""

from collections.abc import Sequence
from typing import Any

from flask import url_for
from sqlalchemy.orm import InstrumentedAttribute

from webapp.lists.counting import COUNTED_UP_TO
from webapp.screens.record import registry
from webapp.services.changes import references
from webapp.web.speaking import speech


def lists(
    asked: str, value: str, columns: Sequence[tuple[InstrumentedAttribute[Any], Any]]
) -> list[dict[str, Any]]:
    """For each reference (column, key of the record): label, url, count. `asked` names the filter of those lists."""
    links = []
    narrowed: dict[str, Any] = {f"flt0_{asked}": value}
    for column, key in columns:
        model: Any = column.class_
        view = registry.view_of(model)
        if view is None or "index_view" not in view.allowed():
            continue
        number = references.count(model, column == key, up_to=COUNTED_UP_TO)
        links.append(
            {
                "label": speech().say(model.label),
                "url": url_for(f"{view.endpoint}.index_view", **narrowed),
                "count": f"{number:,}" + ("+" if number == COUNTED_UP_TO else ""),
            }
        )
    return links
