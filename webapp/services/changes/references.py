"""How tables refer to each other: what refers to a row, and what comes before what."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Column, ColumnElement, func, inspect, literal, or_, select
from sqlalchemy.schema import sort_tables

from webapp import db
from webapp.models.columns import Curated
from webapp.services.changes import row_codec
from webapp.services.changes.row_codec import Key

Of = TypeVar("Of")


def columns_to(model: type[db.Base]) -> Iterator[tuple[type[db.Base], list[tuple[Column[Any], Column[Any]]]]]:
    """Each model whose rows may refer to this one's, and the pairs of columns by which: ours and theirs."""
    for relation in inspect(model).relationships:
        if relation.direction.name == "ONETOMANY":
            pairs = [
                (local, remote)
                for local, remote in relation.local_remote_pairs
                if isinstance(local, Column) and isinstance(remote, Column)
            ]
            # What is derived goes with its row, and stands in nobody's way.
            if not any(key.ondelete == "CASCADE" for _local, remote in pairs for key in remote.foreign_keys):
                yield relation.mapper.class_, pairs


def to(model: type[db.Base], keys: Sequence[Key]) -> Iterator[tuple[type[db.Base], ColumnElement[bool]]]:
    """Each model whose rows may refer to these, and when one of its rows does; it takes a key of one column."""
    for child, pairs in columns_to(model):
        yield child, or_(*(remote.in_([key[0] for key in keys]) for _local, remote in pairs))


def count(model: type[db.Base], condition: ColumnElement[bool], *, up_to: int) -> int:
    """How many rows of a model are so; at most `up_to`, where counting ends."""
    some = select(literal(1)).select_from(model).where(condition).limit(up_to).subquery()
    return int(db.session.scalar(select(func.count()).select_from(some)) or 0)


@cache
def curated() -> tuple[type[db.Base], ...]:
    """The models of the curated tables, those that others refer to first; read from the foreign keys."""
    models: list[type[db.Base]] = [mapper.class_ for mapper in db.Base.registry.mappers]
    by_table = {row_codec.table_of(model): model for model in models if issubclass(model, Curated)}
    by_name = sorted(by_table, key=lambda table: table.name)
    return tuple(by_table[table] for table in sort_tables(by_name))


def sorted_by(ones: Iterable[Of], model_of: Callable[[Of], type[db.Base]]) -> list[Of]:
    """What is of these models in the order of their tables; of one table in the order in which it came."""
    in_turn = list(ones)
    if len({model_of(one) for one in in_turn}) < 2:
        return in_turn
    return sorted(in_turn, key=lambda one: curated().index(model_of(one)))
