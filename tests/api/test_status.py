"""What a platform asks is answered truly, to anybody, with and without a database."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, text
from sqlalchemy.engine import URL, make_url

from tests.schemas import go_ahead
from webapp import db
from webapp.app import create_app
from webapp.services import releasing
from webapp.settings import DRIVER, Settings

NOBODY_LISTENS = make_url(f"{DRIVER}://nobody@/nothing?host=/nonexistent")


@pytest.fixture
def app_on(app: Flask, engine: Engine) -> Iterator[Callable[[URL], FlaskClient]]:
    """The application on another database; afterwards the session is where it was."""
    made: list[Flask] = []

    def create(url: URL) -> FlaskClient:
        settings = Settings(
            database_url=url, secret_key="x" * 32, environment="local", trusted_hosts=("localhost",)
        )
        made.append(create_app(settings))
        return made[-1].test_client()

    yield create
    if made:
        bound = db.session.get_bind()
        db.bind(engine)
        bound.engine.dispose()


def test_a_living_process_says_so_without_asking_the_database(app_on: Callable[[URL], FlaskClient]) -> None:
    answer = app_on(NOBODY_LISTENS).get("/healthz")
    assert answer.status_code == 200
    assert answer.json == {"status": "ok"}
    assert answer.headers["Cache-Control"] == "no-store"


def test_it_is_ready_at_the_revision_that_the_code_brings(client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json == {"status": "ok", "revision": releasing.shipped().wanted}


def test_it_is_not_ready_without_a_database(app_on: Callable[[URL], FlaskClient]) -> None:
    answer = app_on(NOBODY_LISTENS).get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {"status": "unavailable", "reason": "the database does not answer"}


def test_it_is_not_ready_before_the_first_release(
    app_on: Callable[[URL], FlaskClient], new_database: Callable[[], URL]
) -> None:
    answer = app_on(new_database()).get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert (answer.json["found"], answer.json["wanted"]) == (None, releasing.shipped().wanted)


def test_it_is_not_ready_behind_the_revision_that_the_code_needs(
    client: FlaskClient, connection: Connection
) -> None:
    wanted = releasing.shipped().wanted
    older = min(releasing.shipped().known - {wanted})
    connection.execute(text("UPDATE alembic_version SET version_num = :older"), {"older": older})
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json == {
        "status": "unavailable",
        "reason": f"The database is at {older}, this code needs {wanted}.",
        "wanted": wanted,
        "found": older,
    }


def test_it_stays_ready_when_a_newer_release_has_gone_ahead(
    client: FlaskClient, connection: Connection
) -> None:
    go_ahead(connection, "fedcba987654")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok", "revision": "fedcba987654"})


def test_it_is_not_ready_at_a_revision_that_no_release_leads_to(
    client: FlaskClient, connection: Connection
) -> None:
    connection.execute(text("UPDATE alembic_version SET version_num = 'fedcba987654'"))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert "fedcba987654, which this code does not know" in answer.json["reason"]
