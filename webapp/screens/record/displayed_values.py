"""Single values of a table as people read them outside lists: in differences, conflicts and the history."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Column

from webapp import db
from webapp.lists import records
from webapp.models import references
from webapp.models.columns import STAMPS
from webapp.services.changes import row_codec
from webapp.web.speaking import speech
from webapp.words import formatters, labels, statement_labels
from webapp.words.statement_labels import NO_BASIS, Basis


def is_silent(column: Column[Any]) -> bool:
    """Whether a column follows from others, so that people are not told of it."""
    return column.name in STAMPS or "folds" in column.info


def of_values(column: Column[Any], values: Sequence[Any]) -> list[Any]:
    """How these typed values of one column read; a key reads as the name of its record."""
    if column.foreign_keys:
        names = records.names_of(references.target_of(column), values, speech())
        return [None if value is None else names.get(value, str(value)) for value in values]
    show = formatters.for_column(column, speech(), is_exact=True)
    return [None if value is None else show(value) for value in values]


class Change(NamedTuple):
    """What became of a row: stored values by the names of their columns, before and after."""

    model: type[db.Base]
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    # What figures are called after, of a statement that is known; a new one says it itself.
    basis: Basis = NO_BASIS


class Difference(NamedTuple):
    """A field that changed, as people read it."""

    label: str
    before: Any
    after: Any


def of_changes(changes: Sequence[Change]) -> list[list[Difference]]:
    """What differs in each row, in the order of its table's columns; one statement a kind of record referred to."""
    typed = [
        one._replace(
            before=row_codec.decode(one.model, one.before), after=row_codec.decode(one.model, one.after)
        )
        for one in changes
    ]
    names = _names_of_references(typed)
    return [_differences(one, names) for one in typed]


def _differences(change: Change, names: Mapping[Any, Mapping[Any, str]]) -> list[Difference]:
    rows = []
    basis = change.basis if any(change.basis) else _basis(change)
    for column in _changed_columns(change):
        pair = [change.before.get(column.name), change.after.get(column.name)]
        if column.foreign_keys:
            known = names[references.target_of(column)]
            shown = [None if value is None else known.get(value, str(value)) for value in pair]
        else:
            show = formatters.for_column(column, speech(), is_exact=True)
            shown = [None if value is None else show(value) for value in pair]
        if shown != [None, None]:
            rows.append(Difference(statement_labels.with_unit(column, speech(), basis), *shown))
    return rows


def _basis(change: Change) -> Basis:
    """After what the figures of a row that comes or goes are called: it says so itself."""
    return statement_labels.of_values({**change.before, **change.after})


def _names_of_references(changes: Iterable[Change]) -> dict[Any, dict[Any, str]]:
    keys: dict[Any, set[Any]] = {}
    for change in changes:
        for column in _changed_columns(change):
            if column.foreign_keys:
                values = {change.before.get(column.name), change.after.get(column.name)} - {None}
                keys.setdefault(references.target_of(column), set()).update(values)
    return {target: records.names_of(target, values, speech()) for target, values in keys.items()}


def _changed_columns(change: Change) -> Iterator[Column[Any]]:
    """In the order of the table; a history holds twenty changes of ninety columns."""
    names = change.before.keys() | change.after.keys()
    return (column for name, column in _told_columns(change.model) if name in names)


@cache
def _told_columns(model: type[db.Base]) -> Sequence[tuple[str, Column[Any]]]:
    return [(column.name, column) for column in row_codec.table_of(model).columns if not is_silent(column)]


def names_of_columns(model: type[db.Base], names: Iterable[str]) -> str:
    """Some columns by their labels, in one line."""
    columns = row_codec.table_of(model).columns
    named = [columns[name] for name in names if name in columns and not is_silent(columns[name])]
    separator = "、" if speech().is_japanese else ", "
    return separator.join(speech().say(labels.of_column(column)) for column in named)


def columns_of(table_names: Iterable[str]) -> dict[str, Column[Any]]:
    """The columns of these tables by name; of a name that several have, that of the first."""
    columns: dict[str, Column[Any]] = {}
    for table_name in table_names:
        for column in row_codec.table_of(row_codec.model_of(table_name)).columns:
            columns.setdefault(column.name, column)
    return columns
