"""Error pages: a sentence and a number, never the inside of the machine."""

import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from tests import people
from webapp import db
from webapp.services.accounts import permissions
from webapp.web import error_pages, gate

ROOT = Path(__file__).parents[2]
CANARY = "canary-7974"
Failing = Callable[[Callable[[], str]], FlaskClient]


@pytest.fixture
def failing(app: Flask, client: FlaskClient) -> Iterator[Failing]:
    """A browser for which the start page does what a test wants, with errors shown as in production."""
    view = app.view_functions["account.start"]

    def use(wanted: Callable[[], str]) -> FlaskClient:
        def start() -> str:
            return wanted()

        app.view_functions["account.start"] = gate.requires(permissions.PUBLIC)(start)
        return client

    app.config["PROPAGATE_EXCEPTIONS"] = False
    yield use
    app.config["PROPAGATE_EXCEPTIONS"] = None
    app.view_functions["account.start"] = view


def raises(error: Exception) -> Callable[[], str]:
    def view() -> str:
        raise error

    return view


def test_a_failure_is_a_number_that_the_log_repeats(
    failing: Failing, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, "webapp.web.error_pages"):
        answer = failing(raises(TypeError(CANARY))).get("/")
    assert answer.status_code == 500
    assert CANARY not in answer.text
    assert "TypeError" not in answer.text
    number = caplog.records[-1].error_number  # type: ignore[attr-defined]  # given as `extra`
    assert f"<code>{number}</code>" in answer.text


def test_what_the_database_says_never_reaches_the_page(failing: Failing) -> None:
    def view() -> str:
        return str(db.session.execute(text("SELECT 1 / 0, :word"), {"word": CANARY}))

    answer = failing(view).get("/")
    assert answer.status_code == 500
    for leak in (CANARY, "SELECT", "psycopg", "division"):
        assert leak not in answer.text


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("SELECT 1", {}, psycopg.OperationalError(CANARY)),
        OperationalError("SELECT 1", {}, psycopg.errors.QueryCanceled(CANARY)),
        OperationalError("SELECT 1", {}, psycopg.errors.LockNotAvailable(CANARY)),
        InterfaceError("SELECT 1", {}, psycopg.InterfaceError(CANARY)),
        NoConnectionFree(CANARY),
    ],
)
def test_a_database_that_does_not_answer_is_a_503_with_the_time_to_wait(
    failing: Failing, error: Exception
) -> None:
    answer = failing(raises(error)).get("/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert CANARY not in answer.text


@pytest.mark.parametrize("headers", [{"Accept": "application/json"}, {"X-Requested-With": "XMLHttpRequest"}])
def test_programs_get_json(failing: Failing, headers: dict[str, str]) -> None:
    answer = failing(raises(TypeError(CANARY))).get("/", headers=headers)
    assert answer.status_code == 500
    assert set(answer.get_json()["error"]) == {"status", "title", "message", "number"}
    assert CANARY not in answer.text
    missing = failing(raises(TypeError())).get("/nothing", headers=headers)
    assert missing.get_json()["error"]["status"] == 404


@pytest.mark.parametrize("accept", ["text/html,application/xhtml+xml,*/*;q=0.8", "*/*", "", "text/html"])
def test_people_get_a_page(client: FlaskClient, accept: str) -> None:
    answer = client.get("/nothing", headers={"Accept": accept})
    assert (answer.status_code, answer.mimetype) == (404, "text/html")


def test_the_methods_that_would_work_are_named(client: FlaskClient) -> None:
    answer = client.delete("/healthz")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_a_strange_host_is_refused_in_plain_words(client: FlaskClient) -> None:
    answer = client.get("/login", headers={"Host": "evil.example"})
    assert (answer.status_code, answer.mimetype) == (400, "text/plain")
    assert "evil" not in answer.text


def test_every_sentence_is_there_in_japanese() -> None:
    with (ROOT / "webapp/translations/ja/LC_MESSAGES/messages.po").open("rb") as file:
        catalogue = read_po(file, locale="ja")
    for sentence in (*error_pages.TITLES.values(), *error_pages.MESSAGES.values()):
        assert getattr(catalogue.get(sentence), "string", ""), sentence


def test_an_error_page_never_asks_the_database(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_args: object, **_kwargs: object) -> None:
        raise OperationalError("SELECT 1", {}, psycopg.OperationalError(CANARY))

    monkeypatch.setattr(db.session, "scalar", gone)
    monkeypatch.setattr(db.session, "execute", gone)
    browser = app.test_client()
    with browser.session_transaction() as session:
        session.update({"_user_id": "1:1", "signed_in_at": 2_000_000_000})
    assert browser.get("/nothing").status_code == 404
    session_that_works = app.test_client()
    with session_that_works.session_transaction() as session:
        session.update({"_user_id": "1:1", "signed_in_at": int(time.time())})
    assert session_that_works.get("/admin/").status_code == 503


def test_a_connection_that_dies_after_the_page_is_written_leaves_the_page_whole(
    app: Flask, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    def finished() -> str:
        number = db.session.scalar(text("SELECT pg_backend_pid()"))
        with engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:number)"), {"number": number})
            other.execute(text("SELECT pg_sleep(0.1)"))
        return "all of it"

    db.bind(engine)
    view = app.view_functions["account.start"]
    app.view_functions["account.start"] = gate.requires(permissions.PUBLIC)(finished)
    try:
        answer = app.test_client().get("/")
        assert (answer.status_code, answer.text) == (200, "all of it")
        app.view_functions["account.start"] = gate.requires(permissions.PUBLIC)(
            lambda: str(db.session.scalar(text("SELECT 1")))
        )
        assert app.test_client().get("/").text == "1"
    finally:
        app.view_functions["account.start"] = view


@pytest.mark.parametrize(
    "path", ["/nothing", "/admin/nothing/", "/admin/companies/?search=%00", "/admin/users/"]
)
def test_whoever_is_signed_in_keeps_the_menu(app: Flask, client: FlaskClient, path: str) -> None:
    steward = people.signed_in(app, people.user())
    answer = steward.get(path)
    assert answer.status_code in (400, 403, 404)
    assert 'id="side"' in answer.text
    assert "/admin/companies/" in answer.text
    assert 'id="side"' not in client.get(path, follow_redirects=True).text


def test_a_file_that_is_missing_costs_no_page(app: Flask, client: FlaskClient) -> None:
    assert 'id="side"' not in people.signed_in(app, people.user()).get("/static/nothing.js").text


def test_what_is_said_twice_before_somebody_looks_is_said_once(app: Flask, client: FlaskClient) -> None:
    browser = people.signed_in(app, people.user())
    with browser.session_transaction() as session:
        session["_flashes"] = [("error", "Gone."), ("success", "Saved."), ("error", "Gone.")]
    page = browser.get("/admin/").text
    assert (page.count("Gone."), page.count("Saved.")) == (1, 1)


@pytest.mark.parametrize(
    "error", [TypeError(CANARY), OperationalError("SELECT 1", {}, psycopg.OperationalError(CANARY))]
)
def test_what_goes_wrong_after_a_save_is_not_called_unsaved(failing: Failing, error: Exception) -> None:
    def saves_and_breaks() -> str:
        with db.transaction():
            db.session.execute(text("SELECT 1"))
        raise error

    answer = failing(saves_and_breaks).get("/", headers={"Accept-Language": "en"})
    assert answer.status_code in (500, 503)
    assert "Nothing was saved" not in answer.text
    assert "Look before you send it again" in answer.text
    again = failing(raises(error)).get("/", headers={"Accept-Language": "en"})
    assert "Nothing was saved" in again.text
