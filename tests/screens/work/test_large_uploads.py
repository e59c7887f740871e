"""Files that take long are compared by a worker: their page watches it, and ends it where that is wanted."""

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories import company
from tests.files.builders import company as filer
from tests.screens.browsing import Browser
from tests.screens.work.test_uploads import NEW, UNLISTED, a_list, brought, companies, decide
from webapp import db
from webapp.jobs import child
from webapp.models.change_set import ChangeSet
from webapp.models.stock_price import StockPrice
from webapp.models.upload import Upload
from webapp.models.user import User
from webapp.services.intake import importing
from webapp.services.intake.importing import AnotherImport
from webapp.services.intake.looking import feeding
from webapp.services.intake.uploading import leaving
from webapp.services.intake.uploading import uploads as service
from webapp.services.queueing import long_changes, watching
from webapp.services.queueing.watching import Job

pytestmark = pytest.mark.usefixtures("connection")


@pytest.fixture(autouse=True)
def everything_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "LARGEST_AT_ONCE", 10)


def bring(browser: Browser, content: bytes, name: str = "EdinetcodeDlInfo.csv") -> int:
    """The number of what was brought; a job forgets its session, and the upload with it."""
    return brought(browser, content, name).id


def stored(number: int) -> Upload:
    return db.session.get_one(Upload, number)


def job_of(number: int) -> Job:
    job = watching.of_upload(number)
    assert job is not None
    return job


def worked_on(number: int) -> str:
    """What comes of it when a worker does the job."""
    return str(child.do(job_of(number).id, leaving.COMPARE)["state"])


def test_a_worker_compares_it_while_its_page_watches_and_then_it_is_decided_on(app: Flask) -> None:
    browser, before = Browser(app), companies()
    number = bring(browser, a_list())
    page = browser.get(f"{NEW}preview/", id=number).text
    for told in (
        "is compared by a worker",
        "data-then-anew",
        "data-job=",
        ">Being compared<",
        f"{NEW}cancel/",
    ):
        assert told in page
    for asked in ("Write these changes?", "Remove the file"):
        assert asked not in page
    assert "Being compared" in browser.get(NEW).text
    assert worked_on(number) == "done"
    assert "Write these changes?" in browser.get(f"{NEW}preview/", id=number).text
    decide(browser, stored(number), reason="monthly list")
    assert companies() == before + 1


def test_a_feed_is_compared_from_a_disk(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeding, "MOST_ITEMS", 0)
    company(ticker_symbol="7203", listing_status="listed")
    browser = Browser(app)
    content = b"Date,Code,O,H,L,C,UL,LL,Vo,Va,AdjFactor,AdjO,AdjH,AdjL,AdjC,AdjVo\n"
    content += b"2025-06-30,72030,1,1,1,1,0,0,1,1,1,1,1,1,1,1\n"
    number = bring(browser, content, "prices.csv")
    assert (worked_on(number), stored(number).status) == ("done", "compared")
    decide(browser, stored(number))
    assert len(db.session.scalars(select(StockPrice.close)).all()) == 1


def test_what_is_refused_says_so_on_its_page_and_can_be_called_something_else(app: Flask) -> None:
    browser = Browser(app)
    number = bring(browser, a_list(filer(UNLISTED)))
    worked_on(number)
    first = stored(number).change_set_id
    browser.post(f"{NEW}compare/", {"id": number, "kind": "jpx-list"})
    assert db.session.get_one(ChangeSet, first).status == "rejected"
    assert stored(number).status == "received"
    assert worked_on(number) == "done"
    assert "Expected the 10 columns" in browser.get(f"{NEW}preview/", id=number).text
    browser.post(f"{NEW}compare/", {"id": number, "kind": "edinet-codes", "is_whole": "1"})
    assert worked_on(number) == "done"
    taken = stored(number)
    assert (taken.status, taken.is_whole, taken.refusal) == ("compared", True, None)


def test_it_is_cancelled_from_its_page_and_can_be_compared_again_or_removed(app: Flask) -> None:
    browser = Browser(app)
    number = bring(browser, a_list())
    job = job_of(number)
    for said in ("It is cancelled", "The worker had ended already."):
        assert browser.post(f"{NEW}cancel/", {"id": number}).status_code == 303
        assert said in browser.get(f"{NEW}preview/", id=number).text
    assert (job_of(number).id, job_of(number).status) == (job.id, "cancelled")
    assert "Remove the file" in browser.get(f"{NEW}preview/", id=number).text
    browser.post(f"{NEW}compare/", {"id": number, "kind": "edinet-codes"})
    assert (job_of(number).id != job.id, job_of(number).status) == (True, "todo")
    browser.post(f"{NEW}compare/", {"id": number, "kind": "edinet-codes"})
    assert [one.status for one in watching.newest(2)] == ["todo", "cancelled"]


def test_the_writing_of_one_is_cancelled_from_its_page_and_it_waits_again(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "LARGEST_AT_ONCE", service.LARGEST)
    monkeypatch.setattr(long_changes, "MOST_IN_A_REQUEST", 0)
    browser, before = Browser(app), companies()
    number = bring(browser, a_list())
    decide(browser, stored(number))
    assert f"{NEW}cancel/" in browser.get(f"{NEW}preview/", id=number).text
    browser.post(f"{NEW}cancel/", {"id": number})
    page = browser.get(f"{NEW}preview/", id=number).text
    assert ("Write these changes?" in page, f"{NEW}cancel/" in page, companies()) == (True, False, before)


def test_whoever_may_not_import_any_more_has_nothing_compared(app: Flask) -> None:
    browser = Browser(app)
    number = bring(browser, a_list())
    db.session.get_one(User, browser.user_id).role = "viewer"
    db.session.commit()
    assert worked_on(number) == "refused"
    assert stored(number).status == "received"


def test_while_another_import_is_at_it_the_job_is_left_for_later(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_given: object) -> None:
        raise AnotherImport

    number = bring(Browser(app), a_list())
    monkeypatch.setattr(importing, "preview", busy)
    assert worked_on(number) == "later"


def test_of_a_zip_that_is_too_large_to_be_looked_at_nobody_is_told_that_it_is_damaged(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "LARGEST_LOOKED_AT", 10)
    number = bring(Browser(app), b"PK\x03\x04" + b"x" * 100, "list.zip")
    assert (stored(number).kind, stored(number).status) == (None, "received")
