"""What the tables of a schema hold, counted: to learn what a change would lose by making it and taking it back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, quoted_name, text
from sqlalchemy.dialects import postgresql

KEPT = "alembic_version"
# Generated columns hold nothing that is not in others.
TABLES = text("""
    SELECT c.oid::bigint AS number, c.relname AS name, c.relfilenode::bigint AS file,
           coalesce(jsonb_object_agg(a.attnum, jsonb_build_array(a.attname, format_type(a.atttypid, a.atttypmod)))
                    FILTER (WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''), '{}') AS columns
    FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = to_regnamespace(quote_ident(current_schema())) AND c.relkind IN ('r', 'p')
      AND c.relname <> :kept
    GROUP BY c.oid
""")
# Of this transaction: whatever wrote, be it a procedure's DELETE inside of a WITH.
WRITTEN = text("SELECT relid::bigint FROM pg_stat_xact_user_tables WHERE n_tup_upd + n_tup_del > 0")
quote = postgresql.dialect().identifier_preparer.quote  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped


@dataclass(frozen=True, slots=True)
class Table:
    """A table as the catalog knows it: what it is called, where it lies, and its columns by their number."""

    name: str
    file: int
    columns: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Content:
    """How many rows a table holds, and of each column how many values, and a sum of them where it is asked for."""

    rows: int
    values: Mapping[str, int]
    sums: Mapping[str, int]


Tables = Mapping[int, Table]


def tables(connection: Connection) -> dict[int, Table]:
    """The tables of the current schema by their number, which a new name leaves as it is."""
    return {
        row.number: Table(row.name, row.file, {number: tuple(told) for number, told in row.columns.items()})
        for row in connection.execute(TABLES, {"kept": KEPT})
    }


def touched(connection: Connection, before: Tables, after: Tables) -> list[int]:
    """The tables that this transaction has changed in any way but by adding rows."""
    written = set(connection.scalars(WRITTEN))
    return [number for number, table in before.items() if after.get(number) != table or number in written]


def content(connection: Connection, table: Table, summed: Iterable[str] = ()) -> Content:
    """Count a table as this transaction sees it; of the columns in `summed` also what their values come to."""
    numbers = list(table.columns)
    names = {number: quote(quoted_name(table.columns[number][0], quote=True)) for number in numbers}
    sums = [number for number in summed if number in names]
    asked = ["count(*)", *(f"count({names[number]})" for number in numbers)]
    # 1.50 and 1.5 are one value.
    asked += [f"coalesce(sum(hashtextextended({_spelled(names[number])}, 0)), 0)" for number in sums]
    there = quote(quoted_name(table.name, quote=True))
    counting = f"SELECT {', '.join(asked)} FROM {there}"  # noqa: S608 - quoted names
    row = connection.exec_driver_sql(counting).one()
    values, totals = row[1 : len(numbers) + 1], row[len(numbers) + 1 :]
    return Content(row[0], dict(zip(numbers, values, strict=True)), dict(zip(sums, totals, strict=True)))


def _spelled(name: str) -> str:
    plain = f"{name}::text"
    return f"CASE WHEN {plain} ~ '^-?[0-9]+([.][0-9]+)?$' THEN trim_scale({plain}::numeric)::text ELSE {plain} END"
