"""From the form of one record to the next one of the list that its reader came from."""

from datetime import date

import pytest
from flask import Flask

from tests import factories
from tests.screens.browsing import Browser
from tests.screens.record.test_forms import COMPANY, company
from webapp import db

pytestmark = pytest.mark.usefixtures("connection")


def edit_of(number: int) -> str:
    return f"/admin/companies/edit/?id={number}&url="


def save_and_next(browser: Browser, number: int, url: str, **typed: str) -> str:
    answer = browser.save(COMPANY, {"_next": "1", **typed}, id=number, url=url)
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def test_save_and_next_leads_to_the_next_record_of_the_list_that_one_came_from(app: Flask) -> None:
    ticker = {"listing_status": "listed", "name_en": "group"}
    company(ticker_symbol="1303", listing_status="listed", name_en="elsewhere")
    first, other, second, third = (
        company(ticker_symbol=code, **ticker) for code in ("1301", "1305", "1332", "1333")
    )
    browser = Browser(app)
    # By the name that it had before it is found as well.
    browser.save(COMPANY, {"name_en": "elsewhere"}, id=other)
    back = "/admin/companies/?search=group&order=ticker_symbol"
    # The saved value moves the first record behind the others; the next one is still the one that came after it.
    assert save_and_next(browser, first, back, ticker_symbol="9999").startswith(edit_of(other))
    assert save_and_next(browser, other, back).startswith(edit_of(second))
    assert save_and_next(browser, second, back).startswith(edit_of(third))
    backwards = "/admin/companies/?search=group&order=-ticker_symbol"
    assert save_and_next(browser, third, backwards).startswith(edit_of(second))


def test_after_the_last_record_save_and_next_leads_back_to_the_list_and_says_so(app: Flask) -> None:
    number = company(ticker_symbol="9999", listing_status="listed")
    browser = Browser(app)
    back = "/admin/companies/?search=9999"
    assert save_and_next(browser, number, back, name_en="x") == back
    page = browser.get("/admin/companies/", search="9999")
    assert "That was the last record of the list." in page.text
    assert "is saved, as change set" in page.text


@pytest.mark.parametrize(
    "url",
    [
        "/admin/prices/?search=x",
        "/admin/companies/?search=a%00b",
        "/admin/companies/?order=nonsense",
        "//x",
        "",
    ],
)
def test_save_and_next_from_elsewhere_goes_through_the_usual_list(app: Flask, url: str) -> None:
    first = company(ticker_symbol="1301", listing_status="listed")
    second = company(ticker_symbol="1332", listing_status="listed")
    assert save_and_next(Browser(app), first, url, name_en="x").startswith(edit_of(second)[:-5])


def test_a_list_that_asks_for_what_nobody_understands_has_no_next_record(app: Flask) -> None:
    first, _second = (company(ticker_symbol=code, listing_status="listed") for code in ("1301", "1332"))
    browser, back = Browser(app), "/admin/companies/?flt0_x=1"
    assert save_and_next(browser, first, back, name_en="x") == back
    answer = browser.get("/admin/companies/beside/", id=first, url=back)
    assert f"id={first}&" in answer.location
    assert "This list has no filter “x”." in browser.client.get(answer.location).text


def test_save_and_next_walks_rows_with_composite_keys(app: Flask) -> None:
    owner = company()
    for day in (25, 26, 27):
        factories.price(company_id=owner, traded_on=date(2025, 6, day))
    db.session.commit()
    browser = Browser(app)
    answer = browser.save("/admin/prices/edit/", {"_next": "1", "volume": "5"}, id=f"{owner},2025-06-26")
    assert f"id={owner},2025-06-25&" in answer.location
    assert browser.client.get(answer.location).status_code == 200


def test_the_form_leads_to_the_records_beside_it(app: Flask) -> None:
    first, second, third = (
        company(ticker_symbol=code, listing_status="listed", name_en="group")
        for code in ("1301", "1332", "1333")
    )
    company(ticker_symbol="1331", listing_status="listed")
    browser = Browser(app)
    url = "/admin/companies/?search=group"
    way = "/admin/companies/beside/"
    for number, asked, leads in (
        (second, "next", third),
        (second, "previous", first),
        (first, "next", second),
    ):
        assert browser.get(way, id=number, way=asked, url=url).location.startswith(edit_of(leads))
    assert browser.get(way, id=third, way="next", url=url).location.startswith(edit_of(third))
    assert browser.get(way, id=first, way="previous", url=url).location.startswith(edit_of(first))
    page = browser.get(COMPANY, id=first, url=url).text
    assert "This is the last record of the list." in page
    assert "This is the first record of the list." in page
    assert f'href="{way}?id={first}&amp;url=/admin/companies/%3Fsearch%3Dgroup&amp;way=next"' in page
    assert browser.get(way, id="x").status_code == 404
