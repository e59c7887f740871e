"""Lists: what they find, in which order, how many, and at what cost."""

import re
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState

from tests import factories, plans
from tests.screens.browsing import Browser, statements
from webapp import db
from webapp.lists import query, reading
from webapp.models.company import Company
from webapp.models.stock_price import StockPrice

pytestmark = pytest.mark.usefixtures("connection")


def names(page: Any) -> list[str]:
    """The companies on a page, in their order."""
    return re.findall(r'<a class="name"[^>]*>([^<]+)</a>', page.text)


def make(*wanted: str, **values: Any) -> None:
    for name in wanted:
        factories.company(name_ja=name, **values)


def test_equal_values_keep_one_order_over_all_pages(app: Flask) -> None:
    make(*(f"同業{number:02d}" for number in range(45)))
    browser = Browser(app)
    for descending in ("", "1"):
        shown: list[str] = []
        for page in range(3):
            query = {"sort": 4, "page": page, "page_size": 20, "desc": descending}
            shown += names(browser.get("/admin/companies/", **query))
        assert len(set(shown)) == 45


def test_rows_without_a_value_come_last_either_way(app: Flask) -> None:
    make("なし")
    factories.company(name_ja="あり", ticker_symbol="7974", listing_status="listed")
    browser = Browser(app)
    for descending in ("", "1"):
        assert names(browser.get("/admin/companies/", sort=0, desc=descending)) == ["あり", "なし"]


def test_a_page_past_the_end_is_the_last_one(app: Flask) -> None:
    make(*(f"会社{number}" for number in range(21)))
    page = Browser(app).get("/admin/companies/", page=99, page_size=20)
    assert len(names(page)) == 1
    assert "21–21" in page.text


def test_counting_stops_and_says_so(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    plans.count_up_to(monkeypatch, Company, 5)
    make(*(f"会社{number}" for number in range(30)))
    browser = Browser(app)
    page = browser.get("/admin/companies/", page_size=20, flt0_listing_status_is="unlisted")
    assert "5+" in page.text
    # Further pages are still there to be reached.
    assert len(names(browser.get("/admin/companies/", page=1, page_size=20))) == 10


def test_a_page_is_cut_before_anything_is_joined(app: Flask) -> None:
    factories.price()
    browser = Browser(app)
    with statements() as seen:
        assert browser.get("/admin/prices/").status_code == 200
    count, rows = sorted(seen, key=len)
    assert "LIMIT" in count
    assert rows.index("LIMIT") < rows.index("LEFT OUTER JOIN companies")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"flt00_listing_status_is": "listed"}, ["上場社"]),
        ({"flt00_ticker_symbol_is": "７９７４"}, ["上場社"]),
        ({"flt00_ticker_symbol_empty": "1"}, ["非上場社"]),
        ({"flt00_ticker_symbol_empty": "0"}, ["上場社"]),
        ({"flt00_capital_stock_from": "１，０００"}, ["上場社"]),
        ({"flt00_capital_stock_to": "999"}, ["非上場社"]),
        ({"flt00_has_consolidated_is": "0"}, ["上場社"]),
        ({"flt00_listed_on_from": "2020/01/01"}, ["上場社"]),
        ({"flt00_filer_type_contains": "100%"}, ["非上場社"]),
        ({"flt00_listing_status_is": "listed", "flt01_capital_stock_to": "999"}, []),
        ({"flt00_listing_status_is": ""}, ["上場社", "非上場社"]),
        ({"flt00_listing_status_is": "nonsense"}, ["上場社", "非上場社"]),
    ],
    ids=str,
)
def test_filters_narrow_a_list(app: Flask, query: dict[str, str], found: list[str]) -> None:
    listed = {"ticker_symbol": "7974", "listing_status": "listed", "listed_on": date(2021, 4, 1)}
    factories.company(name_ja="上場社", capital_stock=1000, has_consolidated=False, **listed)
    factories.company(name_ja="非上場社", capital_stock=5, filer_type="100%子会社")
    factories.company(name_ja="１０１", filer_type="1001", capital_stock=None, ticker_symbol="7975")
    page = Browser(app).get("/admin/companies/", **query)
    assert [name for name in names(page) if name != "１０１"] == found


@pytest.mark.parametrize("asked", ["E99999", "試験", "#{id}"])
def test_a_list_is_narrowed_to_a_company(app: Flask, asked: str) -> None:
    owner = factories.company(edinet_code="E99999", name_ja="試験社").id
    factories.statement(company_id=owner)
    factories.statement(company_id=factories.company(name_ja="別の会社").id)
    page = Browser(app).get("/admin/statements/", flt0_company_is=asked.format(id=owner))
    assert "試験社" in page.text
    assert "別の会社" not in page.text


def test_a_search_of_too_many_words_is_cut_and_says_so(app: Flask) -> None:
    page = Browser(app).get("/admin/companies/", search=" ".join("abcdefghij"))
    assert "only the first 8 words" in page.text


@pytest.mark.parametrize("typed", ["100%", "_", "\\"])
def test_what_means_anything_to_like_means_itself(app: Flask, typed: str) -> None:
    make("普通の会社")
    assert names(Browser(app).get("/admin/companies/", search=typed)) == []


@pytest.mark.parametrize("name", ["_external", "_scheme", "_anchor", "endpoint", "export_type", "_method"])
def test_an_address_cannot_steer_how_links_are_made(app: Flask, name: str) -> None:
    assert Browser(app).get("/admin/companies/", **{name: "javascript"}).status_code == 400


def test_the_row_rule_holds_everywhere(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    hidden = factories.company(name_ja="秘密の会社", name_en="x")
    number = hidden.id
    row = factories.statement(company_id=factories.company().id)
    key = row.id
    make("見える会社")
    db.session.commit()
    seen = Company.name_ja != "秘密の会社"
    plans.alter(monkeypatch, Company, visible=lambda statement: statement.where(seen))
    browser = Browser(app)
    page = browser.get("/admin/companies/")
    assert "秘密の会社" not in page.text
    assert "2 records" in page.text
    for path in ("details/", "edit/"):
        assert browser.get(f"/admin/companies/{path}", id=number).status_code == 404
    assert browser.get("/admin/companies/delete/confirm/", id=number).status_code == 404
    assert (
        browser.post("/admin/companies/edit/", {"name_en": "y", "row_version": "1"}, id=number).status_code
        == 409
    )
    sent = {"action": "delete", "rowid": [number], "confirmed": "1"}
    assert browser.post("/admin/companies/action/", sent, seen="1").status_code == 404
    export = browser.get("/admin/companies/export/csv/")
    assert "秘密の会社" not in export.text
    export.close()
    found = browser.get("/admin/statements/ajax/lookup/", name="company_id", query="秘密")
    assert found.get_json() == []
    typed = browser.save("/admin/statements/edit/", {"company_id": str(number)}, id=key)
    assert typed.status_code == 200
    db.session.expire_all()
    assert db.session.get_one(Company, number).name_en == "x"


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(
    ("side", "expected"), [("after", [[26, 25], [25]]), ("before", [[28], [28, 27]])], ids=str
)
def test_pages_past_any_row_are_read_with_the_same_statements(
    monkeypatch: pytest.MonkeyPatch, side: str, expected: list[list[int]]
) -> None:
    # As of a long list, whose pages are short.
    plans.count_up_to(monkeypatch, StockPrice, 1)
    number = factories.company().id
    for day in (25, 26, 27, 28):
        factories.price(company_id=number, traded_on=date(2025, 7, day))
    asked: list[Any] = []

    def note(execution: ORMExecuteState) -> None:
        asked.append(execution.statement)

    event.listen(db.session, "do_orm_execute", note)
    shown = []
    for day in (27, 26):
        page = reading.page_of(query.parse(plans.of(StockPrice), f"{side}=2025-07-{day}%2C{number}"))
        shown.append([row.traded_on.day for row in page.rows])
    event.remove(db.session, "do_orm_execute", note)
    assert shown == expected
    # Not equal but the same: each that is made anew costs a page more than its SQL.
    count, rows, count_again, rows_again = asked
    assert count is count_again
    assert rows is rows_again


def test_a_whole_table_that_is_known_to_be_long_is_not_read_to_count_it(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(*(f"会社{number:02}" for number in range(45)))
    db.session.connection().exec_driver_sql("ANALYZE companies")
    plans.count_up_to(monkeypatch, Company, 30, estimated_from=40)
    browser = Browser(app)
    with statements() as seen:
        page = browser.get("/admin/companies/", page_size=20)
    assert len(seen) == 2
    assert "about 45 records" in page.text
    assert 'rel="next"' in page.text
    assert names(browser.get("/admin/companies/", page_size=20, last="1"))[-1] == "会社44"
    narrowed = browser.get("/admin/companies/", search="会社4", page_size=20)
    assert "5 records" in narrowed.text
