"""Encode a row's values as JSON that PostgreSQL reads back into the same types, and find a row by its key."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, UniqueConstraint, and_, inspect, tuple_
from sqlalchemy.orm import Mapper

from webapp import db
from webapp.models.columns import STAMPS

Key = tuple[Any, ...]
# Rows as they are, by key.
Stored = Mapping[Key, Mapping[str, Any]]


def mapper_of(model: type[db.Base]) -> Mapper[Any]:
    """The mapping of a model."""
    return inspect(model)


@cache
def table_of(model: type[db.Base]) -> Table:
    """The table behind a model."""
    table = mapper_of(model).local_table
    assert isinstance(table, Table)
    return table


def model_of(table_name: str) -> type[db.Base]:
    """The model whose table has this name; raises KeyError."""
    for mapper in db.Base.registry.mappers:
        if isinstance(mapper.local_table, Table) and mapper.local_table.name == table_name:
            return mapper.class_
    raise KeyError(table_name)


@cache
def key_columns(model: type[db.Base]) -> tuple[Column[Any], ...]:
    """The columns of the primary key, in order."""
    return tuple(table_of(model).primary_key.columns)


@cache
def curated_columns(model: type[db.Base]) -> tuple[Column[Any], ...]:
    """The columns that a change set may write: all but the stamps, a counted-up key and what PostgreSQL works out."""
    columns = table_of(model).columns
    return tuple(c for c in columns if c.name not in STAMPS and c.identity is None and c.computed is None)


@cache
def folded_columns(model: type[db.Base]) -> frozenset[str]:
    """The columns that follow from a name: nobody types them, and they change where names are folded anew."""
    return frozenset(c.name for c in table_of(model).columns if "folds" in c.info)


@cache
def is_counted(model: type[db.Base]) -> bool:
    """Whether the database counts the key up."""
    return any(column.identity is not None for column in key_columns(model))


@cache
def derived_names(model: type[db.Base]) -> frozenset[str]:
    """The columns that follow from others: those that the model's rules derive from a row where every text is given."""
    derive = getattr(getattr(model, "rules", None), "derive", None)
    texts = {column.name: column.name for column in curated_columns(model) if column.type.python_type is str}
    return frozenset(derive(texts)) if derive is not None else frozenset()


@cache
def unheeded_names(model: type[db.Base]) -> frozenset[str]:
    """The columns that are no change of a record by themselves: what follows from others, and where figures stand."""
    return derived_names(model) | {c.name for c in curated_columns(model) if c.name == "sources"}


@cache
def identifying_names(model: type[db.Base]) -> frozenset[str]:
    """The columns on which it depends whether a row may stand beside the others: those of keys that are unique.

    Those that say for which rows such a key holds are among them.
    """
    table = table_of(model)
    names = {column.name for column in table.primary_key.columns}
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint):
            names |= {column.name for column in constraint.columns}
    for index in table.indexes:
        if index.unique:
            names |= {column.name for column in index.columns}
            condition = str(index.dialect_options["postgresql"]["where"])
            names |= {column.name for column in table.columns if re.search(rf"\b{column.name}\b", condition)}
    return frozenset(names)


@cache
def exclusive_flag(model: type[db.Base]) -> str | None:
    """The flag that one row at most of those that share a key may have: what lets go of it is written first."""
    flags = {column.name for column in table_of(model).columns if column.type.python_type is bool}
    conditions = (
        str(index.dialect_options["postgresql"]["where"]) for index in table_of(model).indexes if index.unique
    )
    return next((condition for condition in conditions if condition in flags), None)


@cache
def references_to_itself(model: type[db.Base]) -> Mapping[str, str]:
    """The foreign keys by which rows of a table refer to others of it, by their names: each with its column."""
    table = table_of(model)
    own = [key for key in table.foreign_key_constraints if key.referred_table is table]
    return {str(key.name): key.column_keys[0] for key in sorted(own, key=lambda key: str(key.name))}


def default_of(column: Column[Any]) -> Any:
    """What a column holds in a new row where nobody says anything; None where it has no default of ours."""
    if column.default is None:
        return None
    default = column.default.arg  # type: ignore[attr-defined]  # our defaults are plain values or dict/list
    return default(None) if callable(default) else default


def key_of(model: type[db.Base], row: Mapping[str, Any]) -> Key:
    """The key of a row given as a mapping."""
    return tuple(row[column.name] for column in key_columns(model))


def row_key(key: Key) -> str:
    """A key as text: its values joined by commas, as the history triggers write it."""
    return ",".join(str(to_json(value)) for value in key)


def key_from(model: type[db.Base], text: str) -> Key:
    """The key that `row_key` wrote; raises ValueError."""
    parts = zip(key_columns(model), text.split(","), strict=True)
    return tuple(
        int(part) if column.type.python_type is int else _typed(column.type.python_type, part)
        for column, part in parts
    )


def has_key(model: type[db.Base], keys: Sequence[Key]) -> ColumnElement[bool]:
    """The condition that a row's key is one of these."""
    columns = key_columns(model)
    if len(columns) == 1:
        return columns[0].in_([key[0] for key in keys])
    if len(keys) == 1:
        return and_(*(column == value for column, value in zip(columns, keys[0], strict=True)))
    return tuple_(*columns).in_(keys)


def to_json(value: Any) -> Any:
    """One value as JSON: exact numbers and dates as text, the rest as it is."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value


def encode(values: Mapping[str, Any]) -> dict[str, Any]:
    """A row's values as JSON."""
    return {name: to_json(value) for name, value in values.items()}


def decode(model: type[db.Base], values: Mapping[str, Any]) -> dict[str, Any]:
    """What `encode`, or PostgreSQL's to_jsonb, wrote, as typed values; names that are no columns are left out."""
    kinds = _kinds(model)
    return {name: _typed(kinds[name], value) for name, value in values.items() if name in kinds}


@cache
def _kinds(model: type[db.Base]) -> Mapping[str, type[Any]]:
    """What values are of each column."""
    return {column.name: column.type.python_type for column in table_of(model).columns}


def _typed(kind: type[Any], value: Any) -> Any:
    if value is None:
        return None
    if kind is Decimal:
        return Decimal(str(value))
    if kind is datetime:
        return datetime.fromisoformat(value)
    if kind is date:
        return date.fromisoformat(value)
    return value
