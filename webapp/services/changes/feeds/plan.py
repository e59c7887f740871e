"""What a feed is about: its table, the columns by which rows are known, and those that it writes."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, Numeric, String
from sqlalchemy.dialects import postgresql

from webapp import db
from webapp.services.changes import row_codec


@dataclass(frozen=True, kw_only=True)
class FeedPlan:
    """A feed into one table.

    `key`: the columns by which a row is known, those of a key that is unique. `figures`: what the file gives beside
    them; a blank is no news and leaves what is stored, unless `blanks_count`. `derived`: figures that follow from
    others; `absent` are those that the file does not give at all. `compared`: what it gives too and nobody writes;
    `seen_in` is the one of them that says which version of a row the file was made from. `constants`: what is written
    where a figure is, the same in every row. `left` and `refused`: by reason, when a row is left alone or refused.
    Derived figures are expressions, and reasons have conditions, on `f`, the file's row, and `t`, the stored one.
    """

    model: type[db.Base]
    key: tuple[str, ...]
    figures: tuple[str, ...]
    compared: tuple[str, ...] = ()
    constants: Mapping[str, Any] = field(default_factory=dict)
    left: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    derived: Mapping[str, str] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()
    blanks_count: bool = False
    seen_in: str | None = None

    @property
    def table(self) -> str:
        """The table's name."""
        return row_codec.table_of(self.model).name

    @property
    def received(self) -> tuple[str, ...]:
        """The columns that the file gives, in the order of its rows."""
        given = (name for name in self.figures if name not in self.absent)
        return (*self.key, *given, *self.compared)

    @property
    def written(self) -> tuple[str, ...]:
        """The columns that a change writes."""
        return (*self.figures, *self.constants)

    @cached_property
    def columns(self) -> Mapping[str, Column[Any]]:
        """The columns of the table by name."""
        return {column.name: column for column in row_codec.table_of(self.model).columns}

    @cached_property
    def defaults(self) -> Mapping[str, Any]:
        """What a new row holds in the columns that the feed does not know, as JSON values."""
        known = {*self.key, *self.written}
        others = {c.name: row_codec.default_of(c) for c in row_codec.curated_columns(self.model)}
        return row_codec.encode(
            {name: value for name, value in others.items() if name not in known and value is not None}
        )

    @property
    def parameters(self) -> dict[str, Any]:
        """The constants and defaults as parameters of a statement."""
        values = {**row_codec.encode(self.constants), **self.defaults}
        return {
            name: json.dumps(value) if isinstance(value, dict | list) else value
            for name, value in values.items()
        }

    def analyzed(self, *more: str) -> str:
        """The columns of which the planner needs to know, in brackets: of a hundred it would take seconds."""
        return f"({', '.join((*map(quoted, self.key), 'line', *more))})"

    def merged(self, name: str) -> str:
        """What a figure comes to, of the file's row `f` and the stored one `t`."""
        if name in self.derived:
            return self.derived[name]
        given, stored = f"f.{quoted(name)}", f"t.{quoted(name)}"
        if not self.blanks_count:
            return f"coalesce({given}, {stored})"
        if isinstance(self.columns[name].type, DateTime):
            # Lists show no more than its second, or minute.
            shown = ", ".join(f"date_trunc('{part}', {stored})" for part in ("second", "minute"))
            return f"CASE WHEN {given} IN ({shown}) THEN {stored} ELSE {given} END"
        return given

    def constant(self, name: str) -> str:
        """A constant in a statement, whose parameter has its name."""
        return f"CAST(:{name} AS {type_of(self.columns[name])})"

    def same_row(self, one: str, other: str) -> str:
        """The condition that rows of these names are the same one."""
        return " AND ".join(f"{one}.{quoted(name)} = {other}.{quoted(name)}" for name in self.key)

    def as_json(self) -> dict[str, Any]:
        """The plan as JSON values; reasons for leaving rows are of the comparison that has been."""
        return {
            "table": self.table,
            "key": list(self.key),
            "figures": list(self.figures),
            "constants": row_codec.encode(self.constants),
            "blanks_count": self.blanks_count,
        }

    @classmethod
    def from_json(cls, json: Mapping[str, Any]) -> "FeedPlan":
        """The plan that `as_json` wrote."""
        model = row_codec.model_of(json["table"])
        constants = row_codec.decode(model, json["constants"])
        return cls(
            model=model,
            key=tuple(json["key"]),
            figures=tuple(json["figures"]),
            constants=constants,
            blanks_count=json.get("blanks_count", False),
        )


def chosen(reasons: Mapping[str, str]) -> str:
    """The first reason whose condition holds, as SQL; NULL where there is none."""
    cases = " ".join(f"WHEN {when} THEN '{why}'" for why, when in reasons.items())
    return f"CASE {cases} END" if cases else "NULL"


def quoted(name: str) -> str:
    """A column's name as SQL writes it."""
    return f'"{name}"'


def type_as_received(column: Column[Any]) -> str:
    """A type that takes whatever a reader may give, so that what is too large for the column is one row's fault."""
    if column.type.python_type in (int, Decimal):
        return "numeric"
    return "text" if isinstance(column.type, String) else type_of(column)


def type_of(column: Column[Any]) -> str:
    """The column's own type, as SQL."""
    return str(column.type.compile(postgresql.dialect()))  # type: ignore[no-untyped-call]  # SQLAlchemy leaves dialects untyped


def limits(column: Column[Any], name: str) -> Iterator[str]:
    """What the column's type and rule ask of a value, as conditions; `name` is how SQL calls it."""
    rule = column.info.get("rule")
    if rule is not None and (condition := rule.as_sql(name)):
        yield f"({condition})"
    kind = column.type
    if isinstance(kind, Numeric) and kind.precision is not None:
        scale = kind.scale or 0
        yield f"abs({name}) < 1e{kind.precision - scale} AND {name} = round({name}, {scale})"
    elif kind.python_type is int:
        most = 2**63 if isinstance(kind, BigInteger) else 2**31
        yield f"{name} BETWEEN {-most} AND {most - 1} AND {name} = round({name}, 0)"
    elif isinstance(kind, String) and kind.length is not None:
        yield f"length({name}) <= {kind.length}"
