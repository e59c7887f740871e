"""stockcode as an operator types it, inside the test's transaction."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Connection

from webapp import db
from webapp.cli import database, side_by_side, speaking
from webapp.cli.main import Commands

Stockcode = Callable[..., Result]


@contextmanager
def in_the_tests_transaction() -> Iterator[None]:
    """In place of database.bound(): the session is bound already, and only given back."""
    try:
        yield
    finally:
        db.session.remove()


def one_after_another(works: Sequence[Callable[[], Any]]) -> list[Any]:
    """In place of side_by_side.done(): a transaction belongs to one at a time."""
    with db.transaction():
        return [work() for work in works]


@pytest.fixture
def stockcode(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> Stockcode:
    """stockcode(*words, given="what is typed at it"), in the language that LC_ALL asks for."""
    monkeypatch.setattr(database, "bound", in_the_tests_transaction)
    monkeypatch.setattr(side_by_side, "done", one_after_another)

    def run(*words: str, given: str = "") -> Result:
        return CliRunner().invoke(Commands(speaking.chosen(None)), words, input=given)

    return run
