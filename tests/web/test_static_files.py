"""Files of pages: kept for ever under a name of what they hold, and compressed before anybody asks."""

import gzip
import os
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient

from webapp import placed
from webapp.web import static_files

FOR_EVER = "public, max-age=31536000, immutable"
STYLE = "body { color: red } " * 200


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three files, compressed as set-up does it."""
    for name, content in (("built/admin.css", STYLE), ("built/list.js", STYLE), ("icons.svg", "<svg/>")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content)
    placed.pack(tmp_path)
    return tmp_path


@pytest.fixture
def browser(folder: Path) -> Iterator[FlaskClient]:
    app = Flask("files", static_folder=str(folder), static_url_path="/static/0123456789abcdef")
    static_files.install(app)
    with app.test_client() as browser:
        yield browser


@pytest.mark.parametrize(
    ("accepted", "encoding", "unpack"),
    [
        ("gzip, deflate, br, zstd", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("br;q=0, gzip", "gzip", gzip.decompress),
        ("", None, bytes),
        ("identity", None, bytes),
    ],
)
def test_a_file_comes_in_the_best_form_that_the_browser_reads(
    browser: FlaskClient, accepted: str, encoding: str | None, unpack: object
) -> None:
    assert callable(unpack)
    answer = browser.get(
        "/static/0123456789abcdef/built/admin.css", headers={"Accept-Encoding": accepted}, buffered=True
    )
    assert answer.headers.get("Content-Encoding") == encoding
    assert (answer.mimetype, answer.headers["Vary"]) == ("text/css", "Accept-Encoding")
    assert answer.headers["Cache-Control"] == FOR_EVER
    assert unpack(answer.data) == STYLE.encode()
    assert (len(answer.data) < len(STYLE)) is (encoding is not None)
    again = {"Accept-Encoding": accepted, "If-None-Match": answer.headers["ETag"]}
    assert (
        browser.get("/static/0123456789abcdef/built/admin.css", headers=again, buffered=True).status_code
        == 304
    )


def test_what_grows_when_compressed_comes_as_it_is(browser: FlaskClient) -> None:
    answer = browser.get(
        "/static/0123456789abcdef/icons.svg", headers={"Accept-Encoding": "br"}, buffered=True
    )
    assert (answer.text, answer.headers.get("Content-Encoding")) == ("<svg/>", None)


@pytest.mark.parametrize("path", ["/static/fedcba9876543210/built/list.js", "/static/built/list.js"])
def test_a_page_of_another_release_gets_todays_file_and_keeps_it_not(browser: FlaskClient, path: str) -> None:
    answer = browser.get(path, headers={"Accept-Encoding": "br"}, buffered=True)
    assert brotli.decompress(answer.data) == STYLE.encode()
    assert answer.headers["Cache-Control"] == "no-cache"


def test_a_file_that_has_changed_since_the_start_is_not_kept(browser: FlaskClient, folder: Path) -> None:
    style = folder / "built" / "admin.css"
    style.write_text("new")
    os.utime(style, (1, 1))
    answer = browser.get(
        "/static/0123456789abcdef/built/admin.css", headers={"Accept-Encoding": "br"}, buffered=True
    )
    assert (answer.text, answer.headers["Cache-Control"]) == ("new", "no-cache")


@pytest.mark.parametrize(
    "path", ["built/none.js", "../static_files.py", "0123456789abcdef/", "%2e%2e/secret"]
)
def test_nothing_else_is_served(browser: FlaskClient, path: str) -> None:
    for start in ("/static/", "/static/0123456789abcdef/"):
        assert browser.get(start + path, buffered=True).status_code == 404


def test_pages_name_files_by_what_all_of_them_hold(app: Flask, folder: Path) -> None:
    with app.test_request_context():
        assert url_for("static", filename="built/list.js") == f"/static/{placed.digest()}/built/list.js"
    before = placed.digest(folder)
    (folder / "built" / "list.js").write_text("other")
    assert placed.digest(folder) != before


def test_set_up_has_compressed_what_pages_load(client: FlaskClient) -> None:
    for name in (*placed.PACKAGES, *placed.BUNDLES, "icons.svg"):
        path = f"{static_files.address()}/{name}"
        with client.get(path, headers={"Accept-Encoding": "br, gzip"}) as answer:
            assert answer.headers["Content-Encoding"] == "br", f"{name}: run make setup"
            assert answer.headers["Cache-Control"] == FOR_EVER
