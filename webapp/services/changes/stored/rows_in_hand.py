"""Rows that a page has just read and somebody is about to change: kept from others, and not read once more."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Select, TextClause, inspect, text
from sqlalchemy.orm import InstanceState

from webapp import db
from webapp.services.changes import row_codec, row_sql
from webapp.services.changes.row_codec import Key

VERSION = "version"
Row = Mapping[str, Any]


def locking(model: type[db.Base], rows: Select[Any]) -> Select[Any]:
    """The same rows, kept from others until the transaction ends.

    In one order, so that two who want the same rows do not wait for each other.
    """
    return rows.order_by(*row_codec.key_columns(model)).with_for_update(key_share=True)


def locked(model: type[db.Base], keys: Sequence[Key]) -> dict[Key, Row]:
    """Those of these few rows that are as this session has read them: each still has its version once it is locked."""
    if len(keys) > row_sql.FEW or not (in_hand := dict(_read_before(model, keys))):
        return {}
    numbers = [number for (number,) in in_hand]
    versions = {
        (number,): version for number, version in db.session.execute(_versions(model), {"keys": numbers})
    }
    return {key: row for key, row in in_hand.items() if versions.get(key) == row[VERSION]}


@cache
def _versions(model: type[db.Base]) -> TextClause:
    """Locks rows in the same order; as text, which takes a third of the time here."""
    (key,) = row_codec.key_columns(model)
    return text(
        f"SELECT t.{key.name}, t.{VERSION} FROM {row_codec.table_of(model).name} t WHERE t.{key.name} = ANY(:keys)"
        f" ORDER BY {row_sql.in_order(model)} FOR NO KEY UPDATE"
    )


def _read_before(model: type[db.Base], keys: Sequence[Key]) -> Iterator[tuple[Key, Row]]:
    """Those that the session holds, whole and as they were stored; rows of several key columns are short."""
    if len(row_codec.key_columns(model)) > 1:
        return
    mapper = row_codec.mapper_of(model)
    names, values_of = _columns(model)
    for key in keys:
        record = db.session.identity_map.get(mapper.identity_key_from_primary_key(key))
        state: InstanceState[Any] | None = None if record is None else inspect(record)
        if state is not None and not state.modified and state.unloaded.isdisjoint(names):
            yield key, dict(zip(names, values_of(state.dict), strict=True))


@cache
def _columns(model: type[db.Base]) -> tuple[Sequence[str], Callable[[Mapping[str, Any]], Sequence[Any]]]:
    """The names of a table's columns, under which models have them, too, and how to take their values."""
    names = list(row_codec.table_of(model).columns.keys())
    return names, itemgetter(*names)
