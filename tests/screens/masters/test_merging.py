"""The page on which a company that stands twice becomes one row."""

from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests import factories
from tests.screens.browsing import Browser
from webapp import db
from webapp.models.company import Company
from webapp.models.stock_price import StockPrice

pytestmark = pytest.mark.usefixtures("connection")

PATH = "/admin/companies/merge/"
DAY = date(2025, 6, 27)


@pytest.fixture
def goes() -> int:
    row = factories.company(
        edinet_code=None, ticker_symbol="9Y2X", listing_status="listed", name_ja="架空新規", market_division="GROWTH"
    )  # fmt: skip
    return int(row.id)


@pytest.fixture
def stays() -> int:
    return int(factories.company(edinet_code="E99801", name_ja="株式会社架空新規").id)


def sent(stays: int, goes: int, **more: str) -> dict[str, str]:
    seen = {"stays_version": stays, "goes_version": goes}
    versions = {name: str(db.session.get_one(Company, number).version) for name, number in seen.items()}
    return {"id": str(stays), "other": f"#{goes}", **versions, **more}


def test_a_company_of_the_same_name_is_offered_and_one_that_is_typed_is_compared(
    app: Flask, stays: int, goes: int
) -> None:
    browser = Browser(app)
    assert "merge/?id=" in browser.get("/admin/companies/details/", id=stays).text
    asked = browser.get(PATH, id=stays).text
    assert "9Y2X 架空新規" in asked
    assert "both keep their rows" in asked
    assert "No other company is found" in browser.get(PATH, id=stays, other="どこにもない").text
    compared = browser.get(PATH, id=stays, other="9Y2X").text
    assert 'name="field-name_ja"' in compared
    assert "GROWTH" not in compared
    assert "Growth" in compared


def test_two_corporate_numbers_are_warned_of(app: Flask, stays: int, goes: int) -> None:
    browser, warning = Browser(app), "have different corporate numbers"
    assert warning not in browser.get(PATH, id=stays, other="9Y2X").text
    for number, corporate_number in ((stays, "1130001011420"), (goes, "7010401006126")):
        db.session.get_one(Company, number).corporate_number = corporate_number
    db.session.commit()
    assert warning in browser.get(PATH, id=stays, other="9Y2X").text


def test_what_is_chosen_stays_and_the_number_of_the_other_row_leads_to_it(
    app: Flask, stays: int, goes: int
) -> None:
    for owner, close in ((stays, 1000), (goes, 1001)):
        prices = dict.fromkeys(("open", "high", "low", "close"), Decimal(close))
        factories.price(company_id=owner, traded_on=DAY, **prices)
    factories.statement(company_id=stays)
    statement = factories.statement(company_id=goes).id
    browser = Browser(app)
    page = browser.get(PATH, id=stays, other=f"#{goes}").text
    assert f'name="day-{DAY}"' in page
    assert f'name="statement-{statement}"' in page
    choices = {f"day-{DAY}": "goes", "field-listing_status": "goes", f"statement-{statement}": "goes"}
    form = sent(stays, goes, change_reason="one company", **choices)
    answer = browser.post(PATH, form)
    assert answer.status_code == 302
    row = db.session.get_one(Company, stays)
    assert (row.ticker_symbol, row.listing_status, row.name_ja) == ("9Y2X", "listed", "株式会社架空新規")
    assert db.session.scalars(select(StockPrice.close)).all() == [Decimal(1001)]
    details = browser.get("/admin/companies/details/", id=stays).text
    assert "“9Y2X 架空新規” was merged into “E99801 株式会社架空新規”" in details
    assert "Merged into this record: 9Y2X 架空新規" in details
    assert browser.get("/admin/companies/details/", id=goes).location.endswith(f"id={stays}")
    assert browser.post(PATH, form).status_code == 302
    assert db.session.scalar(select(func.count()).select_from(Company)) == 1


def test_a_row_that_somebody_has_changed_meanwhile_is_not_merged(app: Flask, stays: int, goes: int) -> None:
    browser, form = Browser(app), sent(stays, goes)
    wish = factories.Wish(Company, "update", {"website_url": "https://a.jp/"}, (goes,))
    factories.applying.carry_out(factories.proposing.propose([wish], factories.intent()))
    db.session.commit()
    browser.post(PATH, form)
    assert "Nothing was merged" in browser.get("/admin/companies/details/", id=stays).text
    assert db.session.scalar(select(func.count()).select_from(Company)) == 2


@pytest.mark.parametrize("number", ["²", "-1", "9" * 5000, ""])
def test_a_choice_of_no_statement_is_none(app: Flask, stays: int, goes: int, number: str) -> None:
    form = sent(stays, goes, **{f"statement-{number}": "goes"})
    assert Browser(app).post(PATH, form).status_code == 302
    assert db.session.scalar(select(func.count()).select_from(Company)) == 1


def test_a_viewer_merges_nothing(app: Flask, stays: int, goes: int) -> None:
    browser = Browser(app, role="viewer")
    assert browser.post(PATH, sent(stays, goes)).status_code == 403
    assert "merge/?id=" not in browser.get("/admin/companies/details/", id=stays).text
