"""A change set that takes long is undone by a worker: its page watches that, and ends it where that is wanted."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.factories import company
from tests.screens.browsing import Browser
from tests.screens.work.test_uploads import NEW, a_list, brought, companies, decide
from webapp import db
from webapp.jobs import child
from webapp.models.change_set import ChangeSet
from webapp.services.queueing import long_changes, watching

pytestmark = pytest.mark.usefixtures("connection")

PAGE, UNDO, CANCEL = (f"/admin/change-sets/{path}/" for path in ("details", "undo", "cancel"))


@pytest.fixture
def made(connection: object, monkeypatch: pytest.MonkeyPatch) -> int:
    """The number of a change set that takes long."""
    monkeypatch.setattr(long_changes, "MOST_IN_A_REQUEST", 0)
    company()
    db.session.commit()
    return db.session.scalars(select(func.max(ChangeSet.id))).one()


def undo(browser: Browser, number: int, **more: str) -> str:
    answer = browser.post(UNDO, {"id": number, **more})
    assert answer.location == f"{PAGE}?id={number}"
    return browser.get(PAGE, id=number).text


def test_a_worker_undoes_it_while_its_page_watches(app: Flask, made: int) -> None:
    browser = Browser(app)
    page = undo(browser, made, url="/admin/companies/")
    for told in ("is undone by a worker", "Undo a change set", "data-then-anew", "data-job=", CANCEL):
        assert told in page
    assert "Undo this change" not in page
    assert "A worker is to undo this change set already." in undo(browser, made)
    job = watching.of_change_set(made)
    assert job is not None
    assert (companies(), child.do(job.id, long_changes.UNDO)) == (1, {"state": "done"})
    page = browser.get(PAGE, id=made).text
    assert (companies(), "Undone by" in page, "Undo this change" in page) == (0, True, False)


def test_it_is_cancelled_from_its_page_and_can_be_undone_again(app: Flask, made: int) -> None:
    browser = Browser(app)
    undo(browser, made)
    for said in ("It is cancelled", "The worker had ended already."):
        assert browser.post(CANCEL, {"id": made}).status_code == 303
        page = browser.get(PAGE, id=made).text
        assert said in page
        assert "Undo this change" in page
    assert ">waiting<" in undo(browser, made)
    assert companies() == 1


def test_whoever_may_not_write_neither_undoes_nor_cancels(app: Flask, made: int) -> None:
    undo(Browser(app), made)
    viewer = Browser(app, "viewer")
    page = viewer.get(PAGE, id=made).text
    assert ("data-job=" in page, CANCEL in page) == (True, False)
    assert viewer.post(CANCEL, {"id": made}).status_code == 403
    assert Browser(app).post(CANCEL, {"id": made + 1000}).status_code == 404


def test_of_one_that_has_been_undone_the_reason_is_told_at_once(app: Flask, made: int) -> None:
    first, second = Browser(app), Browser(app)
    undo(first, made)
    job = watching.of_change_set(made)
    assert job is not None
    child.do(job.id, long_changes.UNDO)
    second.post(UNDO, {"id": made})
    assert "undid it already at" in second.get("/admin/").text


def test_a_preview_shows_how_far_the_undoing_of_its_import_has_come(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Browser(app)
    upload = brought(browser, a_list())
    number = upload.id
    decide(browser, upload)
    change_set = db.session.scalars(select(func.max(ChangeSet.id))).one()
    monkeypatch.setattr(long_changes, "MOST_IN_A_REQUEST", 0)
    browser.post(UNDO, {"id": change_set, "url": f"{NEW}preview/?id={number}"})
    page = browser.get(f"{NEW}preview/", id=number).text
    for told in ("What was done", "data-job=", f"{NEW}cancel/"):
        assert told in page
    assert "Undo this change" not in page
    browser.post(f"{NEW}cancel/", {"id": number})
    assert "Undo this change" in browser.get(f"{NEW}preview/", id=number).text
