"""How many rows a list has: exactly as far as counting is cheap, beyond that as PostgreSQL's statistics estimate it."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, column, func, select, table

from webapp import db
from webapp.lists.days import Days
from webapp.services.changes import row_codec

# Counting further costs more than it tells.
COUNTED_UP_TO = 10_000
# Where the statistics say more, the whole table is not counted at all; fewer rows may have become few since.
ESTIMATED_FROM = 20_000


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows were counted, and how many of them lie past the place of the page."""

    number: int
    # There are more than were counted.
    is_capped: bool
    past: int = 0
    estimate: int | None = None
    # Between which days rows stand, where that is kept.
    days: Days = field(default_factory=dict)


def estimated(model: type[db.Base]) -> ColumnElement[Any]:
    """How many rows the whole table has, as of its last VACUUM or ANALYZE; -1 before the first."""
    statistics = table("pg_class", column("oid"), column("reltuples"))
    own = func.to_regclass(row_codec.table_of(model).name)
    return select(statistics.c.reltuples).where(statistics.c.oid == own).scalar_subquery()


def of_each(*queries: Select[Any]) -> list[int]:
    """How many rows each of these has, in one statement; one more than is counted stands for more than that."""
    counts = [
        select(func.count()).select_from(query.limit(COUNTED_UP_TO + 1).subquery()).scalar_subquery()
        for query in queries
    ]
    return list(db.session.execute(select(*counts)).one())


def said(number: int) -> str:
    """Such a count as people read it."""
    return f"{number:,}" if number <= COUNTED_UP_TO else f"{COUNTED_UP_TO:,}+"
