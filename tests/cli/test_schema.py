"""Commands that write wait for the release step; those that only read do not."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, text

from tests.cli.conftest import Stockcode
from tests.schemas import RECORD, go_ahead, go_back
from webapp.services import releasing

PASSWORD = ("--password-stdin",)


@pytest.fixture(autouse=True)
def fresh_look() -> Iterator[None]:
    """What an earlier test has seen of the schema is forgotten."""
    releasing.forget()
    yield
    releasing.forget()


@pytest.mark.parametrize(
    "words",
    [
        ("seed",),
        ("users", "add", "a@example.com", "--role", "viewer", *PASSWORD),
        ("users", "set-password", "a@example.com", *PASSWORD),
        ("users", "set-role", "a@example.com", "viewer"),
        ("users", "disable", "a@example.com"),
        ("users", "enable", "a@example.com"),
        ("import", "edinet-codes", __file__, "--yes"),
        ("import", "edinet-codes", __file__, "--dry-run"),
    ],
    ids=" ".join,
)
def test_what_writes_is_refused_in_one_line_behind_the_release(
    stockcode: Stockcode, connection: Connection, words: tuple[str, ...]
) -> None:
    older = go_back(connection)
    done = stockcode(*words, given="a long enough password\n")
    assert (done.exit_code, done.stdout) == (7, "")
    assert done.stderr == (
        f"Error: The database is at {older}, this code needs {releasing.shipped().wanted}."
        " Nothing was written. Run: python migrations/run_migrations.py upgrade\n"
    )


def test_it_is_refused_in_the_language_of_the_terminal(
    stockcode: Stockcode, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "ja_JP.UTF-8")
    older = go_back(connection)
    assert stockcode("seed").stderr.endswith(
        f"データベースは {older} ですが、このプログラムには {releasing.shipped().wanted} が必要です。"
        "何も書き込んでいません。次を実行してください：python migrations/run_migrations.py upgrade\n"
    )


def test_an_unknown_database_is_no_place_for_a_release_either(
    stockcode: Stockcode, connection: Connection
) -> None:
    connection.execute(RECORD, {"revision": "fedcba987654"})
    done = stockcode("seed")
    assert done.exit_code == 7
    assert "run_migrations" not in done.stderr
    assert done.stderr.endswith("Nothing was written. Deploy the code that knows it\n")


def test_reading_goes_on(stockcode: Stockcode, connection: Connection) -> None:
    go_back(connection)
    assert stockcode("users", "list").exit_code == 0


def test_older_code_goes_on_writing_after_a_newer_release(
    stockcode: Stockcode, connection: Connection
) -> None:
    go_ahead(connection, "fedcba987654")
    done = stockcode("seed")
    assert done.exit_code == 0, done.output
    assert connection.scalar(text("SELECT count(*) FROM companies")) == 8
