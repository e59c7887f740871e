"""Go through a table of the session's own in parts, and find the rows of a part by their key."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import DataError, IntegrityError

from webapp import db
from webapp.services.changes import database_refusals
from webapp.services.changes.proposals import Refused

ROWS_OF_A_PART = 10_000
# The rows of a part, by where they lie.
OF_PART = "c.ctid >= CAST(:first AS tid) AND c.ctid < CAST(:beyond AS tid)"


def of(table: str) -> Iterator[Mapping[str, str]]:
    """The parameters of each part of a table, about ROWS_OF_A_PART rows of it, as its pages make them."""
    size = f"pg_relation_size('pg_temp.{table}') / current_setting('block_size')::int"
    pages, rows = map(int, db.session.execute(text(f"SELECT {size}, (SELECT count(*) FROM {table})")).one())
    step = max(1, pages * ROWS_OF_A_PART // max(1, rows))
    for first in range(0, pages, step):
        yield {"first": f"({first},0)", "beyond": f"({min(first + step, pages)},0)"}


def run(statement: str, facts: Mapping[str, Any]) -> int:
    """Run a statement: how many rows it touched."""
    done: Any = db.session.execute(text(statement), dict(facts))
    return int(done.rowcount)


@contextmanager
def refusing(model: type[db.Base]) -> Iterator[None]:
    """Raise Refused where the database's own constraints forbid a row."""
    try:
        yield
    except (IntegrityError, DataError) as error:
        finding = database_refusals.finding(model, error)
        raise Refused([finding], database_refusals.taken(model, error)) from error
