"""Deciding on an import that waits, from Home and from its own page."""

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories import AUTHOR
from tests.files.builders import company as filer
from tests.files.builders import edinet_text
from tests.screens.browsing import Browser
from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.company import Company
from webapp.services.intake import importing
from webapp.services.intake.importing import Request
from webapp.services.queueing import long_changes, watching

pytestmark = pytest.mark.usefixtures("connection")

LISTED = {"上場区分": "上場", "証券コード": "13760"}
DECIDE = "/admin/imports/decide/"


def waiting(name: str = "水産試験株式会社") -> int:
    """An import that somebody left at its question."""
    content = edinet_text(filer(LISTED | {"提出者名": name})).encode("cp932")
    change_set = importing.submit(importing.preview(Request("edinet-codes", "list.csv", content, AUTHOR)))
    assert change_set is not None
    db.session.commit()
    return change_set.id


def status(number: int) -> str:
    return db.session.get_one(ChangeSet, number, populate_existing=True).status


def names() -> list[str]:
    return list(db.session.scalars(select(Company.name_ja)))


@pytest.mark.parametrize(
    ("language", "label", "write"),
    [("ja", "EDINETコードリスト", "この内容を書き込む"), ("en", "EDINET code list", "Write these changes")],
)
def test_home_and_its_page_offer_to_write_or_decline_it(
    app: Flask, language: str, label: str, write: str
) -> None:
    number = waiting()
    browser = Browser(app, language=language)
    home = browser.get("/admin/").text
    assert label in home
    assert "list.csv" in home
    for page in (home, browser.get("/admin/change-sets/details/", id=number).text):
        assert write in page
        assert page.count(f'action="{DECIDE}"') == 1


def test_a_viewer_sees_it_and_decides_nothing(app: Flask) -> None:
    number = waiting()
    browser = Browser(app, "viewer")
    assert "list.csv" in browser.get("/admin/").text
    assert DECIDE not in browser.get("/admin/").text
    assert DECIDE not in browser.get("/admin/change-sets/details/", id=number).text
    assert browser.post(DECIDE, {"id": number, "decision": "write"}).status_code == 403
    assert status(number) == "proposed"


def test_writing_it_writes_its_rows_names_who_decided_and_offers_to_undo(app: Flask) -> None:
    number = waiting()
    browser = Browser(app)
    answer = browser.post(DECIDE, {"id": number, "decision": "write", "url": "/admin/"})
    assert (answer.status_code, answer.location) == (303, "/admin/")
    assert names() == ["水産試験株式会社"]
    assert db.session.get_one(ChangeSet, number).decided_by_id == browser.user_id
    page = browser.get("/admin/").text
    assert f"The import #{number} was written." in page
    assert 'action="/admin/change-sets/undo/"' in page
    assert DECIDE not in page


def test_declining_it_writes_nothing(app: Flask) -> None:
    number = waiting()
    browser = Browser(app)
    answer = browser.post(DECIDE, {"id": number, "decision": "decline"})
    assert answer.location == f"/admin/change-sets/details/?id={number}"
    assert status(number) == "rejected"
    assert names() == []
    assert f"The import #{number} was declined." in browser.get("/admin/").text


@pytest.mark.parametrize("second", ["write", "decline"])
def test_who_comes_second_is_told_that_it_is_decided(app: Flask, second: str) -> None:
    number = waiting()
    browser = Browser(app)
    browser.post(DECIDE, {"id": number, "decision": "write"})
    browser.get("/admin/")
    browser.post(DECIDE, {"id": number, "decision": second})
    assert "somebody has decided on this import already" in browser.get("/admin/").text
    assert status(number) == "applied"


def test_an_import_whose_rows_have_moved_is_not_written_and_says_so(app: Flask) -> None:
    first = waiting()
    number = waiting("別名試験株式会社")
    browser = Browser(app)
    browser.post(DECIDE, {"id": first, "decision": "write"})
    browser.get("/admin/")
    browser.post(DECIDE, {"id": number, "decision": "write"})
    assert "Nothing was" in browser.get("/admin/").text
    assert names() == ["水産試験株式会社"]
    assert status(number) == "proposed"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"id": "x", "decision": "write"}, 404),
        ({"id": "999999999", "decision": "write"}, 404),
        ({"decision": "write"}, 404),
        ({"id": "own", "decision": "maybe"}, 400),
        ({"id": "own"}, 400),
        ({"id": "edit", "decision": "write"}, 404),
    ],
)
def test_what_no_page_sends_is_refused(app: Flask, given: dict[str, str], code: int) -> None:
    number = waiting()
    edit = ChangeSet(kind="edit", table_name="companies", author_name="a", digest="0" * 64, status="proposed")
    db.session.add(edit)
    db.session.commit()
    known = {"own": str(number), "edit": str(edit.id)}
    sent = given | ({"id": known.get(given["id"], given["id"])} if "id" in given else {})
    assert Browser(app).post(DECIDE, sent).status_code == code
    assert status(number) == "proposed"


def test_what_takes_longer_than_a_page_is_left_to_a_worker_and_watched(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(long_changes, "MOST_IN_A_REQUEST", 0)
    number = waiting()
    browser = Browser(app)
    for _each in range(2):
        browser.post(DECIDE, {"id": str(number), "decision": "write"})
    page = browser.get("/admin/change-sets/details/", id=number).text
    job = watching.of_change_set(number)
    assert job is not None
    assert (job.status, job.asked_by, status(number), names()) == ("todo", browser.user_name, "proposed", [])
    assert f'data-job="/admin/jobs/{job.id}/"' in page
    assert "A worker is to write this import already." in page
    assert f'action="{DECIDE}"' not in page
