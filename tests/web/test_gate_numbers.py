"""Every request has a number, and one line in the log that tells nobody's secrets."""

import json
import logging
import sys
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from webapp import logs
from webapp.web import gate


class Keeper(logging.Handler):
    """Keeps what it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.kept.append(record)


@pytest.fixture
def lines() -> Iterator[list[logging.LogRecord]]:
    """What the request log says during the test."""
    keeper = Keeper()
    level = gate.request_log.level
    gate.request_log.addHandler(keeper)
    gate.request_log.setLevel(logging.INFO)
    yield keeper.kept
    gate.request_log.setLevel(level)
    gate.request_log.removeHandler(keeper)


@pytest.fixture
def plain_client() -> FlaskClient:
    """A bare application, so that nothing else numbers or logs its requests."""
    app = Flask("bare")
    gate.install(app, 0)
    app.add_url_rule("/companies/<int:object>", view_func=str, endpoint="company")
    return app.test_client()


def test_a_request_gets_a_number(plain_client: FlaskClient) -> None:
    first, second = (plain_client.get("/companies/1").headers["X-Request-ID"] for _ in range(2))
    assert len(first) == 32
    assert first != second


def test_a_sane_number_from_the_proxy_is_kept(plain_client: FlaskClient) -> None:
    answer = plain_client.get("/companies/1", headers={"X-Request-ID": "edge-2026.11_0001"})
    assert answer.headers["X-Request-ID"] == "edge-2026.11_0001"


@pytest.mark.parametrize("given", ["short", "x" * 65, 'quote"quote', "two words here", "番号番号番号番号"])
def test_any_other_number_is_replaced(plain_client: FlaskClient, given: str) -> None:
    answer = plain_client.get("/companies/1", headers={"X-Request-ID": given})
    assert answer.headers["X-Request-ID"] != given


def test_the_line_says_what_happened_and_not_what_was_searched(
    plain_client: FlaskClient, lines: list[logging.LogRecord]
) -> None:
    plain_client.get("/companies/7974?search=canary", headers={"X-Request-ID": "number-0001"})
    shown = json.loads(logs.JsonLines().format(lines[0]))
    assert shown["request_id"] == "number-0001"
    assert (shown["method"], shown["path"], shown["status"]) == ("GET", "/companies/7974", 200)
    assert shown["ms"] >= 0
    assert "canary" not in json.dumps(shown)


def test_a_page_that_is_not_there_is_logged_too(
    plain_client: FlaskClient, lines: list[logging.LogRecord]
) -> None:
    plain_client.get("/nowhere")
    assert vars(lines[0])["status"] == 404


def test_an_error_shows_its_kind_and_place_but_never_its_text() -> None:
    try:
        raise ValueError("canary")
    except ValueError:
        record = logging.LogRecord("webapp", logging.ERROR, __file__, 1, "failed", (), sys.exc_info())
    shown = json.loads(logs.JsonLines().format(record))
    assert shown["error"]["kind"] == "ValueError"
    assert "test_gate_numbers.py" in shown["error"]["at"][0]
    assert "canary" not in json.dumps(shown)


def test_gunicorns_own_lines_take_the_same_form() -> None:
    production = logs.settings(is_production=True)
    assert production["handlers"]["stderr"]["formatter"] == "json"
    assert production["loggers"]["gunicorn.error"]["propagate"] is True
    assert logs.settings(is_production=False)["handlers"]["stderr"]["formatter"] == "plain"
