"""Say in a finding what PostgreSQL refused, without its text, which may hold values."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.exc import DBAPIError

from webapp import db, sqlstates
from webapp.rules.findings import Finding
from webapp.services.changes import row_codec

SENTENCES = {
    sqlstates.UNIQUE_VIOLATION: "another row has this value already",
    sqlstates.RESTRICT_VIOLATION: "other rows refer to this one",
    sqlstates.FOREIGN_KEY_VIOLATION: "other rows refer to this one, or the row it refers to does not exist",
    sqlstates.NOT_NULL_VIOLATION: "is needed",
    sqlstates.CHECK_VIOLATION: "breaks a rule of the table",
    sqlstates.NUMERIC_VALUE_OUT_OF_RANGE: "is too large",
    sqlstates.STRING_DATA_RIGHT_TRUNCATION: "is too long",
}


# What PostgreSQL says of a key that is taken, in whatever language: (columns)=(values).
TAKEN = re.compile(r"\((?P<columns>[^()]+)\)=\((?P<values>.*)\)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Taken:
    """A key of a table that another row has: its columns with their values as text, and for which rows it holds."""

    model: type[db.Base]
    values: Mapping[str, str]
    condition: str | None


def taken(model: type[db.Base], error: DBAPIError) -> Taken | None:
    """The key that was taken, where that is why the database refused and it may say so."""
    detail = getattr(getattr(error.orig, "diag", None), "message_detail", None)
    match = TAKEN.search(detail or "")
    if sqlstates.of(error) != sqlstates.UNIQUE_VIOLATION or match is None:
        return None
    names = [name.strip(' "') for name in match["columns"].split(",")]
    values = [match["values"]] if len(names) == 1 else match["values"].split(", ")
    if len(names) != len(values):
        return None
    index = next((i for i in row_codec.table_of(model).indexes if i.name == constraint_of(error)), None)
    where = None if index is None else index.dialect_options["postgresql"]["where"]
    return Taken(model, dict(zip(names, values, strict=True)), None if where is None else str(where))


def finding(model: type[db.Base], error: DBAPIError) -> Finding:
    """The database's refusal at the field it is about, as far as the constraint's name tells."""
    diagnostics: Any = getattr(error.orig, "diag", None)
    name = constraint_of(error)
    field = getattr(diagnostics, "column_name", None) or _field_of(model, name)
    message = SENTENCES.get(sqlstates.of(error), "the database refuses this value")
    return Finding(field, message, {"constraint": name})


def constraint_of(error: DBAPIError) -> str:
    """The name of the constraint or unique index that refused; blank where there is none."""
    return getattr(getattr(error.orig, "diag", None), "constraint_name", None) or ""


def _field_of(model: type[db.Base], constraint: str) -> str | None:
    table = row_codec.table_of(model)
    keys: list[Any] = [index for index in table.indexes if index.unique]
    keys += [item for item in table.constraints if isinstance(item, UniqueConstraint | PrimaryKeyConstraint)]
    for key in keys:
        if key.name == constraint:
            # Of a key of several columns none is to blame for all of them.
            names = [column.name for column in key.columns]
            return names[0] if len(names) == 1 else None
    prefix = f"ck_{table.name}_"
    name = constraint.removeprefix(prefix) if constraint.startswith(prefix) else ""
    if name in table.columns:
        return name
    foreign = constraint.removeprefix(f"fk_{table.name}_") if constraint.startswith("fk_") else ""
    return foreign if foreign in table.columns else None
