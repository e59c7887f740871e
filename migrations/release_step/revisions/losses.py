"""Count what a downgrade would lose, before it is lost."""

import re
from dataclasses import dataclass

from sqlalchemy import Connection, column, func, select, table, text, true

from migrations.release_step.revisions import scripting, statements
from migrations.release_step.revisions.history import History

DROP_TABLE = re.compile(rf"DROP TABLE (?:IF EXISTS )?{statements.NAME}", re.IGNORECASE)
ALTER_TABLE = re.compile(rf"ALTER TABLE (?:IF EXISTS )?(?:ONLY )?{statements.NAME}", re.IGNORECASE)
DROP_COLUMN = re.compile(rf"\bDROP COLUMN (?:IF EXISTS )?{statements.NAME}", re.IGNORECASE)
DELETE = re.compile(rf"(?:DELETE FROM|TRUNCATE(?: TABLE)?) (?:ONLY )?{statements.NAME}", re.IGNORECASE)
KEPT = "alembic_version"

EXISTS = text("""
    SELECT EXISTS (
        SELECT FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = :column
        WHERE c.oid = to_regclass(quote_ident(:table)) AND (:column = '' OR a.attnum > 0))
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


def _removed_tables(sql: str) -> list[str]:
    found = DROP_TABLE.match(sql) or DELETE.match(sql)
    return [statements.bare(found[1])] if found else []


def _removed_columns(sql: str) -> list[tuple[str, str]]:
    found = ALTER_TABLE.match(sql)
    names = DROP_COLUMN.findall(sql) if found else []
    return [(statements.bare(found[1]), statements.bare(name)) for name in names if found]


def count(connection: Connection, history: History, found: str, wanted: str) -> list[Loss]:
    """What going from one revision to another would lose here, with numbers; leaves no transaction open."""
    script = scripting.text(history, "downgrade", found, wanted)
    counted = [_counted(connection, loss) for loss in of_script(script)]
    connection.rollback()
    return [loss for loss in counted if loss.count]


def _counted(connection: Connection, loss: Loss) -> Loss:
    if not connection.scalar(EXISTS, {"table": loss.table, "column": loss.column}):
        return loss
    condition = column(loss.column).is_not(None) if loss.column else true()
    number = connection.scalar(select(func.count()).select_from(table(loss.table)).where(condition))
    return Loss(loss.table, loss.column, number or 0)
