"""What the rows of change sets are called now, for who does not read the names that were kept, which are Japanese."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from webapp import db
from webapp.lists import records
from webapp.models.change_set_item import ChangeSetItem
from webapp.models.company import Company
from webapp.rules import change
from webapp.services.changes import row_codec
from webapp.words import keys
from webapp.words.speech import Speech

# A row of any table: the table's name, and its key as items write it.
Row = tuple[str, str | None]
# Where a session, which lives as long as a request, keeps the names that were asked for.
KNOWN = "names-now"
# Where an item holds a whole row.
WHOLE = {change.CREATE: "after", change.DELETE: "before"}


def of_item(item: ChangeSetItem, speech: Speech) -> str:
    """What the row of an item is called; where it is not there, by what the item adds or deletes, or its kept name."""
    row = (item.table_name, item.row_key)
    if not speech.is_japanese and _known(row, speech) is None and (values := _whole(item.__dict__)):
        return _of_values(row_codec.model_of(item.table_name), values, speech) or of_row(
            row, item.label_text, speech
        )
    return of_row(row, item.label_text, speech)


def of_row(row: Row, kept: str | None, speech: Speech) -> str:
    """What a row is called, and by its kept name in Japanese or where it is gone.

    The names of all items that the session holds come in one statement for each kind of record.
    """
    name = None if speech.is_japanese else _known(row, speech)
    return name or kept or row[1] or "—"


def _known(row: Row, speech: Speech) -> str | None:
    known: dict[Row, str | None] = db.session.info.setdefault(KNOWN, {})
    if row not in known:
        items = (one.__dict__ for one in db.session.identity_map.values() if isinstance(one, ChangeSetItem))
        held = [one for one in items if {"table_name", "row_key"} <= one.keys()]
        rows = {(one["table_name"], one["row_key"]) for one in held}
        owners = {owner for one in held if (owner := _owner(_whole(one))) is not None}
        known |= _read({row, *rows, *owners} - known.keys(), speech)
    return known[row]


def _whole(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """All values of a row that an item adds or deletes, where they are loaded; of others an item holds a few."""
    side = WHOLE.get(item.get("action", ""))
    return (item.get(side) if side else None) or {}


def _owner(values: Mapping[str, Any]) -> Row | None:
    key = values.get("company_id")
    return None if key is None else (Company.__tablename__, str(key))


def _of_values(model: type[db.Base], values: Mapping[str, Any], speech: Speech) -> str:
    owner = _owner(values)
    leading = "" if owner is None else _known(owner, speech)
    if leading is None:
        return ""
    return model.naming.of_values(row_codec.decode(model, values), leading, speech.language)


def _read(rows: Iterable[Row], speech: Speech) -> dict[Row, str | None]:
    """The names of rows; none of those that are gone, and of those of several columns that more than the key names."""
    names: dict[Row, str | None] = dict.fromkeys(rows)
    by_model: dict[type[db.Base], dict[Any, Row]] = {}
    for row in names:
        model = row_codec.model_of(row[0])
        key = keys.parse(model, row[1])
        if key is not None:
            by_model.setdefault(model, {})[key if len(key) > 1 else key[0]] = row
    for model, by_key in by_model.items():
        names_of = _names if len(row_codec.key_columns(model)) == 1 else _named_by_keys
        names |= {by_key[key]: name for key, name in names_of(model, by_key, speech).items()}
    return names


def _names(model: type[db.Base], keys: Iterable[Any], speech: Speech) -> dict[Any, str]:
    """What rows are called beside those of other companies, as items keep it: led by the company that is theirs."""
    names = records.names_of(model, keys, speech)
    owner = row_codec.table_of(model).columns.get("company_id")
    if owner is None or model.naming.is_of_company or not names:
        return names
    (key,) = row_codec.key_columns(model)
    owners = {row[0]: row[1] for row in db.session.execute(select(key, owner).where(key.in_(names)))}
    companies = records.names_of(Company, owners.values(), speech)
    return {one: f"{companies.get(owners.get(one), '')} {name}".strip() for one, name in names.items()}


def _named_by_keys(model: type[db.Base], keys: Iterable[tuple[Any, ...]], speech: Speech) -> dict[Any, str]:
    """What rows are called of which a key of several columns says it all, such as a company's price of a day."""
    columns = [column.name for column in row_codec.key_columns(model)]
    if "company_id" not in columns or not model.naming.columns <= set(columns):
        return {}
    values = {key: dict(zip(columns, key, strict=True)) for key in keys}
    companies = records.names_of(Company, (one["company_id"] for one in values.values()), speech)
    return {
        key: model.naming.of_values(one, companies[one["company_id"]], speech.language)
        for key, one in values.items()
        if one["company_id"] in companies
    }
