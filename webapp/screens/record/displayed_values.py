"""Single values of a table as people read them outside lists: in differences, conflicts and the history."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Column

from webapp import db
from webapp.lists import records
from webapp.models import references
from webapp.models.columns import STAMPS
from webapp.services.changes import row_codec
from webapp.web.speaking import speech
from webapp.words import formatters, labels

# Follows from other columns, so people are not told of it.
SILENT = STAMPS | {"name_ja_folded"}


def of_values(column: Column[Any], values: Sequence[Any]) -> list[Any]:
    """How these typed values of one column read; a key reads as the name of its record."""
    if column.foreign_keys:
        names = records.names_of(references.target_of(column), values, speech())
        return [None if value is None else names.get(value, str(value)) for value in values]
    show = formatters.for_column(column, speech(), is_exact=True)
    return [None if value is None else show(value) for value in values]


def differences(
    model: type[db.Base], before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[tuple[str, Any, Any]]:
    """What an item of a change set did: (label, before, after) in the order of the table's columns."""
    old, new = row_codec.decode(model, before), row_codec.decode(model, after)
    rows = []
    for column in row_codec.table_of(model).columns:
        if (column.name in old or column.name in new) and column.name not in SILENT:
            values = of_values(column, [old.get(column.name), new.get(column.name)])
            if values != [None, None]:
                rows.append((speech().say(labels.of_column(column)), values[0], values[1]))
    return rows


def names_of_columns(model: type[db.Base], names: Iterable[str]) -> str:
    """Some columns by their labels, in one line."""
    columns = row_codec.table_of(model).columns
    named = [columns[name] for name in names if name in columns and name not in SILENT]
    separator = "、" if speech().is_japanese else ", "
    return separator.join(speech().say(labels.of_column(column)) for column in named)


def columns_of(table_names: Iterable[str]) -> dict[str, Column[Any]]:
    """The columns of these tables by name; of a name that several have, that of the first."""
    columns: dict[str, Column[Any]] = {}
    for table_name in table_names:
        for column in row_codec.table_of(row_codec.model_of(table_name)).columns:
            columns.setdefault(column.name, column)
    return columns
