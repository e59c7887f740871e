"""How the values of a change set are spread: of words how often each, before and after; of figures the range."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, Column, Numeric, Text, cast, column, func, select, true
from sqlalchemy.dialects.postgresql import ARRAY

from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.change_set_item import ChangeSetItem
from webapp.rules.fields import OneOf
from webapp.screens.record import displayed_values
from webapp.services.changes import row_codec
from webapp.web.speaking import speech
from webapp.words import labels, statement_labels

# The most frequent of each field; what is rarer is counted together.
MOST_VALUES = 8
FIGURES = (int, Decimal, date)


@dataclass(frozen=True, slots=True)
class Spread:
    """One field: how many records have which value before and after, and how many others there are."""

    label: str
    values: Sequence[tuple[Any, Any, int]]
    others: int


@dataclass(frozen=True, slots=True)
class Range:
    """One field: how many records have a value, and the smallest, the middle and the largest."""

    label: str
    number: int
    values: Sequence[Any]


def spreads(change_set: ChangeSet) -> list[Spread]:
    """The fields of words and of yes and no."""
    columns = _columns(change_set)
    words = [name for name, one in columns.items() if isinstance(one.type, Boolean) or _is_of_words(one)]
    rows = db.session.execute(_pairs(change_set, words)).all()
    by_field: dict[str, list[tuple[Any, Any, int]]] = {}
    for name, before, after, number in rows:
        by_field.setdefault(name, []).append((before, after, number))
    # What is blank and stays blank says nothing.
    with_values = {
        name for name, pairs in by_field.items() if any(pair[:2] != (None, None) for pair in pairs)
    }
    return [_spread(columns[name], by_field[name]) for name in words if name in with_values]


def ranges(change_set: ChangeSet) -> Iterator[Range]:
    """The fields of figures and days; a reference is neither."""
    columns = _columns(change_set)
    is_date = {name: one.type.python_type is date for name, one in columns.items()}
    figures = [
        name for name, one in columns.items() if one.type.python_type in FIGURES and not one.foreign_keys
    ]
    for of_days in (False, True):
        names = [name for name in figures if is_date[name] is of_days]
        for row in db.session.execute(_ends(change_set, names, of_days=of_days)).all() if names else ():
            typed = [row_codec.decode(_model(change_set), {row.name: str(end)})[row.name] for end in row[2:]]
            shown = displayed_values.of_values(
                columns[row.name], [_whole(columns[row.name], end) for end in typed]
            )
            yield Range(statement_labels.with_unit(columns[row.name], speech()), row.number, shown)


def _columns(change_set: ChangeSet) -> dict[str, Column[Any]]:
    """The columns of its main table that are written, by name."""
    columns = row_codec.curated_columns(_model(change_set))
    return {one.name: one for one in columns if not displayed_values.is_silent(one)}


def _model(change_set: ChangeSet) -> type[db.Base]:
    return row_codec.model_of(change_set.table_name)


def _is_of_words(one: Column[Any]) -> bool:
    return isinstance(one.info.get("rule"), OneOf) or labels.words_of(one) is not None


def _whole(one: Column[Any], value: Any) -> Any:
    return int(value) if one.type.python_type is int and value is not None else value


def _pairs(change_set: ChangeSet, names: Sequence[str]) -> Any:
    """Field, value before, value after, and how many items have them; most first."""
    field = (
        func.unnest(cast(list(names), ARRAY(Text)))
        .table_valued(column("name", Text), name="field")
        .render_derived()
    )
    before, after = ChangeSetItem.before[field.c.name], ChangeSetItem.after[field.c.name]
    pairs = (
        select(field.c.name, before.label("before"), after.label("after"))
        .select_from(ChangeSetItem)
        .join(field, true())
        .where(ChangeSetItem.change_set_id == change_set.id, ChangeSetItem.after.has_key(field.c.name))
        .subquery()
    )
    number = func.count()
    grouped = select(pairs.c.name, pairs.c.before, pairs.c.after, number)
    return grouped.group_by(pairs.c.name, pairs.c.before, pairs.c.after).order_by(pairs.c.name, number.desc())


def _ends(change_set: ChangeSet, names: Sequence[str], *, of_days: bool) -> Any:
    """Field, number, smallest, middle and largest value after; days are compared as they are written."""
    field = (
        func.unnest(cast(list(names), ARRAY(Text)))
        .table_valued(column("name", Text), name="field")
        .render_derived()
    )
    text = ChangeSetItem.after[field.c.name].as_string()
    values = (
        select(field.c.name, (text if of_days else cast(text, Numeric)).label("value"))
        .select_from(ChangeSetItem)
        .join(field, true())
        .where(ChangeSetItem.change_set_id == change_set.id, text.is_not(None))
        .subquery()
    )
    value, number = values.c.value, func.count().label("number")
    middle = func.percentile_disc(0.5).within_group(value)
    ends = select(values.c.name, number, func.min(value), middle, func.max(value))
    return ends.group_by(values.c.name).order_by(values.c.name)


def _spread(one: Column[Any], pairs: Sequence[tuple[Any, Any, int]]) -> Spread:
    shown = pairs[:MOST_VALUES]
    befores = displayed_values.of_values(one, [before for before, _after, _number in shown])
    afters = displayed_values.of_values(one, [after for _before, after, _number in shown])
    numbers = [number for _before, _after, number in shown]
    others = sum(number for _before, _after, number in pairs[MOST_VALUES:])
    return Spread(
        speech().say(labels.of_column(one)), list(zip(befores, afters, numbers, strict=True)), others
    )
