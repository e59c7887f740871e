"""Every answer carries its headers, whatever it answers; pages are compressed as they leave, and tell nothing by it."""

import gzip
from collections.abc import Callable

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import people
from tests.screens.browsing import Browser
from webapp.web import leaving

pytestmark = pytest.mark.usefixtures("connection")


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
