"""What refers to what: the record behind a foreign key, and the relation that goes over it."""

from functools import cache
from typing import Any

from sqlalchemy import Column, Table, inspect

from webapp import db


@cache
def target_of(column: Column[Any]) -> type[db.Base]:
    """The model that a foreign key of a single column points at."""
    (key,) = column.foreign_keys
    return _model_of(key.column.table)


@cache
def relation_of(column: Column[Any]) -> str | None:
    """The name of the relation that goes over a foreign key of a single column."""
    assert isinstance(column.table, Table)
    for relation in inspect(_model_of(column.table)).relationships:
        if relation.direction.name == "MANYTOONE" and relation.local_columns == {column}:
            return str(relation.key)
    return None


def _model_of(table: Any) -> type[db.Base]:
    return next(mapper.class_ for mapper in db.Base.registry.mappers if mapper.local_table is table)
