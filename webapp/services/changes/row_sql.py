"""How the statements of this room speak of stored rows and of the items that are about them.

Names come from our own models, values from items and parameters: nothing of a user's is in a statement's text. In all
of them `i` is an item, and `t` the row that it is about.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import Column

from webapp import db
from webapp.models.columns import STAMPS
from webapp.services.changes import row_codec

MANY = 500
# So few rows are found one by one by whatever is written for a change set, and by all that follows from it.
FEW = 20
# Rows are found one by one by their keys, whatever the planner takes the tables for.
BY_KEY = {"enable_hashjoin": "off", "enable_mergejoin": "off", "enable_seqscan": "off"}
# Sorting and joining a million rows in memory; a transaction that does so takes it for itself.
WORK_MEMORY = "64MB"
# The items of a change set that are about one table.
OF_ITEMS = "i.change_set_id = :id AND i.table_name = :table"
Way = Mapping[str, str]
AS_USUAL: Way = {**dict.fromkeys(BY_KEY, "on"), "enable_nestloop": "on", "plan_cache_mode": db.PLANS}
# Triggers and foreign keys ask for each row that is written: planned anew each time, that took longer than all else.
PER_ROW = {"plan_cache_mode": "auto"}
AT_ONCE: Way = {**AS_USUAL, **PER_ROW, "enable_nestloop": "off"}
ONE_BY_ONE: Way = {**AS_USUAL, **PER_ROW, "enable_seqscan": "off"}
# What is worked out for some row fits any other: PostgreSQL plans once in a connection what each save needs.
ONCE: Way = {**AS_USUAL, "plan_cache_mode": "force_generic_plan"}
OF_FEW: Way = {**ONCE, **BY_KEY}


@dataclass(frozen=True, slots=True)
class _Planning:
    """How PostgreSQL plans now, and which settings of ours hold as long."""

    way: Way
    ours: dict[str, str] = field(default_factory=dict)


USUALLY = _Planning(AS_USUAL)
_now: ContextVar[_Planning] = ContextVar("how PostgreSQL plans now", default=USUALLY)


@contextmanager
def planned_for(number: int, also: Mapping[str, str] | None = None) -> Iterator[None]:
    """Let PostgreSQL plan for so many items: few find their rows by key, many are joined at once.

    `also`: settings of ours, for as long.

    Whatever the planner remembers of tables that have just been filled. With statistics from when they were empty it
    compared every item with every row instead, 30 s for a list of companies.
    """
    way = AT_ONCE if number > MANY else ONE_BY_ONE
    with _planned(_unless_few(way) if number <= MANY else way, also or {}):
        yield


@contextmanager
def planned_for_few(also: Mapping[str, str] | None = None) -> Iterator[None]:
    """Let PostgreSQL plan for FEW rows, once in a connection; inside, what is few enough stays so. `also`: as above."""
    with _planned(OF_FEW, also or {}):
        yield


@contextmanager
def planned_for_few_to_the_end() -> Iterator[None]:
    """The same for all that is left of a transaction: its end puts all settings back, and nothing is sent for that."""
    with _planned(OF_FEW, {}, is_to_the_end=True):
        yield


def is_for_few() -> bool:
    """Whether PostgreSQL plans for FEW rows now."""
    return _now.get().way is OF_FEW


def know(settings: Mapping[str, str]) -> None:
    """Know of settings of ours that a statement has set by the way: they hold as long as the plans for FEW rows do."""
    assert is_for_few()
    _now.get().ours.update(settings)


@contextmanager
def planned_once() -> Iterator[None]:
    """Let PostgreSQL plan a statement once in a connection, of which planning takes longer than what it does.

    Kept from the first time on: of the rules of accounting alone there is one for each set of figures that is edited,
    and each connection planned each of them five times.
    """
    with _planned(_unless_few(ONCE), {}), db.prepared_at_once():
        yield


def _unless_few(way: Way) -> Way:
    return OF_FEW if is_for_few() else way


@contextmanager
def _planned(way: Way, also: Mapping[str, str], *, is_to_the_end: bool = False) -> Iterator[None]:
    outer, inner = _now.get(), _Planning(way, dict(also))
    token = _now.set(inner)
    try:
        _set({**_differing(outer.way, way), **_differing(outer.ours, also)})
        yield
    finally:
        _now.reset(token)
    # Of what has failed nothing is left to be set.
    if way is OF_FEW and outer.way is OF_FEW:
        outer.ours.update(inner.ours)
    elif not is_to_the_end or db.is_within_another_transaction():
        _set({**_differing(way, outer.way), **dict.fromkeys(inner.ours, "")})


def _differing(outer: Mapping[str, str], inner: Mapping[str, str]) -> Mapping[str, str]:
    return {name: value for name, value in inner.items() if outer.get(name) != value}


def _set(settings: Mapping[str, str]) -> None:
    if settings:
        db.set_locally(settings)


def quoted(column: Column[Any]) -> str:
    """A column's name as SQL writes it."""
    return '"' + column.name + '"'


def same_row(model: type[db.Base], row: str = "t") -> str:
    """The condition that a row is the one that the item `i` is about."""
    columns = row_codec.key_columns(model)
    if len(columns) == 1:
        return f"{row}.{quoted(columns[0])} = i.row_key::{columns[0].type}"
    parts = (
        f"{row}.{quoted(column)} = split_part(i.row_key, ',', {place})::{column.type}"
        for place, column in enumerate(columns, start=1)
    )
    return " AND ".join(parts)


def key_of(model: type[db.Base], row: str) -> str:
    """A row's key as items hold it."""
    return " || ',' || ".join(f"{row}.{quoted(column)}::text" for column in row_codec.key_columns(model))


def in_order(model: type[db.Base], row: str = "t") -> str:
    """The order in which everybody locks rows, so that two who want the same ones do not wait for each other."""
    return ", ".join(f"{row}.{quoted(column)}" for column in row_codec.key_columns(model))


def is_there(model: type[db.Base], row: str = "t") -> str:
    """The condition that an outer join has found the row."""
    return f"{row}.{quoted(row_codec.key_columns(model)[0])} IS NOT NULL"


def as_json(model: type[db.Base], row: str = "t") -> str:
    """What a change set may write of a row, as items hold it: exact numbers are text, which Python reads exactly."""
    left_out = [*STAMPS, *(c.name for c in row_codec.key_columns(model) if c.identity is not None)]
    exact = [c for c in row_codec.curated_columns(model) if c.type.python_type is Decimal]
    whole = f"(to_jsonb({row}) - {_array(map(_text, left_out))})"
    if not exact:
        return whole
    names = _array(_text(column.name) for column in exact)
    return (
        f"({whole} || jsonb_object({names}, {_array(f'{row}.{quoted(column)}::text' for column in exact)}))"
    )


def holds(model: type[db.Base], fields: str, row: str = "t") -> str:
    """The condition that a row holds these fields, JSON in SQL, but for those that nobody heeds."""
    unheeded = row_codec.unheeded_names(model)
    kept = f"({fields} - {_array(map(_text, sorted(unheeded)))})" if unheeded else fields
    return f"jsonb_populate_record({row}, {kept}) IS NOT DISTINCT FROM {row}"


def array_of(names: frozenset[str]) -> str:
    """Names of columns as an array of text."""
    return _array(map(_text, sorted(names)))


def _text(name: str) -> str:
    return f"'{name}'"


def _array(parts: Iterable[str]) -> str:
    return f"ARRAY[{', '.join(parts)}]::text[]"
