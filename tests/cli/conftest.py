"""stockcode as an operator types it, inside the test's transaction."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Connection

from webapp import db
from webapp.cli import database, speaking
from webapp.cli.main import Commands

Stockcode = Callable[..., Result]


@contextmanager
def in_the_tests_transaction() -> Iterator[None]:
    """In place of database.bound(): the session is bound already, and only given back."""
    try:
        yield
    finally:
        db.session.remove()


@pytest.fixture
def stockcode(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> Stockcode:
    """stockcode(*words, given="what is typed at it"), in the language that LC_ALL asks for."""
    monkeypatch.setattr(database, "bound", in_the_tests_transaction)

    def run(*words: str, given: str = "") -> Result:
        return CliRunner().invoke(Commands(speaking.chosen(None)), words, input=given)

    return run
