"""Code tells a database behind it from one ahead of it, and both from one that it knows nothing of."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, event, text

from tests.schemas import RECORD, go_ahead, go_back
from webapp import db
from webapp.services import releasing


@pytest.fixture(autouse=True)
def nothing_seen(connection: Connection) -> Iterator[None]:
    releasing.forget()
    yield
    releasing.forget()


def test_a_released_database_is_level() -> None:
    standing = releasing.look()
    assert (standing.place, standing.found, standing.is_fit) == ("level", releasing.shipped().wanted, True)


def test_a_database_at_an_older_revision_is_behind(connection: Connection) -> None:
    older = go_back(connection)
    standing = releasing.look()
    assert (standing.place, standing.found, standing.is_fit) == ("behind", older, False)
    assert (
        str(standing.finding) == f"The database is at {older}, this code needs {releasing.shipped().wanted}."
    )


@pytest.mark.parametrize("statement", ["DELETE FROM alembic_version", "DROP TABLE alembic_version"])
def test_a_database_without_a_revision_is_behind(connection: Connection, statement: str) -> None:
    connection.execute(text(statement))
    standing = releasing.look()
    assert (standing.place, standing.found) == ("behind", None)
    assert "The database is at base" in str(standing.finding)


@pytest.mark.parametrize("phase", ["expand", "backfill", "contract"])
def test_a_database_that_a_newer_release_has_been_at_is_ahead(connection: Connection, phase: str) -> None:
    go_ahead(connection, "fedcba987654", phase)
    standing = releasing.look()
    assert (standing.place, standing.is_fit) == ("ahead", True)


@pytest.mark.parametrize("comment", ["NULL", "'seen by Taro'", "'[1]'"])
def test_a_revision_that_no_release_leads_to_is_unknown(connection: Connection, comment: str) -> None:
    connection.execute(text(f"COMMENT ON TABLE alembic_version IS {comment}"))
    connection.execute(RECORD, {"revision": "fedcba987654"})
    standing = releasing.look()
    assert (standing.place, standing.is_fit) == ("unknown", False)
    assert "which this code does not know" in str(standing.finding)


def test_two_revisions_at_once_are_never_fit(connection: Connection) -> None:
    connection.execute(text("INSERT INTO alembic_version VALUES ('fedcba987654')"))
    assert not releasing.look().is_fit


def test_it_asks_once_in_some_seconds(connection: Connection) -> None:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    for _ in range(3):
        releasing.require()
    assert sum("alembic_version" in one for one in asked) == 1


def test_it_notices_soon_that_a_release_has_run(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(releasing.SECONDS_TRUSTED, False, 0.0)
    go_back(connection)
    with pytest.raises(releasing.Unreleased, match="this code needs"):
        releasing.require()
    connection.execute(RECORD, {"revision": releasing.shipped().wanted})
    releasing.require()


def test_looking_leaves_no_transaction_open() -> None:
    releasing.look()
    assert not db.session().in_transaction()
