"""The gate, and who comes through: every route, every role, every method."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests import people
from webapp.rules.people import account
from webapp.services.accounts import permissions
from webapp.web import gate

KNOWN = {permissions.PUBLIC, permissions.SIGNED_IN, *permissions.RIGHTS}
# Everything that anybody on the internet may call. A new line here is a decision.
PUBLIC = {
    "account.language",
    "account.login",
    "account.sign_in",
    "account.start",
    "admin.static",
    "static",
    "static_unnamed",
    "status.healthz",
    "status.readyz",
}


def address(app: Flask, rule: Rule) -> str:
    """Where a rule leads, with 1 for every variable part."""
    with app.test_request_context():
        values = dict.fromkeys(rule.arguments, "1") | dict(rule.defaults or {})
        built = rule.build(values)
    assert built is not None
    return built[1]


def routes(app: Flask) -> Iterator[tuple[Rule, str, str]]:
    """Every rule with its address and right."""
    for rule in app.url_map.iter_rules():
        with app.app_context():
            right = gate.right_of(rule.endpoint)
        yield rule, address(app, rule), right or ""


def test_every_route_declares_a_right_that_exists(app: Flask) -> None:
    assert {rule.endpoint: right for rule, _, right in routes(app) if right not in KNOWN} == {}


def test_what_is_public_is_public_on_purpose(app: Flask) -> None:
    found = {rule.endpoint for rule, _, right in routes(app) if right == permissions.PUBLIC}
    assert found <= PUBLIC


def test_somebody_who_has_not_signed_in_is_asked_to_on_every_other_route(
    app: Flask, client: FlaskClient
) -> None:
    wrong = []
    for rule, path, right in routes(app):
        for method in sorted(rule.methods or ()):
            if right == permissions.PUBLIC:
                continue
            person = client.open(path, method=method)
            program = client.open(path, method=method, headers={"Accept": "application/json"})
            is_asked = person.status_code == 303 and person.location.startswith("/login")
            if not is_asked or program.status_code != 401:
                wrong.append((method, path, person.status_code, program.status_code))
    assert wrong == []


@pytest.mark.parametrize("role", account.ROLES)
def test_a_role_without_the_right_is_refused_on_every_method(
    app: Flask, client: FlaskClient, role: str
) -> None:
    browser = people.signed_in(app, people.user(role))
    wrong = []
    for rule, path, right in routes(app):
        if permissions.allows(role, right):
            continue
        for method in sorted(rule.methods or ()):
            status = browser.open(path, method=method).status_code
            if status != 403:
                wrong.append((method, path, right, status))
    assert wrong == []


@pytest.mark.parametrize("role", account.ROLES)
def test_a_role_with_the_right_is_let_in(app: Flask, client: FlaskClient, role: str) -> None:
    browser = people.signed_in(app, people.user(role))
    wrong = []
    for rule, path, right in routes(app):
        if "GET" not in (rule.methods or ()) or not permissions.allows(role, right):
            continue
        status = browser.get(path).status_code
        if status in (401, 403) or (status >= 500 and rule.endpoint != "status.readyz"):
            wrong.append((path, right, status))
    assert wrong == []


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_no_unsafe_request_passes_without_the_forms_token(
    app: Flask, client: FlaskClient, method: str
) -> None:
    browser = people.signed_in(app, people.user("admin"))
    wrong = []
    for rule, path, _right in routes(app):
        if method in (rule.methods or ()):
            status = browser.open(path, method=method).status_code
            if status != 400:
                wrong.append((path, status))
    assert wrong == []


class Screen:
    """A Flask-Admin view as the gate sees it: bound methods, and a table of rights."""

    rights = {"index_view": "read", "strange": 7}

    def index_view(self) -> str:
        return "in"

    def edit_view(self) -> str:
        return "in"

    def strange(self) -> str:
        return "in"


def plain() -> str:
    return "in"


@gate.requires("approve")
def declared() -> str:
    return "in"


@pytest.fixture
def small(app: Flask) -> Flask:
    """An application of a few views, guarded like the real one."""
    tiny = Flask("tiny", static_folder=None)
    views: dict[str, Callable[..., Any]] = {
        "plain": plain,
        "declared": declared,
        "index": Screen().index_view,
        "edit": Screen().edit_view,
        "strange": Screen().strange,
    }
    for name, view in views.items():
        tiny.add_url_rule(f"/{name}", name, view)
    return tiny


@pytest.mark.parametrize(
    ("endpoint", "right"),
    [
        ("declared", "approve"),
        ("index", "read"),
        ("plain", None),
        ("edit", None),
        ("strange", None),
        ("gone", None),
    ],
)
def test_a_right_is_what_the_view_or_its_screen_declares_and_nothing_else(
    small: Flask, endpoint: str, right: str | None
) -> None:
    with small.app_context():
        assert gate.right_of(endpoint) == right


def test_a_route_without_a_right_is_closed_to_administrators_too(app: Flask, client: FlaskClient) -> None:
    view = app.view_functions["account.logout"]
    app.view_functions["account.logout"] = plain
    try:
        browser = people.signed_in(app, people.user("admin"))
        assert browser.post("/logout").status_code == 403
    finally:
        app.view_functions["account.logout"] = view


def test_the_wanted_page_is_carried_along_but_never_the_address_of_a_form(
    app: Flask, client: FlaskClient
) -> None:
    assert client.post("/logout?x=1").location == "/login"
    view = app.view_functions["account.start"]
    app.view_functions["account.start"] = declared
    try:
        assert client.get("/?search=任天堂").location == "/login?next=/?search%3D%E4%BB%BB%E5%A4%A9%E5%A0%82"
        assert client.get("/").location == "/login?next=/"
    finally:
        app.view_functions["account.start"] = view
