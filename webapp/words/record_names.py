"""What records are called, for statements: the loader options that a name needs, and the name as SQL for millions."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, func, inspect, select
from sqlalchemy.orm import joinedload, load_only

from webapp import db
from webapp.naming import OWNER
from webapp.services.changes import row_codec
from webapp.services.lists import record_values
from webapp.words.speech import Speech

# Making options anew costs a page as much as its SQL; screens and choices of columns make some hundreds.
KEPT = 1000


def only(model: type[db.Base], *, also: Iterable[str] = ()) -> Any:
    """Load just the key, what the name of a record reads, and these columns; reading another one raises."""
    names = {*model.naming.columns, *also}
    names |= {column.name for column in row_codec.key_columns(model)}
    return _only(model, tuple(sorted(names)))


def joined(model: type[db.Base], names: Iterable[str] | None = None) -> tuple[Any, ...]:
    """Load the records that a record refers to in the same statement, as far as their names need; all or some."""
    return _joined(model, None if names is None else frozenset(names))


def loading(model: type[db.Base]) -> list[Any]:
    """Loader options for the name of a record: its own columns and its company's name."""
    return [only(model), *joined(model, (OWNER,) if model.naming.is_of_company else ())]


def of(record: db.Base, speech: Speech) -> str:
    """What a loaded record is called in a language."""
    return record.naming.of_record(record, speech.language)


def with_value(model: type[db.Base], name: str, value: Any, speech: Speech) -> str | None:
    """What the record is called that has this value in a column that tells records apart; None where there is none.

    A page that shows such records has read it; otherwise it is asked for.
    """
    records = (one for one in _read_already() if one.model is model)
    record = next((one for one in records if _value_of(one, name) == value), None)
    if record is None:
        column = row_codec.table_of(model).columns[name]
        asked = select(model).where(column == value).options(*loading(model)).limit(1)
        record = db.session.scalars(asked).first()
    return None if record is None else of(record, speech)


def _read_already() -> Iterator[Any]:
    yield from record_values.at_hand()
    yield from db.session.identity_map.values()


def _value_of(record: Any, name: str) -> Any:
    """What has been read of it: nothing more is."""
    return record.__dict__.get(name) if isinstance(record, db.Base) else getattr(record, name, None)


def as_sql(model: type[db.Base], speech: Speech) -> Select[Any]:
    """The `key` and the `name` of every record of a table with a key of one column: word for word what `of` says."""
    (key,) = row_codec.key_columns(model)
    columns = row_codec.table_of(model).columns
    words: list[ColumnElement[Any]] = [
        part.sql(*(columns[name] for name in part.columns)) for part in model.naming.parts_in(speech.language)
    ]
    if not model.naming.is_of_company:
        return select(key.label("key"), func.concat_ws(" ", *words).label("name"))
    relation = inspect(model).relationships[OWNER]
    owner = as_sql(relation.mapper.class_, speech).subquery()
    (belongs_to,) = relation.local_columns
    named = select(key.label("key"), func.concat_ws(" ", owner.c.name, *words).label("name"))
    return named.join(owner, owner.c.key == belongs_to)


def code_and_rest(model: type[db.Base], speech: Speech) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """The code that leads the names of a table as `code`, and the name without it as `bare`, beside `as_sql`."""
    columns = row_codec.table_of(model).columns
    parts = model.naming.parts_in(speech.language)
    code, *others = (part.sql(*(columns[name] for name in part.columns)) for part in parts)
    return code.label("code"), func.concat_ws(" ", *others).label("bare")


@lru_cache(maxsize=KEPT)
def _only(model: type[db.Base], names: tuple[str, ...]) -> Any:
    return load_only(*(getattr(model, name) for name in names), raiseload=True)


@lru_cache(maxsize=KEPT)
def _joined(model: type[db.Base], names: frozenset[str] | None) -> tuple[Any, ...]:
    options = []
    for relation in inspect(model).relationships:
        if relation.direction.name == "MANYTOONE" and (names is None or relation.key in names):
            target = relation.mapper.class_
            options.append(joinedload(getattr(model, relation.key)).options(*loading(target)))
    return tuple(options)
