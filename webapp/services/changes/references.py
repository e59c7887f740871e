"""What refers to rows: of which model, and how many, counted only as far as it is asked."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, func, inspect, literal, or_, select

from webapp import db
from webapp.services.changes.row_codec import Key


def columns_to(model: type[db.Base]) -> Iterator[tuple[type[db.Base], list[tuple[Column[Any], Column[Any]]]]]:
    """Each model whose rows may refer to this one's, and the pairs of columns by which: ours and theirs."""
    for relation in inspect(model).relationships:
        if relation.direction.name == "ONETOMANY":
            pairs = [
                (local, remote)
                for local, remote in relation.local_remote_pairs
                if isinstance(local, Column) and isinstance(remote, Column)
            ]
            yield relation.mapper.class_, pairs


def to(model: type[db.Base], keys: Sequence[Key]) -> Iterator[tuple[type[db.Base], ColumnElement[bool]]]:
    """Each model whose rows may refer to these, and when one of its rows does; it takes a key of one column."""
    for child, pairs in columns_to(model):
        yield child, or_(*(remote.in_([key[0] for key in keys]) for _local, remote in pairs))


def count(model: type[db.Base], condition: ColumnElement[bool], *, up_to: int) -> int:
    """How many rows of a model are so; at most `up_to`, where counting ends."""
    some = select(literal(1)).select_from(model).where(condition).limit(up_to).subquery()
    return int(db.session.scalar(select(func.count()).select_from(some)) or 0)
