"""Paging by keyset: every row once and in order, whatever is inserted meanwhile and whatever the address says."""

import html
import random
import re
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select

from tests import factories, plans
from tests.screens.browsing import Browser, statements
from webapp import db
from webapp.forms.fields import JST
from webapp.lists import paging
from webapp.lists.paging import FIRST, LAST, Order, Place
from webapp.models.company import Company
from webapp.models.filing import Filing
from webapp.models.stock_price import StockPrice
from webapp.services.changes import row_codec

pytestmark = pytest.mark.usefixtures("connection")

COMPANIES = row_codec.table_of(Company).c
ORDERS = {
    "code": ("ticker_symbol", "id"),
    "name": ("name_ja_folded", "id"),
    "market": ("market_division", "ticker_symbol", "id"),
    "state": ("listing_status", "ticker_symbol", "id"),
    "three": ("market_division", "name_ja_folded", "ticker_symbol", "id"),
    "state and market": ("listing_status", "market_division", "id"),
}
LINK = re.compile(r'<a class="btn" href="([^"]+)"(?: rel="(?:prev|next)")?>(?:<svg.*?</svg>)?(\w+)')
NAME = re.compile(r'<a class="name"[^>]*>([^<]+)</a>')
values = st.tuples(
    st.sampled_from(["甲", "乙", "丙"]),
    st.sampled_from([None, "1301", "2001", "9999", "130A"]),
    st.sampled_from([None, "PRIME", "GROWTH"]),
    st.sampled_from(["unlisted", "ceased"]),
)

# Of each column its own; all one way as often as mixed.
ways = st.one_of(st.tuples(*[st.booleans()] * 4), st.booleans().map(lambda way: (way,) * 4))


def company(one: tuple[Any, ...]) -> dict[str, Any]:
    name, code, market, state = one
    names = {"name_ja": name, "name_ja_folded": name}
    return {**names, "ticker_symbol": code, "market_division": market, "listing_status": state}


def order_of(name: str, ways: tuple[bool, ...]) -> Order:
    columns = tuple(COMPANIES[column] for column in ORDERS[name])
    return Order(columns, ways[: len(columns)])


def whole(order: Order) -> list[Any]:
    return list(db.session.execute(select(*order.columns).order_by(*order.clauses())))


def page(order: Order, place: Place, size: int) -> list[Any]:
    chosen = paging.page(select, order, place, size)
    rows = list(db.session.execute(chosen))
    return rows[::-1] if place.is_backward else rows


def past(order: Order, row: Any, *, is_backward: bool) -> Place:
    """The place after or before a row, by way of an address."""
    read = paging.read(order, paging.write(order, row))
    assert read == tuple(row)
    return Place(read, is_backward=is_backward)


def walk(order: Order, size: int, *, is_backward: bool) -> list[Any]:
    shown: list[Any] = []
    place = LAST if is_backward else FIRST
    while found := page(order, place, size):
        shown = [*found, *shown] if is_backward else [*shown, *found]
        place = past(order, found[0 if is_backward else -1], is_backward=is_backward)
    return shown


relaxed = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@relaxed
@given(
    rows=st.lists(values, max_size=14),
    name=st.sampled_from(sorted(ORDERS)),
    ways=ways,
    size=st.integers(1, 5),
)
def test_pages_hold_every_row_once_and_in_order_either_way(
    rows: list[tuple[Any, ...]], name: str, ways: tuple[bool, ...], size: int
) -> None:
    order = order_of(name, ways)
    with db.session.begin_nested() as attempt:
        if rows:
            db.session.execute(insert(Company), [company(one) for one in rows])
        every = whole(order)
        assert walk(order, size, is_backward=False) == every
        assert walk(order, size, is_backward=True) == every
        for number, row in enumerate(every):
            for is_backward, expected in ((False, every[number + 1 :]), (True, every[:number])):
                condition = paging.beyond(order, past(order, row, is_backward=is_backward))
                found = db.session.execute(select(*order.columns).where(condition).order_by(*order.clauses()))
                assert list(found) == expected
        attempt.rollback()


@relaxed
@given(
    rows=st.lists(values, min_size=4, max_size=12),
    new=st.lists(values, min_size=1, max_size=6),
    name=st.sampled_from(sorted(ORDERS)),
    ways=ways,
)
def test_rows_inserted_meanwhile_move_no_others(
    rows: list[tuple[Any, ...]], new: list[tuple[Any, ...]], name: str, ways: tuple[bool, ...]
) -> None:
    order = order_of(name, ways)
    with db.session.begin_nested() as attempt:
        db.session.execute(insert(Company), [company(one) for one in rows])
        before = whole(order)
        shown: list[Any] = []
        place, waiting = FIRST, [*new]
        while found := page(order, place, 3):
            shown += found
            if waiting:
                db.session.execute(insert(Company), [company(waiting.pop())])
            place = past(order, found[-1], is_backward=False)
        every = whole(order)
        assert len(shown) == len(set(shown))
        assert [row for row in shown if row in before] == before
        assert shown == [row for row in every if row in shown]
        attempt.rollback()


@relaxed
@given(rows=st.lists(values, min_size=1, max_size=14), name=st.sampled_from(sorted(ORDERS)), ways=ways)
def test_a_page_that_begins_at_a_value_has_all_its_rows_and_those_after_them(
    rows: list[tuple[Any, ...]], name: str, ways: tuple[bool, ...]
) -> None:
    order = order_of(name, ways)
    with db.session.begin_nested() as attempt:
        db.session.execute(insert(Company), [company(one) for one in rows])
        every = whole(order)
        for value in {row[0] for row in every} - {None}:
            place = Place((value,), is_inclusive=True)
            first = next(number for number, row in enumerate(every) if row[0] == value)
            assert page(order, place, 100) == every[first:]
            assert page(order, place, 3) == every[first : first + 3]
        attempt.rollback()


@pytest.mark.parametrize("is_descending", [False, True])
def test_an_order_that_goes_one_way_asks_for_what_an_index_has(is_descending: bool) -> None:
    prices = row_codec.table_of(StockPrice).c
    order = Order((prices.traded_on, prices.company_id), (is_descending, is_descending))
    place = Place((date(2024, 5, 1), 7))
    asked = " ".join(str(paging.page(select, order, place, 50)).split())
    way, past = (" DESC", "<") if is_descending else (" ASC", ">")
    assert f"(stock_prices.traded_on, stock_prices.company_id) {past} (" in asked
    assert f"ORDER BY stock_prices.traded_on{way}, stock_prices.company_id{way}" in asked
    assert " OR " not in asked


def filled(number: int) -> None:
    chance = random.Random(number)
    codes = [f"{1300 + place}" if chance.random() < 0.7 else None for place in range(number)]
    named = [{"name_ja": f"会社{place:03d}", "ticker_symbol": code} for place, code in enumerate(codes)]
    factories.companies(*named)


def links(text: str) -> dict[str, str]:
    foot = text[text.index('class="foot"') :] if 'class="foot"' in text else ""
    return {word: html.unescape(address) for address, word in LINK.findall(foot)}


def follow(browser: Browser, address: str) -> Any:
    parts = urlsplit(address)
    return browser.get(parts.path, **{name: found[0] for name, found in parse_qs(parts.query).items()})


@pytest.mark.parametrize("descending", ["", "1"])
@pytest.mark.parametrize("is_capped", [False, True])
def test_links_lead_through_a_list_and_back(
    app: Flask, monkeypatch: pytest.MonkeyPatch, descending: str, is_capped: bool
) -> None:
    filled(65)
    if is_capped:
        plans.count_up_to(monkeypatch, Company, 30)
    browser = Browser(app)
    shown = [browser.get("/admin/companies/", sort=0, desc=descending, page_size=20)]
    assert {"First", "Previous"}.isdisjoint(links(shown[0].text))
    while "Next" in links(shown[-1].text):
        shown.append(follow(browser, links(shown[-1].text)["Next"]))
    names = [NAME.findall(one.text) for one in shown]
    assert [len(one) for one in names] == [20, 20, 20, 5]
    assert len({name for one in names for name in one}) == 65
    assert "Last" not in links(shown[-1].text)
    back = shown[-1]
    for expected in names[-2::-1]:
        back = follow(browser, links(back.text)["Previous"])
        assert NAME.findall(back.text) == expected
    assert {"First", "Previous"}.isdisjoint(links(back.text))
    last = follow(browser, links(shown[0].text)["Last"])
    assert NAME.findall(last.text)[-5:] == names[-1]
    assert {"Next", "Last"}.isdisjoint(links(last.text))
    if not is_capped:
        assert [re.search(r"\d+–\d+ of \d+", one.text)[0] for one in shown] == [  # type: ignore[index]  # is there
            "1–20 of 65",
            "21–40 of 65",
            "41–60 of 65",
            "61–65 of 65",
        ]
        assert "61–65 of 65" in last.text


def test_a_page_makes_two_statements_at_any_place(app: Flask) -> None:
    filled(45)
    browser = Browser(app)
    first = browser.get("/admin/companies/", page_size=20)
    second = follow(browser, links(first.text)["Next"])
    addresses = [links(first.text)["Last"], links(second.text)["Previous"], links(second.text)["Next"]]
    for address in [
        *addresses,
        "/admin/companies/?at=1310&page_size=20",
        "/admin/companies/?page=1&page_size=20",
    ]:
        with statements() as seen:
            assert follow(browser, address).status_code == 200
        assert len(seen) == 2, (address, seen)


def test_a_page_whose_rows_are_gone_is_the_nearest_one(app: Flask) -> None:
    filled(45)
    browser = Browser(app)
    second = follow(browser, links(browser.get("/admin/companies/", page_size=20).text)["Next"])
    third, back = links(second.text)["Next"], links(second.text)["Previous"]
    shown = NAME.findall(second.text)
    db.session.execute(delete(Company).where(Company.name_ja.not_in(shown)))
    db.session.commit()
    for address in (third, back):
        assert NAME.findall(follow(browser, address).text) == shown


def test_a_page_remembers_its_place_where_it_is_returned_to_and_nowhere_else(app: Flask) -> None:
    filled(45)
    browser = Browser(app)
    second = follow(browser, links(browser.get("/admin/companies/", page_size=20).text)["Next"])
    edit = re.search(r'data-edit href="([^"]+)"', second.text)
    assert edit is not None
    (back,) = parse_qs(urlsplit(html.unescape(edit[1])).query)["url"]
    assert NAME.findall(follow(browser, back).text) == NAME.findall(second.text)
    head = second.text[second.text.index("<thead>") : second.text.index("</thead>")]
    assert "after=" not in head


@pytest.mark.parametrize(
    "value",
    [
        "x",
        "~",
        ",",
        "~,~",
        "1301",
        "1301,x",
        "1301,1,2",
        "1301," + "9" * 19,
        "1301," + "9" * 30,
        "9" * 3000,
        "." * 7,
        "%00",
        "７９７４",
        "2024-02-30,1",
        "2024-05-01,1",
        "0001-01-01T00:00:00+14:00,x",
        "9999-12-31T23:59:59-14:00,x",
        "9999-12-31",
        "0001-01-01",
        "NaN,1",
        "~1301,1",
        "~~,1",
        "-1",
    ],
)
def test_an_address_that_names_no_place_still_answers(app: Flask, value: str) -> None:
    factories.price()
    factories.filing()
    browser = Browser(app, "admin")
    places = dict.fromkeys(("before", "at", "last"), value)
    for path in ("companies", "prices", "filings", "imports"):
        for query in ({"after": value}, {"sort": "1", "desc": "1", **places}, {"sort": "0", "at": value}):
            assert browser.get(f"/admin/{path}/", **query).status_code == 200, (path, query)


def begun(browser: Browser, path: str, at: str, **query: Any) -> list[str]:
    return NAME.findall(browser.get(f"/admin/{path}/", at=at, **query).text)


def test_a_list_begins_at_a_code_or_name(app: Flask) -> None:
    for code in ("1301", "7974", "9984", None):
        factories.company(name_ja=f"会社{code}", ticker_symbol=code)
    browser = Browser(app)
    assert begun(browser, "companies", "７９７４") == ["会社7974", "会社9984", "会社None"]
    assert begun(browser, "companies", "5000") == ["会社7974", "会社9984", "会社None"]
    assert begun(browser, "companies", "7974", sort=0, desc=1) == ["会社7974", "会社1301", "会社None"]
    assert begun(browser, "companies", "株式会社 会社99", sort=1) == ["会社9984", "会社None"]
    page = browser.get("/admin/companies/", at="7974", sort=1, desc=1)
    assert "Nothing stands at “7974”" in page.text
    assert len(NAME.findall(page.text)) == 4


def test_a_list_begins_at_a_date_or_company(app: Flask) -> None:
    one, other = factories.company(ticker_symbol="1301"), factories.company(ticker_symbol="7974")
    for company in (one, other):
        for day in (1, 2, 3):
            factories.price(company_id=company.id, traded_on=date(2024, 5, day))
    browser = Browser(app)
    assert begun(browser, "prices", "2024/5/2") == ["2024-05-02", "2024-05-02", "2024-05-01", "2024-05-01"]
    assert begun(browser, "prices", "7974", sort=1) == ["2024-05-01", "2024-05-02", "2024-05-03"]
    assert "cannot begin at" in browser.get("/admin/prices/", at="soon").text


def test_a_day_is_taken_whole_where_moments_are_listed(app: Flask) -> None:
    factories.filing()
    number, moment = db.session.execute(select(Filing.doc_id, Filing.submitted_at)).one()
    day = f"{moment.astimezone(JST):%Y-%m-%d}"
    for descending in ("", "1"):
        page = Browser(app).get("/admin/filings/", at=day, sort=3, desc=descending)
        assert number in page.text
        assert "Nothing stands" not in page.text


def test_rows_of_a_key_of_two_columns_are_walked(app: Flask) -> None:
    for company in factories.companies(*[{}] * 3):
        factories.prices(company.id, (date(2024, 5, day) for day in range(1, 16)))
    browser = Browser(app)
    for query in ({}, {"sort": 0}, {"sort": 1}, {"sort": 1, "desc": 1}):
        page, shown = browser.get("/admin/prices/", page_size=20, **query), []
        while True:
            shown += re.findall(r'name="rowid" value="([^"]+)"', page.text)
            if "Next" not in links(page.text):
                break
            page = follow(browser, links(page.text)["Next"])
        assert len(shown) == len(set(shown)) == 45
    assert db.session.query(StockPrice).count() == 45


def test_a_whole_table_beyond_counting_is_estimated(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(45)
    db.session.execute(select(1))
    plans.count_up_to(monkeypatch, Company, 20)
    db.session.connection().exec_driver_sql("ANALYZE companies")
    browser = Browser(app)
    assert "about 45 records" in browser.get("/admin/companies/").text
    narrowed = browser.get("/admin/companies/", flt0_listing_status_is="unlisted").text
    assert "20+ records" in narrowed
    assert "about" not in narrowed[narrowed.index('id="count"') :][:80]
