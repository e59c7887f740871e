"""The order of a list: several columns, each its own way, in the address and by heads and menu."""

import html
import re
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlsplit

import pytest
from flask import Flask, request

from tests import factories, plans
from tests.screens.browsing import Browser
from webapp.lists import orders
from webapp.lists.orders import Level
from webapp.lists.query import read
from webapp.models.company import Company
from webapp.models.stock_price import StockPrice
from webapp.screens.record import registry

pytestmark = pytest.mark.usefixtures("connection")

COMPANIES = "/admin/companies/"


def names(page: Any) -> list[str]:
    """The companies on a page, in their order."""
    return re.findall(r'<a class="name"[^>]*>([^<]+)</a>', page.text)


def head(page: Any, label: str) -> str:
    """The markup of the head of a column."""
    found = re.search(rf'<th scope="col"[^>]*>(?:<a [^>]*>)?{label}.*?</th>', page.text)
    assert found is not None
    return html.unescape(found[0])


def linked(page: Any, way: str) -> str:
    """The address of the page before or after."""
    found = re.search(rf'href="([^"]+)" rel="{way}"', page.text)
    assert found is not None
    return html.unescape(found[1])


def three(app: Flask) -> Browser:
    listed = {"listing_status": "listed"}
    factories.company(name_ja="乙", market_division="PRIME", ticker_symbol="1301", **listed)
    factories.company(name_ja="甲", market_division="PRIME", ticker_symbol="1302", **listed)
    factories.company(name_ja="丙", market_division="GROWTH", ticker_symbol="1303", **listed)
    factories.company(name_ja="無", market_division=None)
    return Browser(app)


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ("market_division,name_ja", ["丙", "乙", "甲", "無"]),
        ("market_division,-name_ja", ["丙", "甲", "乙", "無"]),
        ("-market_division,name_ja", ["乙", "甲", "丙", "無"]),
        ("-market_division,-name_ja", ["甲", "乙", "丙", "無"]),
        ("market_division,-ticker_symbol", ["丙", "甲", "乙", "無"]),
        ("-ticker_symbol", ["丙", "甲", "乙", "無"]),
    ],
)
def test_a_list_is_sorted_by_several_columns_each_its_own_way(
    app: Flask, order: str, found: list[str]
) -> None:
    browser = three(app)
    assert names(browser.get(COMPANIES, order=order)) == found


def test_names_stand_as_they_are_read_whatever_legal_form_leads_them(app: Flask) -> None:
    read_as = {
        "上野": "カブシキガイシャウエノ",
        "伊呂波": "イロハカブシキガイシャ",
        "朝日": "カブシキカイシヤ　アサヒ",
    }
    for name, kana in read_as.items():
        factories.company(name_ja=name, name_kana=kana)
    assert names(Browser(app).get(COMPANIES, order="name_kana")) == ["朝日", "伊呂波", "上野"]


def test_pages_of_a_mixed_order_hold_every_row_once(app: Flask) -> None:
    markets = (None, "PRIME", "GROWTH")
    factories.companies(*({"name_ja": f"会社{n:02}", "market_division": markets[n % 3]} for n in range(45)))
    browser = Browser(app)
    shown: list[str] = []
    page = browser.get(COMPANIES, order="-market_division,name_ja", page_size=20)
    while True:
        shown += names(page)
        after = re.search(r'href="([^"]+)" rel="next"', page.text)
        if after is None:
            break
        assert "order=-market_division,name_ja" in html.unescape(after[1])
        page = browser.client.get(html.unescape(after[1]), headers={"Accept-Language": "en"})
    assert shown == [f"会社{number:02}" for first in (1, 2, 0) for number in range(first, 45, 3)]


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ({"sort": "0", "desc": "1"}, "order=-ticker_symbol"),
        ({"sort": "0"}, ""),
        ({"sort": "99"}, ""),
        ({"sort": "-1"}, ""),
        ({"order": "ticker_symbol"}, ""),
        ({"order": ["", "-name_ja", "name_ja", "nonsense"]}, "order=-name_ja"),
        ({"order": "name_ja;drop,--name_ja,'"}, ""),
        ({"order": "," * 5000}, ""),
        ({"order": "name_ja", "search": " 東 ", "page": "3"}, "search= 東 &order=name_ja"),
        ({"page_size": "20", "after": "x", "unit": "million"}, "unit=million&page_size=20"),
        ({"page_size": "50", "columns": "name_ja,name_ja"}, "columns=name_ja"),
        (
            {"flt9_listing_status_is": "listed", "order": "-name_ja", "flt1.q_name": "", "page_size": "51"},
            "flt0_listing_status_is=listed&order=-name_ja",
        ),
        (
            {
                "flt2.x_capital_stock_from": "1",
                "flt1.b_ticker_symbol_is": "7974",
                "flt3_has_consolidated_is": "1",
            },
            "flt0_has_consolidated_is=1&flt1.a_ticker_symbol_is=7974&flt2.b_capital_stock_from=1",
        ),
    ],
    ids=str,
)
def test_an_address_is_always_written_the_same_way(app: Flask, query: dict[str, Any], canonical: str) -> None:
    with app.test_request_context(COMPANIES, query_string=query):
        asked, _remarks = read(plans.of(Company), request.args)
    assert unquote_plus(asked.canonical()) == canonical


def test_a_head_sorts_by_its_column_and_turns_it_round(app: Flask) -> None:
    browser = three(app)
    page = browser.get(COMPANIES, order="-name_ja")
    assert 'aria-sort="descending"' in head(page, "Name \\(ja\\)")
    (address,) = re.findall('href="([^"]+)"', head(page, "Name \\(ja\\)"))[:1]
    assert parse_qs(urlsplit(address).query, keep_blank_values=True) == {"order": ["name_ja"]}
    assert "order=market_division" in head(page, "Market division")
    assert "<sup>" not in page.text


def test_heads_number_the_levels_and_say_the_first(app: Flask) -> None:
    page = three(app).get(COMPANIES, order="market_division,-name_ja")
    assert page.text.count("aria-sort") == 1
    assert 'aria-sort="ascending"' in head(page, "Market division")
    assert "<sup>1</sup>" in head(page, "Market division")
    assert "<sup>2</sup>" in head(page, "Name \\(ja\\)")
    assert 'data-order="market_division,-name_ja"' in page.text


def test_the_menu_has_a_select_for_each_level_and_one_more(app: Flask) -> None:
    page = three(app).get(COMPANIES, order="market_division,-name_ja")
    form = page.text[page.text.index("sorting") :]
    form = form[: form.index("</form>")]
    assert form.count('<select name="order">') == 3
    assert re.findall(r'value="([^"]*)" selected', form) == ["market_division", "name_ja", ""]
    assert re.findall(r'name="down" value="(\d)" checked', form) == ["2"]


def test_a_menu_without_script_sends_its_levels_one_by_one(app: Flask) -> None:
    browser = three(app)
    page = browser.get(COMPANIES, order=["market_division", "name_ja", ""], down=["2", "x"])
    assert names(page) == ["丙", "甲", "乙", "無"]


@pytest.mark.parametrize(
    ("asked", "levels"),
    [
        ("-company", [Level("company", True)]),
        ("company,traded_on", [Level("company"), Level("traded_on")]),
        ("-company,-traded_on", [Level("company", True), Level("traded_on", True)]),
        # No index has this order.
        ("company,-traded_on", [Level("company")]),
        ("traded_on,close", [Level("traded_on")]),
        ("close", [Level("traded_on", True)]),
    ],
)
def test_a_large_table_is_sorted_only_as_an_index_has_it(asked: str, levels: list[Level]) -> None:
    plan = plans.of(StockPrice)
    assert list(plan.levels(orders.read([asked]))) == levels
    assert set(plan.offered_sorts) == set(plan.sorts)
    assert len(set(plan.order(plan.levels(orders.read([asked]))).descending)) == 1


def test_a_small_table_is_sorted_by_any_short_column_but_by_no_secret() -> None:
    for screen in registry.declared():
        plan = screen.view.plan
        if not plan.is_large:
            assert not set(plan.offered_sorts) & plan.hidden
    companies = plans.of(Company).offered_sorts
    assert {"capital_stock", "listed_on", "changed_at", "name_en"} <= set(companies)
    assert "description" not in companies


def test_pages_of_every_order_that_a_small_table_offers_lead_on_and_back(app: Flask) -> None:
    factories.companies(
        *(
            {
                "name_ja": f"会社{number:02}",
                "ticker_symbol": f"{1300 + number}",
                "has_consolidated": number % 2 == 0,
                "capital_stock": number or None,
            }
            for number in range(23)
        )
    )
    browser = Browser(app)
    for name in plans.of(Company).offered_sorts:
        first = browser.get(COMPANIES, order=f"-{name},name_ja", page_size=20)
        last = browser.client.get(linked(first, "next"))
        assert len(names(last)) == 3, name
        assert len({*names(first), *names(last)}) == 23, name
        assert names(browser.client.get(linked(last, "prev"))) == names(first), name
        assert browser.get(COMPANIES, order=f"{name},-name_ja", at="5").status_code == 200
