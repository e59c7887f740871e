"""Every answer carries its headers, whatever it answers; pages are compressed as they leave, and tell nothing by it.

The token of forms is another in every answer, one on each, and only the session's own is taken.
"""

import gzip
import re
from collections.abc import Callable

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from tests import people
from tests.screens.browsing import Browser
from webapp.web import leaving

pytestmark = pytest.mark.usefixtures("connection")

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@pytest.mark.parametrize(
    "path", ["/login", "/", "/admin/", "/nothing", "/static/built/admin.css", "/healthz"]
)
def test_every_answer_carries_every_header(client: FlaskClient, path: str) -> None:
    with client.get(path) as answer:
        assert {name: answer.headers.get(name) for name in leaving.ALWAYS} == leaving.ALWAYS


def test_the_policy_lets_in_no_script_or_style_but_our_files() -> None:
    directives = dict(part.split(" ", 1) for part in leaving.CONTENT_SECURITY_POLICY.split("; "))
    assert directives["default-src"] == directives["base-uri"] == directives["frame-ancestors"] == "'none'"
    assert directives["script-src"] == directives["style-src"] == "'self'"
    assert "unsafe" not in leaving.CONTENT_SECURITY_POLICY


def test_pages_are_kept_by_no_cache_and_files_may_be(app: Flask, client: FlaskClient) -> None:
    browser = people.signed_in(app, people.user())
    for path in ("/login", "/nothing", "/admin/"):
        assert browser.get(path).headers["Cache-Control"] == "no-store"
    with browser.get("/static/built/admin.css") as file:
        assert "no-store" not in file.headers["Cache-Control"]
        assert file.headers["ETag"]


def test_https_is_not_insisted_on_for_ones_own_machine(client: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in client.get("/login").headers


@pytest.mark.parametrize(
    ("accepted", "encoding", "unpack"),
    [
        ("gzip", "gzip", gzip.decompress),
        ("br, gzip", "br", brotli.decompress),
        ("gzip, deflate, br, zstd", "zstd", None),
    ],
)
def test_a_page_is_compressed_for_whoever_reads_that(
    app: Flask, accepted: str, encoding: str, unpack: Callable[[bytes], bytes] | None
) -> None:
    browser = people.signed_in(app, people.user())
    plain = browser.get("/admin/companies/")
    answer = browser.get("/admin/companies/", headers={"Accept-Encoding": accepted})
    assert answer.headers["Content-Encoding"] == encoding
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert len(answer.data) < len(plain.data) / 3
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    if unpack is not None:
        assert b"</html>" in unpack(answer.data)
    assert "Content-Encoding" not in plain.headers


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_whoever_comes_from_elsewhere_gets_a_page_whose_length_tells_nothing(app: Flask, site: str) -> None:
    headers = {"Accept-Encoding": "br", "Sec-Fetch-Site": site}
    answer = people.signed_in(app, people.user()).get("/admin/companies/?search=guess", headers=headers)
    assert (answer.status_code, answer.headers.get("Content-Encoding")) == (200, None)


def test_a_file_that_is_exported_says_its_length(app: Flask) -> None:
    browser = Browser(app)
    headers = {"Accept-Encoding": "br"}
    with browser.client.get("/admin/companies/export/csv/", headers=headers) as answer:
        assert answer.headers.get("Content-Encoding") is None


def test_every_answer_has_a_token_of_its_own_and_each_of_them_is_taken(client: FlaskClient) -> None:
    pages = [TOKEN.findall(client.get("/login").text) for _ in range(3)]
    assert all(len(set(tokens)) == 1 for tokens in pages)
    tokens = [tokens[0] for tokens in pages]
    assert len({token[:8] for token in tokens}) == len({token[-8:] for token in tokens}) == 3
    for token in tokens:
        form = {"lang": "en", "csrf_token": token}
        assert client.post("/language", data=form).status_code == 303
        assert (
            client.post("/language", data={"lang": "en"}, headers={"X-CSRFToken": token}).status_code == 303
        )


def test_no_part_of_the_sessions_token_is_on_the_page(client: FlaskClient) -> None:
    page = client.get("/login").text
    with client.session_transaction() as session:
        kept = session["csrf_token"]
    plain = leaving.unmasked(TOKEN.findall(page)[0])
    assert plain is not None
    assert kept not in page
    assert all(part not in page for part in plain.split("."))


@pytest.mark.parametrize("sent", ["", "x", "é", "A" * 243, "%%%", "AA=="])
def test_what_is_no_token_is_refused(client: FlaskClient, sent: str) -> None:
    client.get("/login")
    assert client.post("/language", data={"lang": "en", "csrf_token": sent}).status_code == 400


def test_the_token_of_another_session_is_refused(client: FlaskClient) -> None:
    other = people.csrf_token(client.application.test_client())
    with client.session_transaction() as session:
        session["csrf_token"] = "b" * 40
    assert client.post("/language", data={"lang": "en", "csrf_token": other}).status_code == 400


@given(st.text(st.characters(codec="ascii"), min_size=1))
def test_what_is_masked_is_unmasked(plain: str) -> None:
    assert leaving.unmasked(leaving.masked(plain)) == plain
