"""Columns of a list: those that the address names, whatever else it says, and never a secret."""

import re

import pytest
from flask import Flask

from tests import factories
from tests.screens.browsing import Browser, statements

pytestmark = pytest.mark.usefixtures("connection")
COMPANIES = "/admin/companies/"


def heads(text: str) -> list[str]:
    head = text[text.index("<thead>") : text.index("</thead>")]
    cells = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', head)
    return [re.sub(r"<[^>]+>", "", cell).strip() for cell in cells]


def test_the_columns_of_the_address_are_shown_in_its_order(app: Flask) -> None:
    factories.company(name_ja="甲", filer_type="内国法人", edinet_code="E00001")
    page = Browser(app).get(COMPANIES, columns="filer_type,name_ja,edinet_code").text
    assert heads(page)[0] != heads(Browser(app).get(COMPANIES).text)[0]
    assert len(heads(page)) == 3
    assert "内国法人" in page
    assert "columns=filer_type" in page[page.index("<thead>") : page.index("</thead>")]


def test_the_column_that_leads_to_the_record_is_always_there(app: Flask) -> None:
    factories.company(name_ja="甲")
    page = Browser(app).get(COMPANIES, columns="edinet_code").text
    assert '<a class="name"' in page
    assert len(heads(page)) == 2


def test_names_that_are_no_columns_are_passed_over(app: Flask) -> None:
    factories.company(name_ja="甲")
    browser = Browser(app)
    usual = heads(browser.get(COMPANIES).text)
    for names in (
        "",
        ",",
        "nonsense",
        "visible,__class__,metadata",
        "name_ja_folded",
        "x," * 3000,
        "statements",
    ):
        assert heads(browser.get(COMPANIES, columns=names).text) == usual, names
    users = Browser(app, "admin").get("/admin/users/", columns="password_hash,session_version,email").text
    assert len(heads(users)) == 1
    assert "argon2" not in users


def test_sorting_and_statements_stay_as_they_are(app: Flask) -> None:
    for name, code in (("甲", "2001"), ("乙", "1301")):
        factories.company(name_ja=name, ticker_symbol=code)
    browser = Browser(app)
    with statements() as seen:
        page = browser.get(COMPANIES, columns="capital_stock,description,ticker_symbol", sort=0, desc=1).text
    assert len(seen) == 2
    assert page.index("甲") < page.index("乙")
    assert 'aria-sort="descending"' in page


@pytest.mark.parametrize(
    "path", ["companies", "statements", "filings", "indicators", "prices", "change-sets", "imports"]
)
def test_every_offered_column_can_be_shown(app: Flask, path: str) -> None:
    factories.statement()
    factories.price()
    factories.filing()
    browser = Browser(app, "admin")
    page = browser.get(f"/admin/{path}/").text
    names = re.findall(r'<input type="checkbox" name="columns" value="(\w+)"', page)
    assert len(names) > 3
    shown = browser.get(f"/admin/{path}/", columns=",".join(names))
    assert shown.status_code == 200
    assert len(re.findall(r'<input type="checkbox" name="columns" value="\w+" checked', shown.text)) == len(
        names
    )


def test_a_state_is_a_badge_and_a_long_name_is_said_in_full(app: Flask) -> None:
    name = "株式会社ＦＯＯＤ　＆　ＬＩＦＥ　ＣＯＭＰＡＮＩＥＳ"
    factories.company(
        name_ja=name, name_en="x", ticker_symbol="3563", listing_status="listed", market_division="PRIME"
    )
    page = Browser(app, language="ja").get(COMPANIES).text
    assert '<span class="badge good">上場</span>' in page
    assert '<span class="badge info">プライム</span>' in page
    assert f'title="{name.replace("&", "&amp;")}"' in page
    assert 'title="x"' not in page


@pytest.mark.parametrize("has_rows", [False, True])
def test_a_chip_names_its_record_though_no_column_shows_it(app: Flask, has_rows: bool) -> None:
    factories.industry(code="3650", name_ja="電気機器")
    industry = {"industry_code": "3650"} if has_rows else {}
    owner = factories.company(
        name_ja="任天堂株式会社", ticker_symbol="7974", listing_status="listed", **industry
    )
    if has_rows:
        factories.price(company_id=owner.id)
    browser = Browser(app, language="ja")
    page = browser.get(COMPANIES, flt0_industry_code_is="3650", columns="name_ja").text
    assert "<b>3650 電気機器</b>" in page
    page = browser.get("/admin/prices/", flt0_company_is="7974", columns="traded_on").text
    assert "<b>7974 任天堂株式会社</b>" in page
