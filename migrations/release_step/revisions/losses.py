"""What a downgrade's SQL says that it removes: for a script, and for a revision that cannot be tried."""

import re
from dataclasses import dataclass

from sqlalchemy import Connection, column, func, select, table, text, true

from migrations.release_step.revisions import statements

# Several tables may stand in one statement, and COLUMN may be left out.
DROP_TABLE = re.compile(
    r"DROP TABLE (?:IF EXISTS )?(?P<names>.+?)(?: CASCADE| RESTRICT)?$", re.IGNORECASE | re.DOTALL
)
ALTER_TABLE = re.compile(rf"ALTER TABLE (?:IF EXISTS )?(?:ONLY )?{statements.NAME}", re.IGNORECASE)
DROP_COLUMN = re.compile(
    rf"\bDROP (?:COLUMN )?(?!CONSTRAINT\b|COLUMN\b|DEFAULT\b|NOT\b|EXPRESSION\b|IDENTITY\b)"
    rf"(?:IF EXISTS )?{statements.NAME}",
    re.IGNORECASE,
)
TRUNCATE = re.compile(
    r"TRUNCATE (?:TABLE )?(?P<names>.+?)(?: (?:RESTART|CONTINUE) IDENTITY)?(?: CASCADE| RESTRICT)?$",
    re.IGNORECASE | re.DOTALL,
)
DELETE = re.compile(rf"\bDELETE FROM (?:ONLY )?{statements.NAME}", re.IGNORECASE)
SETS = re.compile(
    rf"\bUPDATE (?:ONLY )?{statements.NAME}(?: AS \w+)? SET (?P<columns>.*?)(?: WHERE| FROM|$)", re.IGNORECASE
)
TO_NOTHING = re.compile(r"(\w+) = NULL\b", re.IGNORECASE)
RETYPED = re.compile(rf"\bALTER (?:COLUMN )?{statements.NAME} (?:SET DATA )?TYPE\b", re.IGNORECASE)
KEPT = "alembic_version"

# What PostgreSQL generates from other columns is no loss: it comes back with its column.
EXISTS = text("""
    SELECT EXISTS (
        SELECT FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = :column
        WHERE c.oid = to_regclass(quote_ident(:table)) AND (:column = '' OR a.attnum > 0 AND a.attgenerated = ''))
""")


@dataclass(frozen=True, slots=True)
class Loss:
    """Rows that vanish with a table, or values that vanish with a column."""

    table: str
    column: str
    count: int = 0

    def __str__(self) -> str:
        what = f"{self.table}.{self.column}" if self.column else self.table
        return f"{what} {self.count} {'values' if self.column else 'rows'}"


def of_script(sql: str) -> list[Loss]:
    """What a downgrade's statements remove, uncounted; rows of a table that goes as a whole are named once."""
    found = list(statements.split(sql))
    tables = [name for one in found for name in _removed_tables(one.sql) if name != KEPT]
    columns = [pair for one in found for pair in _removed_columns(one.sql) if pair[0] not in tables]
    whole = [Loss(name, "") for name in dict.fromkeys(tables)]
    return whole + [Loss(name, part) for name, part in dict.fromkeys(columns)]


def remark(script: str) -> str:
    """A comment for a script's head: what it removes, which it cannot count; blank where it seems to remove nothing."""
    removed = of_script(script)
    rows = ", ".join(loss.table for loss in removed if not loss.column)
    values = ", ".join(f"{loss.table}.{loss.column}" for loss in removed if loss.column)
    parts = [f"{what} {names}" for what, names in (("rows of", rows), ("values of", values)) if names]
    if not parts:
        return ""
    return f"-- It removes {' and '.join(parts)}; how many, only the database knows.\n"


def _removed_tables(sql: str) -> list[str]:
    match = DROP_TABLE.match(sql) or TRUNCATE.match(sql)
    listed = [name.strip().removeprefix("ONLY ") for name in match["names"].split(",")] if match else []
    return [statements.bare(name.rpartition(".")[2]) for name in listed] + [
        statements.bare(name) for name in DELETE.findall(sql)
    ]


def _removed_columns(sql: str) -> list[tuple[str, str]]:
    altered = ALTER_TABLE.match(sql)
    names = [*DROP_COLUMN.findall(sql), *RETYPED.findall(sql)] if altered else []
    removed = [(statements.bare(altered[1]), statements.bare(name)) for name in names if altered]
    emptied = [
        (match[1], name) for match in SETS.finditer(sql) for name in TO_NOTHING.findall(match["columns"])
    ]
    return removed + [(statements.bare(table), name) for table, name in emptied]


def counted(connection: Connection, script: str) -> list[Loss]:
    """What a script would remove here by its words, with numbers; leaves no transaction open."""
    found = [_counted(connection, loss) for loss in of_script(script)]
    connection.rollback()
    return [loss for loss in found if loss.count]


def _counted(connection: Connection, loss: Loss) -> Loss:
    if not connection.scalar(EXISTS, {"table": loss.table, "column": loss.column}):
        return loss
    condition = column(loss.column).is_not(None) if loss.column else true()
    number = connection.scalar(select(func.count()).select_from(table(loss.table)).where(condition))
    return Loss(loss.table, loss.column, number or 0)
