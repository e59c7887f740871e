"""What records are called, as SQL: word for word what str() of them says, for statements that name millions."""

from typing import Any

from sqlalchemy import ColumnElement, Select, func, inspect, select

from webapp import db
from webapp.screens.record import registry
from webapp.services.changes import row_codec

# The relation whose record's name stands before that of a row which belongs to it.
OWNER = "company"


def names(model: type[db.Base]) -> Select[Any]:
    """The `key` and the `name` of every record that this reader may see; for tables with a key of one column."""
    view = registry.view_of(model)
    return _names(model) if view is None else view.visible(_names(model))


def _names(model: type[db.Base]) -> Select[Any]:
    (key,) = row_codec.key_columns(model)
    view = registry.view_of(model)
    parts = _own_parts(model, view)
    relation = inspect(model).relationships.get(OWNER)
    if relation is None or (view is not None and not view.is_named_by_company):
        return select(key.label("key"), _joined(parts).label("name"))
    owner = _names(relation.mapper.class_).subquery()
    (belongs_to,) = relation.local_columns
    named = select(key.label("key"), _joined([owner.c.name, *parts]).label("name"))
    return named.join(owner, owner.c.key == belongs_to)


def _own_parts(model: type[db.Base], view: Any) -> list[ColumnElement[Any]]:
    columns = row_codec.table_of(model).columns
    if view is None:
        return [
            columns[name]
            for name in model.label_fields or row_codec.table_of(model).primary_key.columns.keys()
        ]
    special = view.name_texts
    return [special[name](columns) if name in special else columns[name] for name in view.name_columns]


def _joined(parts: list[ColumnElement[Any]]) -> ColumnElement[Any]:
    """The parts that are there, with a space between them."""
    return func.concat_ws(" ", *parts)
