"""Files that wait while others are written: what was shown is no longer what would be done."""

import pytest
from flask import Flask

from tests.files.builders import company as filer
from tests.files.builders import edinet_text, issue, jpx_csv
from tests.screens.browsing import Browser
from tests.screens.work.test_uploads import NEW, again, bring, companies, decide, uploads
from tests.services.intake.lists import LISTED
from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.company import Company

pytestmark = pytest.mark.usefixtures("connection")

CODE = LISTED["証券コード"][:4]


def test_of_two_lists_that_came_together_the_second_is_compared_again_before_it_is_written(
    app: Flask,
) -> None:
    browser, before = Browser(app), companies()
    edinet = edinet_text(filer(LISTED)).encode("cp932")
    bring(browser, (edinet, "EdinetcodeDlInfo.csv"), (jpx_csv(issue(code=CODE)), "data_j.csv"))
    first, second = uploads()
    shown = second.change_set_id
    decide(browser, first)
    decide(browser, second)
    page = browser.get(f"{NEW}preview/", id=second.id).text
    assert "it was compared again and nothing was written" in page
    assert companies() == before + 1
    assert db.session.get_one(ChangeSet, shown).status == "rejected"
    assert again(second).change_set_id != shown
    decide(browser, second)
    company = db.session.query(Company).filter_by(ticker_symbol=CODE).one()
    assert company.market_division is not None
    assert companies() == before + 1


def test_only_of_a_list_it_can_be_said_that_nothing_is_missing(app: Flask) -> None:
    browser = Browser(app)
    prices = b"Date,Open,High,Low,Close,Volume\n2024-12-27,1,1,1,1,1\n"
    bring(browser, (edinet_text(filer(LISTED)).encode("cp932"), "list.csv"), (prices, "7203.csv"))
    pages = [browser.get(f"{NEW}preview/", id=upload.id).text for upload in uploads()]
    assert ['name="is_whole"' in page for page in pages] == [True, False]
    assert ['name="code"' in page for page in pages] == [False, True]
