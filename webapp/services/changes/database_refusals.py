"""Say in a finding what PostgreSQL refused, without its text, which may hold values."""

from typing import Any

from sqlalchemy import UniqueConstraint
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
    for index in table.indexes:
        if index.name == constraint and index.unique:
            return next(iter(index.columns)).name
    for item in table.constraints:
        if item.name == constraint and isinstance(item, UniqueConstraint):
            return next(iter(item.columns)).name
    prefix = f"ck_{table.name}_"
    name = constraint.removeprefix(prefix) if constraint.startswith(prefix) else ""
    if name in table.columns:
        return name
    foreign = constraint.removeprefix(f"fk_{table.name}_") if constraint.startswith("fk_") else ""
    return foreign if foreign in table.columns else None
