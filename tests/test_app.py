"""The composition root: what an application is like in production."""

import pytest
from flask import Flask, request
from sqlalchemy.engine import URL

from tests import people
from webapp import db
from webapp.app import create_app
from webapp.services.accounts import permissions
from webapp.settings import Settings

SECRET = "not a secret, but as long as one has to be"
HOST = {"base_url": "https://admin.example.co.jp"}


@pytest.fixture(scope="module")
def production(app: Flask, database_url: URL) -> Flask:
    """The application as its settings make it in production, behind one proxy."""
    made = create_app(
        Settings(
            database_url, SECRET, "production", ("admin.example.co.jp",), session_hours=8, behind_proxies=1
        )
    )
    made.testing = True
    return made


@pytest.fixture
def in_production(production: Flask, connection: object) -> Flask:
    return production


def test_the_session_cookie_is_for_this_host_over_https_and_no_script(in_production: Flask) -> None:
    client = in_production.test_client()
    client.get("/login", **HOST)
    email = people.user().email
    token = _token_on_the_form(client.get("/login", **HOST).text)
    form = {"email": email, "password": people.PASSWORD, "csrf_token": token}
    answer = client.post(
        "/login", data=form, headers={"Referer": "https://admin.example.co.jp/login"}, **HOST
    )
    assert answer.status_code == 303
    cookies = answer.headers.getlist("Set-Cookie")
    assert {cookie.split("=")[0] for cookie in cookies} >= {"__Host-session", "__Host-known"}
    for cookie in cookies:
        if cookie.startswith("__Host-"):
            assert "Domain" not in cookie
            for mark in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
                assert mark in cookie
    assert client.get("/login", **HOST).status_code == 302


def _token_on_the_form(page: str) -> str:
    return page.split('name="csrf_token" value="')[1].split('"', maxsplit=1)[0]


def test_https_is_insisted_on_in_production(in_production: Flask) -> None:
    header = in_production.test_client().get("/login", **HOST).headers["Strict-Transport-Security"]
    assert header == "max-age=63072000; includeSubDomains"


@pytest.mark.parametrize(
    "host", ["evil.example", "admin.example.co.jp.evil.example", "10.0.0.1", "localhost"]
)
def test_a_host_that_is_not_ours_is_refused(in_production: Flask, host: str) -> None:
    assert in_production.test_client().get("/login", base_url=f"https://{host}").status_code == 400


def test_a_form_sent_over_https_needs_to_come_from_a_page_of_ours(in_production: Flask) -> None:
    client = in_production.test_client()
    token = _token_on_the_form(client.get("/login", **HOST).text)
    form = {"lang": "en", "csrf_token": token}
    for referrer, status in (("https://evil.example/", 400), ("https://admin.example.co.jp/login", 303)):
        answer = client.post("/language", data=form, headers={"Referer": referrer}, **HOST)
        assert answer.status_code == status


def test_the_clients_address_is_what_the_proxy_says_and_not_what_the_client_says(
    in_production: Flask,
) -> None:
    seen: list[str | None] = []
    view = in_production.view_functions["account.start"]

    def look() -> str:
        seen.append(request.remote_addr)
        return ""

    look.required_right = permissions.PUBLIC  # type: ignore[attr-defined]  # as gate.requires does
    in_production.view_functions["account.start"] = look
    try:
        forwarded = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7"}
        in_production.test_client().get("/", headers=forwarded, **HOST)
    finally:
        in_production.view_functions["account.start"] = view
    assert seen == ["198.51.100.7"]


def test_without_a_proxy_nobody_chooses_their_own_address(app: Flask, connection: object) -> None:
    with app.test_request_context(headers={"X-Forwarded-For": "203.0.113.9"}):
        assert request.remote_addr != "203.0.113.9"


def test_sessions_last_as_long_as_the_settings_say(production: Flask) -> None:
    assert production.permanent_session_lifetime.total_seconds() == 8 * 3600


def test_debug_is_never_on(database_url: URL, monkeypatch: pytest.MonkeyPatch, app: Flask) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    assert not create_app(Settings(database_url, SECRET, "local", ("localhost",))).debug


def test_the_session_ends_with_the_request(app: Flask, connection: object) -> None:
    with app.app_context():
        before = db.session()
    with app.app_context():
        assert db.session() is not before
