"""Coverage: the list of statements that are missing, and what Home counts of it."""

import re
from datetime import date
from decimal import Decimal
from urllib.parse import parse_qsl

import pytest
from flask import Flask

from tests import factories
from tests.screens.browsing import Browser, statements
from webapp import db
from webapp.lists import counting
from webapp.rules import calendar

pytestmark = pytest.mark.usefixtures("connection")

COVERAGE = "/admin/coverage/"


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar, "today", lambda: date(2025, 7, 10))


def nintendo() -> int:
    company = factories.company(
        ticker_symbol="7974",
        name_ja="任天堂株式会社",
        listing_status="listed",
        fiscal_year_end_month=3,
        fiscal_year_end_day=31,
    )
    db.session.commit()
    return int(company.id)


def test_a_missing_statement_stands_with_its_deadline_and_the_days_since(app: Flask) -> None:
    nintendo()
    page = Browser(app, language="ja").get(COVERAGE).text
    assert "7974 任天堂株式会社" in page
    assert "期限超過" in page
    assert "2025/06/30" in page
    row = next(row for row in page.split("<tr")[1:] if "2025/06/30" in row)
    assert ">10<" in row
    assert 'href="/admin/imports/new/"' in page
    assert 'href="/admin/imports/new/"' not in Browser(app, "viewer").get(COVERAGE).text.split("<main")[1]


def test_a_document_that_nobody_has_imported_is_a_link(app: Flask) -> None:
    doc_id = factories.filing(company_id=nintendo(), period_end_on=date(2025, 3, 31)).doc_id
    db.session.commit()
    page = Browser(app).get(COVERAGE, flt0_state_is="unread").text
    assert f'href="/admin/filings/details/?id={doc_id}"' in page
    assert "Not imported" in page
    assert "Overdue" not in page.split("<tbody")[1]


def test_the_list_costs_what_every_list_costs(app: Flask) -> None:
    nintendo()
    browser = Browser(app)
    browser.get(COVERAGE)
    with statements() as asked:
        browser.get(COVERAGE)
    assert len(asked) == 2


def test_home_counts_what_is_missing_and_leads_to_it(app: Flask) -> None:
    assert "home-coverage" not in Browser(app).get("/admin/").text
    nintendo()
    browser = Browser(app)
    page = browser.get("/admin/").text
    assert "home-coverage" in page
    for narrowed in ("flt0_state_is=missing", "flt0_state_is=unread", "flt1_due_on_to="):
        start = page.index(narrowed)
        address = page[page.rindex('"', 0, start) + 1 : page.index('"', start)].replace("&amp;", "&")
        path, _mark, asked = address.partition("?")
        assert "Not understood" not in browser.get(path, **dict(parse_qsl(asked))).text


def test_home_counts_each_kind_by_itself_however_many_there_are_of_another(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.filing(company_id=nintendo(), period_end_on=date(2025, 3, 31))
    for code in ("6701", "6702"):
        factories.company(
            ticker_symbol=code, listing_status="listed", fiscal_year_end_month=3, fiscal_year_end_day=31
        )
    db.session.commit()
    monkeypatch.setattr(counting, "COUNTED_UP_TO", 1)
    panel = Browser(app).get("/admin/").text.partition('"home-coverage"')[2]
    tiles = [re.findall(r"<b>(.*?)</b>", tile)[0] for tile in panel.split("<li>")[1:4]]
    assert tiles == ["1", "1+", "0"]


def test_completeness_names_figures_and_companies_and_leads_to_the_statements_without_them(
    app: Flask,
) -> None:
    factories.statement(company_id=nintendo(), revenue=Decimal(5))
    db.session.commit()
    browser = Browser(app, language="ja")
    page = browser.get(f"{COVERAGE}fields/", years="3").text
    assert "売上高" in page
    assert "7974 任天堂株式会社" in page
    assert "100.0 %" in page
    address = next(part.split('"')[0] for part in page.split('href="')[1:] if "gross_profit_empty" in part)
    path, _mark, asked = address.replace("&amp;", "&").partition("?")
    shown = browser.get(path, **dict(parse_qsl(asked))).text
    assert "7974 任天堂株式会社" in shown
    assert 'data-flash="bad"' not in shown
    assert "該当する財務諸表はありません" in browser.get(f"{COVERAGE}fields/", scope="non_consolidated").text
    assert browser.get(f"{COVERAGE}fields/", scope="<b>", years="-1").status_code == 200
