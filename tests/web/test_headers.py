"""Headers: every answer carries them, whatever it answers."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import people
from webapp.web import headers


@pytest.mark.parametrize(
    "path", ["/login", "/", "/admin/", "/nothing", "/static/built/admin.css", "/healthz"]
)
def test_every_answer_carries_every_header(client: FlaskClient, path: str) -> None:
    with client.get(path) as answer:
        assert {name: answer.headers.get(name) for name in headers.ALWAYS} == headers.ALWAYS


def test_the_policy_lets_in_no_script_or_style_but_our_files() -> None:
    directives = dict(part.split(" ", 1) for part in headers.CONTENT_SECURITY_POLICY.split("; "))
    assert directives["default-src"] == directives["base-uri"] == directives["frame-ancestors"] == "'none'"
    assert directives["script-src"] == directives["style-src"] == "'self'"
    assert "unsafe" not in headers.CONTENT_SECURITY_POLICY


def test_pages_are_kept_by_no_cache_and_files_may_be(app: Flask, client: FlaskClient) -> None:
    browser = people.signed_in(app, people.user())
    for path in ("/login", "/nothing", "/admin/"):
        assert browser.get(path).headers["Cache-Control"] == "no-store"
    with browser.get("/static/built/admin.css") as file:
        assert "no-store" not in file.headers["Cache-Control"]
        assert file.headers["ETag"]


def test_https_is_not_insisted_on_for_ones_own_machine(client: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in client.get("/login").headers
