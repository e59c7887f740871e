"""One record, read: what it holds, what it lacks in one line, and nothing as programs write it."""

import re
from decimal import Decimal

import pytest
from flask import Flask

from tests import factories
from tests.screens.browsing import Browser

pytestmark = pytest.mark.usefixtures("connection")

STATEMENT = "/admin/statements/details/"
SOURCES = {
    "revenue": {"filing": "S100TVD7", "element": "jppfs_cor:NetSales", "context": "CurrentYearDuration"},
    "profit": {"filing": "S100TVD7", "element": "jppfs_cor:ProfitLoss", "context": "CurrentYearDuration"},
    "total_assets": {"filing": "S100AAAA", "element": "jppfs_cor:Assets", "context": "CurrentYearInstant"},
}


def section(page: str, heading: str) -> str:
    start = page.index(f"<h2>{heading}</h2>")
    return page[start : page.index("</section>", start)]


def test_what_has_no_value_is_named_in_one_line(app: Flask) -> None:
    key = factories.company(capital_stock=Decimal(0)).id
    page = Browser(app, language="ja").get("/admin/companies/details/", id=key).text
    profile = section(page, "会社概要")
    assert '<span class="nil">' not in page
    assert profile.count("<dt>") == 1, "zero is a value"
    blanks = re.search('<p class="blanks">(.*?)</p>', profile)
    assert blanks is not None
    assert blanks[1].startswith("空欄：所在地、設立日")


def test_where_figures_come_from_is_told_by_filing_and_never_as_json(app: Flask) -> None:
    key = factories.statement(sources=SOURCES).id
    page = Browser(app, language="ja").get(STATEMENT, id=key).text
    assert "S100TVD7：2 項目、S100AAAA：1 項目" in page
    assert "<dt>売上高</dt><dd>S100TVD7、当期（CurrentYearDuration）、jppfs_cor:NetSales</dd>" in page
    for mark in ("{&#34;", "&#34;filing&#34;", "<pre>"):
        assert mark not in page


def test_a_list_and_a_change_set_hold_no_json_either(app: Flask) -> None:
    row = factories.statement(sources=SOURCES)
    number = row.change_set_id
    browser = Browser(app)
    for page in (
        browser.get("/admin/statements/", columns="sources"),
        browser.get("/admin/change-sets/details/", id=number),
    ):
        assert "S100TVD7: 2 fields" in page.text
        assert "&#34;" not in page.text


def test_a_list_on_paper_says_what_it_shows_of_what(app: Flask) -> None:
    of_prime = {"market_division": "PRIME", "listing_status": "listed"}
    named = ({"name_ja": f"印刷{place}", "ticker_symbol": f"13{place:02}"} for place in range(21))
    factories.companies(*(one | of_prime for one in named))
    browser = Browser(app, language="ja")
    query = {"search": "印刷", "flt0_market_division_is": "PRIME"}
    page = browser.get("/admin/companies/", page_size=20, **query).text
    printed = re.search('<p class="on-paper">(.*?)</p>', page, re.DOTALL)
    assert printed is not None
    assert printed[1].strip() == "21 件中 20 件 · 検索：印刷 · 市場区分：プライム"
    assert "21 件 · 検索・絞り込みなし" in browser.get("/admin/companies/").text
