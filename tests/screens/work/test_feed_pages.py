"""The page of a feed: figures and examples in place of items, the list of its rows, and its undoing."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories
from tests.lists import test_long_tables
from tests.screens.browsing import Browser
from tests.screens.work import test_uploads
from webapp import db
from webapp.lists import returning
from webapp.models.change_set import ChangeSet
from webapp.models.stock_price import StockPrice
from webapp.services.intake import importing
from webapp.services.intake.importing import Request
from webapp.services.intake.looking import feeding

pytestmark = pytest.mark.usefixtures("connection")

PRICES = "Date,Open,High,Low,Close,Volume\n2025-06-30,5,9,4,{close},1\n2025-06-27,5,9,4,6,1\n"


@pytest.fixture
def feed(connection: object, monkeypatch: pytest.MonkeyPatch) -> int:
    """A feed of one changed day and one new one."""
    monkeypatch.setattr(feeding, "MOST_ITEMS", 0)
    factories.company(ticker_symbol="7203", listing_status="listed")
    for content in (PRICES.format(close=6).rsplit("\n", 2)[0], PRICES.format(close=7)):
        request = Request("prices", "7203.csv", content.encode(), factories.AUTHOR, code="7203")
        change_set = importing.carry_out(importing.preview(request))
    assert change_set is not None
    db.session.commit()
    return change_set.id


def test_a_feed_is_shown_by_ranges_fields_and_examples(app: Flask, feed: int) -> None:
    page = Browser(app).get("/admin/change-sets/details/", id=feed)
    for told in (
        "2025-06-27 to 2025-06-30 (2)",
        "Close",
        "7203",
        f"change_set_to={feed}",
        "<del>6.00",
        "<ins>7.00",
    ):
        assert told in page.text, told


def test_a_feed_of_statements_is_shown_by_its_periods_and_examples_that_lead_to_their_rows(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeding, "MOST_ITEMS", 0)
    returning.declare()
    number = test_long_tables.filed(company_id=factories.company(ticker_symbol="7203").id).id
    (row,) = test_long_tables.exported()
    change_set_id = test_long_tables.take([row | {"売上高": "1234567"}]).id
    db.session.commit()
    page = Browser(app).get("/admin/change-sets/details/", id=change_set_id)
    for told in (
        "Fiscal year to",
        "2025-03-31 to 2025-03-31 (1)",
        f"details/?id={number}",
        "1,234,567",
    ):
        assert told in page.text, told


def test_the_list_behind_a_feed_holds_the_rows_that_it_wrote_last(app: Flask, feed: int) -> None:
    listed = Browser(app).get("/admin/prices/", flt0_change_set_from=feed, flt1_change_set_to=feed)
    assert ",2025-06-27" in listed.text
    before = Browser(app).get("/admin/prices/", flt0_change_set_to=feed - 1)
    assert ",2025-06-27" not in before.text


def test_a_feed_is_undone_on_its_page(app: Flask, feed: int) -> None:
    browser = Browser(app)
    browser.post("/admin/change-sets/undo/", data={"id": str(feed)})
    rows = db.session.execute(select(StockPrice.traded_on, StockPrice.close)).all()
    assert rows == [(date(2025, 6, 30), 6)]
    undoing = db.session.get_one(ChangeSet, feed).undone_by
    assert undoing is not None
    page = browser.get("/admin/change-sets/details/", id=undoing.id)
    assert "known by its counts" in page.text


def test_a_long_file_that_is_brought_in_the_browser_shows_examples_and_is_written_when_confirmed(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeding, "MOST_ITEMS", 0)
    factories.company(ticker_symbol="7203", listing_status="listed")
    content = b"Date,Code,O,H,L,C,UL,LL,Vo,Va,AdjFactor,AdjC\n2025-06-30,72030,5,9,4,6,0,0,1,6,1,6\n"
    browser = Browser(app)
    upload = test_uploads.brought(browser, content, "prices.csv")
    page = browser.get("/admin/imports/new/preview/", id=upload.id)
    for told in ("Examples", "2025-06-30 to 2025-06-30 (1)", "<ins>6.00"):
        assert told in page.text, told
    assert db.session.scalars(select(StockPrice.close)).all() == []
    test_uploads.decide(browser, upload)
    assert db.session.scalars(select(StockPrice.close)).all() == [6]
