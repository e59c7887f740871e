"""What the rows of change sets are called now, for who does not read the names that were kept, which are Japanese."""

from collections.abc import Iterable
from typing import Any

from webapp import db
from webapp.lists import records
from webapp.models.change_set_item import ChangeSetItem
from webapp.services.changes import row_codec
from webapp.words import keys
from webapp.words.speech import Speech

# A row of any table: the table's name, and its key as items write it.
Row = tuple[str, str | None]
# Where a session, which lives as long as a request, keeps the names that were asked for.
KNOWN = "names-now"


def of_item(item: ChangeSetItem, speech: Speech) -> str:
    """What the row of an item is called; its kept name where it is gone."""
    return of_row((item.table_name, item.row_key), item.label_text, speech)


def of_row(row: Row, kept: str | None, speech: Speech) -> str:
    """What a row is called, and by its kept name in Japanese or where it is gone.

    The names of all items that the session holds come in one statement for each kind of record.
    """
    name = None if speech.is_japanese else _known(row, speech)
    return name or kept or row[1] or "—"


def _known(row: Row, speech: Speech) -> str | None:
    known: dict[Row, str | None] = db.session.info.setdefault(KNOWN, {})
    if row not in known:
        held = (one.__dict__ for one in db.session.identity_map.values() if isinstance(one, ChangeSetItem))
        rows = {
            (one["table_name"], one["row_key"]) for one in held if {"table_name", "row_key"} <= one.keys()
        }
        known |= _read({row, *rows} - known.keys(), speech)
    return known[row]


def _read(rows: Iterable[Row], speech: Speech) -> dict[Row, str | None]:
    """The names of rows with a key of one column; none of the others, and of those that are gone."""
    names: dict[Row, str | None] = dict.fromkeys(rows)
    by_model: dict[type[db.Base], dict[Any, Row]] = {}
    for row in names:
        model = row_codec.model_of(row[0])
        key = keys.parse(model, row[1])
        if key is not None and len(key) == 1:
            by_model.setdefault(model, {})[key[0]] = row
    for model, by_key in by_model.items():
        names |= {by_key[key]: name for key, name in records.names_of(model, by_key, speech).items()}
    return names
