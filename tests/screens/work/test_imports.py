"""Received files on screen."""

import pytest
from flask import Flask

from tests.files.builders import company as filer
from tests.files.builders import issue
from tests.screens.browsing import Browser, statements
from tests.services.intake.lists import UNLISTED, edinet, jpx, take
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
    ("language", "told"), [("ja", "stockcode import で受け取った"), ("en", "appear in this list")]
)
def test_an_empty_list_says_what_to_do_until_there_is_a_file(app: Flask, language: str, told: str) -> None:
    browser = Browser(app, language=language)
    assert told in browser.get("/admin/imports/").text
    a_file()
    assert told not in browser.get("/admin/imports/").text


def test_nobody_edits_a_received_file(app: Flask) -> None:
    number = a_file()
    browser = Browser(app, "admin")
    for path in ("edit/", "delete/", "action/"):
        assert browser.post(f"/admin/imports/{path}", {"id": number}, id=number).status_code == 404


def a_list(app: Flask) -> tuple[int, int]:
    """A file whose list is in the tables, and its change set."""
    change_set = take(edinet(filer(UNLISTED), day="2026年2月26日"))
    assert change_set is not None
    db.session.commit()
    assert app
    return change_set.import_file_id or 0, change_set.id


def test_a_files_page_links_what_came_of_it(app: Flask) -> None:
    number, change_set = a_list(app)
    page = Browser(app).get("/admin/imports/details/", id=number)
    assert f"/admin/change-sets/details/?id={change_set}" in page.text
    assert "Withdraw" not in page.text.replace("Withdrawn", "")


def test_an_administrator_withdraws_a_list_and_nobody_else_does(app: Flask) -> None:
    number, _change_set = a_list(app)
    assert Browser(app, "approver").post("/admin/imports/withdraw/", {"id": number}).status_code == 403
    administrator = Browser(app, "admin")
    assert "Withdraw this list" in administrator.get("/admin/imports/details/", id=number).text
    assert administrator.post("/admin/imports/withdraw/", {"id": number}).status_code == 303
    page = administrator.get("/admin/imports/details/", id=number).text
    assert "lists of earlier days are taken again" in page
    assert administrator.user_name in page
    assert "Withdraw this list" not in page
    assert take(edinet(filer(UNLISTED | {"資本金": "5"}))) is not None
    assert administrator.post("/admin/imports/withdraw/", {"id": 10**9}).status_code == 404


@pytest.mark.parametrize(("language", "told"), [("en", ("line 4", "Growth")), ("ja", ("4 行目", "グロース"))])
def test_a_change_sets_page_says_what_was_refused_and_whom_it_is_about(
    app: Flask, language: str, told: tuple[str, ...]
) -> None:
    growth = {"市場・商品区分": "グロース（内国株式）"}
    take(jpx(issue(code="1301"), issue(growth, code="4001")))
    later = {"日付": "20260130"}
    change_set = take(
        jpx(issue(later, code="1301"), issue(later, code="1302"), issue(later | {"銘柄名": ""}, code="1303"))
    )
    assert change_set is not None
    number = change_set.id
    db.session.commit()
    page = Browser(app, language=language).get("/admin/change-sets/details/", id=number).text
    for words in ("1303", *told):
        assert words in page
