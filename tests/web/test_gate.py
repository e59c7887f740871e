"""Every request passes one gate: what cannot be text is a 400 wherever it stands, and only named proxies are believed.

A proxy that is not believed is said once.
"""

import io
import logging
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests import factories, people
from tests.screens.browsing import Browser
from webapp import db
from webapp.web import gate

pytestmark = pytest.mark.usefixtures("connection")

OF_A_PROGRAM = {"Accept": "application/json"}
FORM = "application/x-www-form-urlencoded"
FORWARDED = {"X-Forwarded-For": "203.0.113.9"}
# A NUL, a byte that begins nothing, a character cut short, half a surrogate pair, a slash spelt too long.
NO_TEXT = ("%00", "%FF", "%E3%81", "%ED%A0%80", "%C0%AF")


def rules(app: Flask) -> Iterator[Rule]:
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "status.readyz":
            yield rule


def path_of(app: Flask, rule: Rule) -> str:
    with app.test_request_context():
        built = rule.build(dict.fromkeys(rule.arguments, "1") | dict(rule.defaults or {}))
    assert built is not None
    return built[1]


def test_no_route_reads_an_address_that_is_no_text(app: Flask) -> None:
    browser = Browser(app, "admin")
    wrong = []
    for rule in rules(app):
        path = path_of(app, rule)
        for name in ("id", "search", "query", "url", "flt0_name_ja_contains"):
            # A program is told so in fewer words than a person.
            status = browser.client.get(f"{path}?{name}=a%00b%FF", headers=OF_A_PROGRAM).status_code
            if status != 400:
                wrong.append((path, name, status))
    assert wrong == []


@pytest.mark.parametrize("value", NO_TEXT)
def test_an_address_that_is_no_text_is_refused_before_anybody_signs_in(
    client: FlaskClient, value: str
) -> None:
    assert client.get(f"/login?next={value}").status_code == 400
    # As a server hands on a path: byte by byte.
    path = unquote_to_bytes(value).decode("latin-1")
    for place in ("/", "/static/", "/admin/companies/export/"):
        assert client.get("/", environ_overrides={"PATH_INFO": place + path}).status_code == 400


@pytest.mark.parametrize("referrer", ["http://[", "http://a:b/", "http://a:99999/"])
def test_a_page_before_that_is_no_address_is_refused(app: Flask, client: FlaskClient, referrer: str) -> None:
    headers = {"Referer": referrer}
    assert client.post("/logout", headers=headers).status_code == 400
    token = {"csrf_token": people.csrf_token(client)}
    secure = {"base_url": "https://localhost", "headers": headers}
    assert Browser(app).client.post("/language/ja", data=token, **secure).status_code == 400


@pytest.mark.parametrize("value", NO_TEXT)
@pytest.mark.parametrize("name", ["name_ja", "industry_code-name", "change_reason", "url", "no_such"])
def test_a_form_with_what_is_no_text_is_refused_and_stores_nothing(app: Flask, name: str, value: str) -> None:
    browser = Browser(app)
    key = factories.company(name_ja="任天堂株式会社").id
    db.session.commit()
    token = people.csrf_token(browser.client)
    answer = browser.client.post(
        f"/admin/companies/edit/?id={key}", data=f"csrf_token={token}&{name}=a{value}b", content_type=FORM
    )
    assert answer.status_code == 400
    assert "%FF" not in str(browser.get("/admin/companies/").text)


def test_text_of_any_language_passes(app: Flask) -> None:
    browser = Browser(app)
    assert browser.get("/admin/companies/", search="任天堂 髙島屋 😀 é").status_code == 200
    assert browser.save("/admin/companies/new/", {"name_ja": "髙島屋"}).status_code == 302


def test_a_file_in_the_place_of_a_text_is_refused(app: Flask) -> None:
    browser = Browser(app)
    form = browser.form("/admin/companies/new/")
    file = (io.BytesIO(b"a name"), "name.txt")
    answer = browser.post("/admin/companies/new/", {**form, "name_ja": file})
    assert answer.status_code == 400
    assert "FileStorage" not in browser.get("/admin/companies/").text


def test_a_part_that_is_no_text_is_refused(app: Flask) -> None:
    browser = Browser(app)
    token = people.csrf_token(browser.client)
    for value in (b"a\x00b", b"a\xffb"):
        parts = (
            b'--edge\r\nContent-Disposition: form-data; name="name_ja"\r\n\r\n' + value + b"\r\n--edge--\r\n"
        )
        answer = browser.client.post(
            "/admin/companies/new/",
            input_stream=io.BytesIO(parts),
            content_length=len(parts),
            content_type="multipart/form-data; boundary=edge",
            headers={"X-CSRFToken": token},
        )
        assert answer.status_code == 400


def test_a_cookie_with_a_nul_is_refused_and_one_of_another_site_is_its_own_business(app: Flask) -> None:
    client = app.test_client(use_cookies=False)
    for cookie, status in (('theme="\\000dark"', 400), ("of_another_site=\xe9\xff", 200)):
        assert client.get("/login", environ_overrides={"HTTP_COOKIE": cookie}).status_code == status


@pytest.mark.parametrize("body", ['{"a": "\\u0000"}', '{"a\\ud800": 1}', '[{"b": ["\\udfff"]}]', "{", "\xff"])
def test_an_object_with_what_is_no_text_is_refused(app: Flask, body: str) -> None:
    client = people.signed_in(app, people.user("steward"))
    answer = client.post(
        "/admin/companies/new/",
        data=body.encode("latin-1"),
        content_type="application/json",
        headers={"X-CSRFToken": people.csrf_token(client)},
    )
    assert answer.status_code == 400
    with app.test_request_context(json={"a": ["髙島屋", {"b": None}]}, method="POST"):
        assert gate.check_body() is None


def behind_proxies(behind: int) -> Flask:
    app = Flask("behind")
    gate.install(app, behind)
    app.add_url_rule("/", "address", lambda: str(request.remote_addr))
    return app


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "webapp.web.gate"]


@pytest.mark.parametrize(
    ("behind", "headers", "named"),
    [
        (0, FORWARDED, "X-Forwarded-For"),
        (0, {"Forwarded": "for=203.0.113.9"}, "Forwarded"),
        (0, {"X-Real-IP": "203.0.113.9", "X-Forwarded-Proto": "https"}, "X-Forwarded-Proto, X-Real-IP"),
        (2, FORWARDED, "X-Forwarded-For"),
        (1, {"Forwarded": "for=203.0.113.9"}, "Forwarded"),
    ],
)
def test_a_header_that_is_ignored_is_warned_about_once(
    caplog: pytest.LogCaptureFixture, behind: int, headers: dict[str, str], named: str
) -> None:
    browser = behind_proxies(behind).test_client()
    for _ in range(3):
        assert browser.get("/", headers=headers).text == "127.0.0.1"
    (warning,) = warnings(caplog)
    assert warning.startswith(f"{named} ignored as BEHIND_PROXIES is {behind}:")


@pytest.mark.parametrize(
    ("behind", "headers", "address"),
    [
        (0, {}, "127.0.0.1"),
        (1, FORWARDED, "203.0.113.9"),
        (1, {"X-Forwarded-For": "198.51.100.1, 203.0.113.9"}, "203.0.113.9"),
        (1, {}, "127.0.0.1"),
    ],
)
def test_where_the_settings_fit_nothing_is_said(
    caplog: pytest.LogCaptureFixture, behind: int, headers: dict[str, str], address: str
) -> None:
    with caplog.at_level(logging.WARNING):
        assert behind_proxies(behind).test_client().get("/", headers=headers).text == address
    assert warnings(caplog) == []
