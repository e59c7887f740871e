"""The order of the curated tables: what others refer to comes before what refers to it."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import TypeVar

from sqlalchemy.schema import sort_tables

from webapp import db
from webapp.models.columns import Curated
from webapp.services.changes import row_codec

Of = TypeVar("Of")


@cache
def curated() -> tuple[type[db.Base], ...]:
    """The models of the curated tables, those that others refer to first; read from the foreign keys."""
    models: list[type[db.Base]] = [mapper.class_ for mapper in db.Base.registry.mappers]
    by_table = {row_codec.table_of(model): model for model in models if issubclass(model, Curated)}
    by_name = sorted(by_table, key=lambda table: table.name)
    return tuple(by_table[table] for table in sort_tables(by_name))


def sorted_by(things: Iterable[Of], model_of: Callable[[Of], type[db.Base]]) -> list[Of]:
    """Things of these models in the order of their tables; those of one table stay in the order in which they came."""
    in_turn = list(things)
    if len({model_of(thing) for thing in in_turn}) < 2:
        return in_turn
    return sorted(in_turn, key=lambda thing: curated().index(model_of(thing)))
