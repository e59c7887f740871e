"""Count what a downgrade would lose, before it is lost."""

import re
from dataclasses import dataclass

from sqlalchemy import Connection, column, func, select, table, text, true

from migrations.release_step import scripting
from migrations.release_step.history import History

NAME = r'(?:"(?:[^"]|"")+"|\w+)'
DROP_TABLE = re.compile(rf"\bDROP TABLE (?:IF EXISTS )?(?P<table>{NAME})", re.I)
ALTER_TABLE = re.compile(rf"\bALTER TABLE (?:IF EXISTS )?(?:ONLY )?(?P<table>{NAME})(?P<rest>[^;]*)", re.I)
DROP_COLUMN = re.compile(rf"\bDROP COLUMN (?:IF EXISTS )?(?P<column>{NAME})", re.I)
DELETE = re.compile(rf"\b(?:DELETE FROM|TRUNCATE(?: TABLE)?) (?:ONLY )?(?P<table>{NAME})", re.I)
KEPT = {"alembic_version"}

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
    tables = [_bare(found["table"]) for pattern in (DROP_TABLE, DELETE) for found in pattern.finditer(sql)]
    columns = [
        (_bare(altered["table"]), _bare(dropped["column"]))
        for altered in ALTER_TABLE.finditer(sql)
        for dropped in DROP_COLUMN.finditer(altered["rest"])
    ]
    losses = [Loss(name, "") for name in dict.fromkeys(tables) if name not in KEPT]
    return losses + [Loss(name, part) for name, part in dict.fromkeys(columns) if name not in tables]


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


def _bare(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name
