"""Pages are compressed as they leave, and tell nothing by it."""

import gzip
from collections.abc import Callable

import brotli
import pytest
from flask import Flask

from tests import people
from tests.screens.browsing import Browser

pytestmark = pytest.mark.usefixtures("connection")


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
