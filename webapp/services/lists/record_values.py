"""Records as values: of a row what a page shows of it, and of those that it refers to what they are called by.

A list shows hundreds of records and changes none: without instances of models its page takes a seventh less time.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, inspect
from sqlalchemy.orm import aliased

from webapp import db
from webapp.naming import OWNER
from webapp.services.changes import row_codec

AT_HAND = "records at hand"
MakeRecord = Callable[[Sequence[Any]], Any]


@dataclass(frozen=True, slots=True)
class Reader:
    """How records of one kind are read: what is selected, what is joined for it, and how a row becomes a record.

    A record has its values by name, its `model` and the naming of that.
    """

    columns: tuple[Any, ...]
    joins: tuple[tuple[Any, Any], ...]
    make: MakeRecord

    def selected(self, statement: Select[Any]) -> Select[Any]:
        """The statement, which is of these records, with what is read of them."""
        for joined in self.joins:
            statement = statement.outerjoin(*joined)
        return statement.add_columns(*self.columns)


def reader(
    model: type[db.Base], columns: Iterable[str] = (), relations: Iterable[str] = (), entity: Any = None
) -> Reader:
    """Reads the key of a record, what its name reads, and these columns and relations of it, where it has them."""
    entity = model if entity is None else entity
    keys = [column.name for column in row_codec.key_columns(model)]
    names = list(dict.fromkeys((*keys, *sorted({*model.naming.columns, *columns}))))
    referred = _referred(model, entity, {*relations, OWNER} if model.naming.is_of_company else relations)
    kind = type(
        model.__name__,
        (namedtuple(model.__name__, (*names, *referred)),),
        {"__slots__": (), "model": model, "naming": model.naming},
    )
    others = [other for _joined, other in referred.values()]
    return Reader(
        (*(getattr(entity, name) for name in names), *(one for other in others for one in other.columns)),
        tuple(join for joined, other in referred.values() for join in (joined, *other.joins)),
        _maker(kind, len(names), others),
    )


def keep(records: Sequence[Any]) -> None:
    """Keep what a page shows at hand while its session lasts, as a session does with instances."""
    db.session.info[AT_HAND] = records


def at_hand() -> Iterator[Any]:
    """The records that the page shows, and those that they refer to."""
    return _with_referred(db.session.info.get(AT_HAND, ()))


def _with_referred(records: Iterable[Any]) -> Iterator[Any]:
    for record in records:
        yield record
        yield from _with_referred(value for value in record if hasattr(value, "model"))


def _referred(
    model: type[db.Base], entity: Any, names: Iterable[str]
) -> dict[str, tuple[tuple[Any, Any], Reader]]:
    """How the records are joined and read that one refers to, by what the relation is called."""
    relations = inspect(model).relationships
    read = {}
    for name in sorted({*names} & {*relations.keys()}):
        other = aliased(relations[name].mapper.class_)
        join = (other, getattr(entity, name).of_type(other))
        read[name] = (join, reader(relations[name].mapper.class_, entity=other))
    return read


def _maker(kind: Any, own: int, others: Sequence[Reader]) -> MakeRecord:
    """A record of so many values of its own and of others, which are None where it refers to none: all have a key."""
    parts, end = [], own
    for other in others:
        parts.append((end, end + len(other.columns), other.make))
        end += len(other.columns)

    def make(values: Sequence[Any]) -> Any:
        return kind._make(
            [
                *values[:own],
                *[None if values[start] is None else of(values[start:end]) for start, end, of in parts],
            ]
        )

    return make if parts else kind._make
