"""A database of their own for tests whose transactions must really overlap, and so really commit."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.engine import URL

Connect = Callable[..., psycopg.Connection]
SECONDS_TO_WAIT = 20


@pytest.fixture(scope="session")
def history_url(migrated_database: Callable[[], URL]) -> URL:
    """A migrated database in which rows are committed."""
    return migrated_database()


@pytest.fixture
def connect(history_url: URL) -> Iterator[Connect]:
    """Opens sessions beside each other, as the tables' owner or as a `role`; none waits for a lock for ever."""
    with ExitStack() as opened:

        def open_session(role: str | None = None, *, autocommit: bool = False) -> psycopg.Connection:
            url = history_url.set(drivername="postgresql")
            if role is not None:
                url = url.set(username=role, password=role)
            session = psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)
            session.execute(f"SET lock_timeout = '{SECONDS_TO_WAIT}s'".encode())
            session.autocommit = autocommit
            opened.callback(session.close)
            return session

        yield open_session


@pytest.fixture
def observer(connect: Connect) -> psycopg.Connection:
    """A session that writes and looks in transactions of one statement each."""
    return connect(autocommit=True)


@pytest.fixture(autouse=True)
def _emptied(observer: psycopg.Connection) -> Iterator[None]:
    yield
    for table in ("stock_prices", "companies", "industries", "row_versions"):
        observer.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
