"""Query -> rows -> file: PostgreSQL writes the CSV itself, and nothing of it is kept in memory."""

from typing import Any, BinaryIO

import psycopg
from psycopg.errors import QueryCanceled
from sqlalchemy import Select, func, select

from webapp import db


class TooSlow(Exception):
    """The rows were not there when the time for them was over."""


def copy(statement: Select[Any], file: BinaryIO, *, seconds: int) -> None:
    """Append the rows of a statement as CSV in UTF-8, in the session's transaction; raises TooSlow."""
    connection = db.session.connection()
    compiled = statement.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True})
    # COPY takes no parameters from afar: a client's cursor writes them into the statement, each as a literal.
    query = f"COPY ({compiled.string}) TO STDOUT (FORMAT csv, ENCODING 'UTF8')"
    limit_time(seconds)
    driver: Any = connection.connection.driver_connection
    try:
        with psycopg.ClientCursor(driver).copy(query, compiled.params) as blocks:
            file.writelines(blocks)
    except QueryCanceled:
        raise TooSlow from None


def limit_time(seconds: int) -> None:
    """How long each further statement of this transaction may take."""
    db.session.execute(select(func.set_config("statement_timeout", f"{seconds}s", True)))
