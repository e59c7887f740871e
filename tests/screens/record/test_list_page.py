"""What narrows a list: several values of a column, groups of which any is enough, chips that take conditions away."""

import html
import re
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests import factories
from tests.screens.browsing import Browser
from webapp.web import way_back

pytestmark = pytest.mark.usefixtures("connection")

COMPANIES = "/admin/companies/"
CHIP = re.compile(r'<a class="chip" href="([^"]+)"><span>(.*?)</span><svg', re.DOTALL)


def names(page: TestResponse) -> list[str]:
    """The companies on a page, in their order."""
    return re.findall(r'<a class="name"[^>]*>([^<]+)</a>', page.text)


def chips(page: TestResponse) -> dict[str, str]:
    """What is in force, in words, and the address without it."""
    return {
        " ".join(re.sub("<[^>]+>", "", words).split()): html.unescape(address)
        for address, words in CHIP.findall(page.text)
    }


def panel(page: TestResponse) -> str:
    return page.text[page.text.index('id="filters"') : page.text.index("</aside>")]


@pytest.fixture
def browser(app: Flask) -> Browser:
    names = ("name_ja", "ticker_symbol", "market_division", "capital_stock")
    rows = (
        ("大成", "1301", "PRIME", 50_000),
        ("中央", "1302", "GROWTH", 20_000),
        ("小松", "1303", "STANDARD", 10),
    )
    listed = ({"listing_status": "listed", **dict(zip(names, row, strict=True))} for row in rows)
    factories.companies(*listed, {"name_ja": "非上場", "market_division": None, "capital_stock": 5})
    return Browser(app)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        # Values of one column are alternatives, whether a form repeats the name or an address numbers it.
        ({"flt1_market_division_is": ["PRIME", "GROWTH"]}, ["大成", "中央"]),
        ({"flt0_market_division_is": "PRIME", "flt1_market_division_is": "GROWTH"}, ["大成", "中央"]),
        ({"flt0_market_division_is": "PRIME", "flt1_market_division_empty": "1"}, ["大成", "非上場"]),
        ({"flt0_ticker_symbol_is": ["1301", "1303"]}, ["大成", "小松"]),
        # Everything else holds together.
        ({"flt0_market_division_is": ["PRIME", "GROWTH"], "flt1_capital_stock_to": "30000"}, ["中央"]),
        ({"flt0_capital_stock_from": "10", "flt1_capital_stock_from": "20000"}, ["大成", "中央"]),
        ({"flt0_market_division_is": "PRIME", "flt1_market_division_empty": "0"}, ["大成"]),
        # Of a group any is enough.
        (
            {"flt0.a_market_division_is": "PRIME", "flt1.a_capital_stock_from": "20000"},
            ["大成", "中央"],
        ),
        (
            {
                "flt0.a_market_division_is": "PRIME",
                "flt1.a_market_division_is": "STANDARD",
                "flt2.b_capital_stock_to": "10",
                "flt3.b_ticker_symbol_is": "1302",
            },
            ["小松"],
        ),
        (
            {"flt0.z_capital_stock_to": "5", "flt1.z_capital_stock_from": "50000", "search": "大成"},
            ["大成"],
        ),
        ({"flt0.a_capital_stock_to": "10", "flt1_listing_status_is": "listed"}, ["小松"]),
    ],
    ids=str,
)
def test_conditions_hold_together_and_alternatives_do_not(
    browser: Browser, query: dict[str, Any], found: list[str]
) -> None:
    assert names(browser.get(COMPANIES, **query)) == found


@pytest.mark.parametrize(
    "name",
    [
        "flt",
        "flt_",
        "flt0.",
        "flt0.a",
        "flt0.a_",
        "flt0.A_market_division_is",
        "flt0.ab_market_division_is",
        "flt0.あ_market_division_is",
        "flt٣_market_division_is",
        "flt99999_market_division_is",
        "flt0.a_no_such",
        "flt0..a_market_division_is",
        "flt-1_market_division_is",
        "flt0_" + "x" * 5000,
    ],
)
def test_a_condition_that_nobody_knows_is_said_and_left_out(browser: Browser, name: str) -> None:
    page = browser.get(COMPANIES, **{name: "PRIME"})
    assert page.status_code == 200
    assert "This list has no filter" in page.text
    assert len(names(page)) == 4


@pytest.mark.parametrize("value", ["no such", "1e400", "x" * 300, "２０"])
def test_a_value_that_a_group_does_not_understand_is_said_and_left_out(browser: Browser, value: str) -> None:
    page = browser.get(COMPANIES, **{"flt0.a_market_division_is": value, "flt1.a_ticker_symbol_is": "1301"})
    assert "does not understand" in page.text
    assert names(page) == ["大成"]


def test_more_conditions_than_anybody_asks_are_left_out(browser: Browser) -> None:
    page = browser.get(COMPANIES, **{f"flt{n}_capital_stock_from": str(n) for n in range(150)})
    assert page.status_code == 200
    assert "This list has no filter" in page.text


def test_a_chip_takes_its_condition_away_and_no_other(browser: Browser) -> None:
    query = {
        "search": "大",
        "flt0_market_division_is": ["PRIME", "GROWTH"],
        "flt2.b_capital_stock_from": "20000",
        "flt3.b_ticker_symbol_is": "1303",
        "order": "-name_ja",
    }
    page = browser.get(COMPANIES, **query)
    shown = chips(page)
    assert list(shown) == [
        "Search: 大",
        "Market division: Prime",
        "Market division: Growth",
        "Capital stock: 20,000 yen or more",
        "Securities code: 1303",
    ]
    assert page.text.count('<li class="any">') == 2
    for words, address in shown.items():
        rest = chips(browser.client.get(address, headers={"Accept-Language": "en"}))
        assert list(rest) == [other for other in shown if other != words]
        assert "order=-name_ja" in address


def test_a_chip_calls_a_record_by_its_name_where_the_rows_have_it(browser: Browser) -> None:
    industry = factories.industry(code="3650", name_en="Electric Appliances")
    factories.company(name_ja="名のある業種の会社", industry_code=industry.code)
    assert list(chips(browser.get(COMPANIES, flt0_industry_code_is="3650"))) == [
        "Industry: 3650 Electric Appliances"
    ]
    assert list(chips(browser.get(COMPANIES, flt0_industry_code_is="9999"))) == ["Industry: 9999"]


def test_a_chip_of_two_equal_conditions_leaves_none(browser: Browser) -> None:
    page = browser.get(COMPANIES, flt0_market_division_is=["PRIME", "PRIME"])
    assert list(chips(page)) == ["Market division: Prime"]


def test_every_address_of_the_page_keeps_the_groups(browser: Browser) -> None:
    query = {"flt0.q_market_division_is": "PRIME", "flt1.q_capital_stock_from": "20000"}
    page = html.unescape(browser.get(COMPANIES, **query).text)
    heads = page[page.index("<thead>") : page.index("</thead>")]
    assert "flt0.a_market_division_is=PRIME&flt1.a_capital_stock_from=20000&order=" in heads
    search = page[page.index('role="search"') :]
    assert '<input type="hidden" name="flt1.a_capital_stock_from" value="20000">' in search
    assert 'data-any="q"' in panel(browser.get(COMPANIES, **query))


def test_the_panel_is_the_same_for_everybody_but_where_something_is_chosen(browser: Browser) -> None:
    plain = panel(browser.get(COMPANIES))
    assert "checked" not in plain
    assert "in use" not in plain
    chosen = panel(browser.get(COMPANIES, flt0_market_division_is=["PRIME"], flt1_capital_stock_from="<7>"))
    assert re.findall(r'value="(\w+)" checked', chosen) == ["PRIME"]
    assert chosen.count("in use") == 1
    understood = panel(browser.get(COMPANIES, flt1_capital_stock_from="７"))
    assert 'value="７"' in understood
    assert panel(browser.get(COMPANIES)) == plain


def test_the_panel_speaks_the_readers_language(app: Flask, browser: Browser) -> None:
    assert "プライム" in panel(Browser(app, language="ja").get(COMPANIES))
    assert "Prime" in panel(browser.get(COMPANIES))


def test_the_panel_never_trusts_what_was_typed(browser: Browser) -> None:
    page = browser.get(COMPANIES, flt0_filer_type_contains='"><b>', **{"flt1.a_filer_type_contains": "<i>"})
    assert '"><b>' not in page.text
    assert "<i>" not in page.text


def test_a_panel_without_script_sends_values_that_are_read(browser: Browser) -> None:
    """Checkboxes repeat their name; fields that were left empty say nothing."""
    boxes = re.findall(
        r'type="checkbox" name="([^"]+)" value="(PRIME|GROWTH)"', panel(browser.get(COMPANIES))
    )
    fields = re.findall(
        r'<input type="(?:text|date)" name="(flt[^"]+)" value=""', panel(browser.get(COMPANIES))
    )
    sent: dict[str, Any] = dict.fromkeys(fields, "")
    for name, value in boxes:
        sent.setdefault(name, []).append(value)
    page = browser.get(COMPANIES, **sent)
    assert names(page) == ["大成", "中央"]
    assert "no filter" not in page.text


def test_the_rows_of_a_list_with_many_japanese_conditions_open_and_lead_back_to_it(app: Flask) -> None:
    number = factories.company(name_ja="日本電気硝子工業").id
    browser = Browser(app)
    asked = {f"flt{place}_name_ja_lacks": f"日本電気硝子工業{place}" for place in range(40)}
    asked |= {f"flt{place}_name_kana_lacks": f"ニホンデンキガラス{place}" for place in range(40, 80)}
    page = browser.get("/admin/companies/", **asked)
    here = html.unescape(re.findall(r'name="url" value="([^"]*)"', page.text)[0])
    listed = way_back.unpacked(here)
    assert listed is not None
    assert len(listed) > 6000
    for link in re.findall(r'href="(/admin/companies/(?:edit|details)/[^"]*)"', page.text):
        address = html.unescape(link)
        assert len(address) < 3000
        opened = browser.client.get(address)
        assert opened.status_code == 200
        assert html.escape(listed) in opened.text
    answer = browser.save("/admin/companies/edit/", {"name_en": "x"}, id=number, url=here)
    assert answer.location == listed


def test_edit_on_the_page_of_a_record_leads_back_to_the_list_that_one_came_from(app: Flask) -> None:
    number = factories.company(ticker_symbol="7974", listing_status="listed").id
    browser, back = Browser(app), "/admin/companies/?search=7974&order=-name_ja"
    details = browser.get("/admin/companies/details/", id=number, url=back).text
    addresses = [
        html.unescape(found)
        for found in re.findall(r'href="(/admin/companies/(?:edit|delete)/[^"]*)"', details)
    ]
    assert len(addresses) == 2
    for address in addresses:
        assert html.escape(back) in browser.client.get(address).text
    answer = browser.save("/admin/companies/edit/", {"name_en": "x"}, id=number, url=back)
    assert answer.location == back


def test_where_an_ordered_list_may_begin_is_called_as_its_column_is(app: Flask) -> None:
    factories.companies(*({"name_ja": f"社{number:02}"} for number in range(25)))
    page = Browser(app, language="ja").get(COMPANIES, order="name_ja", page_size=20).text
    assert '<label for="at">商号から表示</label>' in page
