"""Query -> rows -> file: PostgreSQL writes the CSV itself, and nothing of it is kept in memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import psycopg
from psycopg.errors import QueryCanceled
from sqlalchemy import ClauseElement
from sqlalchemy.exc import DBAPIError

from webapp import db


class TooSlow(Exception):
    """The rows were not there when the time for them was over."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Let each statement of this transaction take so long, for what happens inside; raises TooSlow."""
    db.let_statements_take(seconds)
    try:
        yield
    except DBAPIError as error:
        if isinstance(error.orig, QueryCanceled):
            raise TooSlow from None
        raise


def copy(statement: ClauseElement, file: BinaryIO, *, is_raw: bool = False) -> None:
    """Append the rows of a statement to a file as CSV in UTF-8, in the session's transaction.

    `is_raw`: its one column is text without controls, such as JSON, and stands there as it is, a line a row.
    """
    connection = db.session.connection()
    compiled = statement.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True})
    # COPY takes no parameters from afar: a client's cursor writes them into the statement, each as a literal.
    marks = ", QUOTE E'\\x01', DELIMITER E'\\x02'" if is_raw else ""
    query: Any = f"COPY ({compiled.string}) TO STDOUT (FORMAT csv, ENCODING 'UTF8'{marks})"
    driver: Any = connection.connection.driver_connection
    try:
        with psycopg.ClientCursor(driver).copy(query, compiled.params) as blocks:
            file.writelines(blocks)
    except psycopg.Error as error:
        # As SQLAlchemy tells of errors, without the statement, which quotes what somebody has typed.
        raise DBAPIError.instance(None, None, error, psycopg.Error) from error
