"""Received files on screen."""

import pytest
from flask import Flask

from tests.screens.browsing import Browser, statements
from webapp import db
from webapp.models.import_file import ImportFile
from webapp.services.intake.kinds import KINDS

pytestmark = pytest.mark.usefixtures("connection")


def a_file(kind: str = "edinet-codes") -> int:
    row = ImportFile(
        kind=kind,
        name="Edinetcode.zip",
        sha256="a" * 64,
        size_bytes=1234567,
        content=b"secret bytes",
    )
    db.session.add(row)
    db.session.commit()
    return int(row.id)


def test_a_file_is_listed_and_shown_without_its_bytes(app: Flask) -> None:
    number = a_file()
    browser = Browser(app)
    with statements() as seen:
        pages = [browser.get("/admin/imports/"), browser.get("/admin/imports/details/", id=number)]
    for page in pages:
        assert page.status_code == 200
        for told in ("Edinetcode.zip", "1,234,567", "EDINET code list"):
            assert told in page.text
        assert "secret bytes" not in page.text
    assert not [one for one in seen if "import_files.content" in one]


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_kind_is_called_by_its_label_on_its_pages_and_in_the_filter(
    app: Flask, kind: str, language: str
) -> None:
    number = a_file(kind)
    label = KINDS[kind].label.in_language(language)
    browser = Browser(app, language=language)
    assert label in browser.get("/admin/imports/details/", id=number).text
    for known in KINDS.values():
        assert known.label.in_language(language) in browser.get("/admin/imports/").text


@pytest.mark.parametrize(
    ("language", "told"), [("ja", "stockcode import で受け取った"), ("en", "has received appear here")]
)
def test_an_empty_list_says_what_to_do_until_there_is_a_file(app: Flask, language: str, told: str) -> None:
    browser = Browser(app, language=language)
    assert told in browser.get("/admin/imports/").text
    a_file()
    assert told not in browser.get("/admin/imports/").text


def test_nobody_edits_a_received_file(app: Flask) -> None:
    number = a_file()
    browser = Browser(app, "admin")
    for path in ("edit/", "new/", "delete/", "action/"):
        assert browser.post(f"/admin/imports/{path}", {"id": number}, id=number).status_code == 404
