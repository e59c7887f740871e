"""Pages on how the whole stands: the catalogue of rules, how findings come and go, and the calendar of deadlines."""

from datetime import date
from decimal import Decimal

import pytest
from flask import Flask

from tests import factories
from tests.screens.browsing import Browser
from webapp import db
from webapp.indicators.formulas import INDICATORS
from webapp.rules import calendar, masters
from webapp.rules.accounting.catalogue import BY_ID
from webapp.rules.disclosure import reading
from webapp.services.checking import rule_counts

pytestmark = pytest.mark.usefixtures("connection")

RULES, TREND, CALENDAR = "/admin/rules/", "/admin/quality/trend/", "/admin/coverage/calendar/"


def broken_balance() -> None:
    figures = {"total_assets": Decimal(100), "total_liabilities": Decimal(30), "net_assets": Decimal(60)}
    factories.statement(**figures)
    db.session.commit()


def test_the_catalogue_holds_every_rule_and_indicator_with_what_came_of_it(app: Flask) -> None:
    broken_balance()
    browser = Browser(app, language="ja")
    page = browser.get(RULES).text
    assert "まだ集計されていません" in page
    assert all(f'id="rule-{rule}"' in page for rule in (*BY_ID, *masters.BY_ID, *reading.BY_ID))
    assert "主要な経営指標等の推移と財務諸表の一致" in page.split('id="rule-S1"')[1].split("</tr>")[0]
    # A rule of ours is called by its name alone.
    assert "steward_against_source</code>" not in page
    assert "東京証券取引所の日々の株価による実測" in page
    assert "担当者の値と出典の相違" in page.split('id="rule-steward_against_source"')[1].split("</tr>")[0]
    assert all(f'id="indicator-{one.name}"' in page for one in INDICATORS)
    assert "資産合計 ＝ 負債合計 + 純資産合計 ± 表示単位 × 2" in page
    row = page.split('id="rule-B2"')[1].split("</tr>")[0]
    assert 'href="/admin/quality/?flt0_rule_is=B2&amp;flt1_status_is=open">1</a>' in row
    rule_counts.count_all()
    db.session.commit()
    page = browser.get(RULES).text
    assert "0.0 %" in page.split('id="rule-B2"')[1].split("</tr>")[0]
    assert "100.0 %" in page.split('id="rule-M-name"')[1].split("</tr>")[0]
    assert Browser(app, "viewer", "en").get(RULES).status_code == 200


def test_figures_are_called_by_the_standard_of_the_statements_that_are_counted(app: Flask) -> None:
    ended = {"fiscal_year_end_on": calendar.today()}
    factories.statement(**ended, accounting_standard="IFRS")
    factories.statement(**ended, accounting_standard="JGAAP", industry_format="BNK")
    db.session.commit()
    page = Browser(app, language="ja").get("/admin/coverage/fields/").text
    bank, ifrs = page.split('id="layout-1"')[1].split('id="layout-2"')
    assert "経常収益" in bank
    assert "税金等調整前当期純利益" in bank
    assert "売上収益" in ifrs
    assert "資本合計" in ifrs


def test_how_findings_come_and_go_is_drawn_and_stands_in_a_table(app: Flask) -> None:
    browser = Browser(app)
    assert "There has been no finding yet" in browser.get(TREND).text
    broken_balance()
    page = browser.get(TREND, by="day").text
    assert page.count('<svg class="chart"') == 2
    assert "style=" not in page.split("<main")[1]
    table = page.split('id="steps-title"')[1]
    assert table.split("<tbody>")[1].split("</tr>")[0].count("<td") == 9
    assert browser.get(TREND, by="<b>").status_code == 200


def test_the_calendar_says_what_falls_due_when_tokyo_trades_and_which_years_end(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calendar, "today", lambda: date(2025, 6, 16))
    factories.company(
        ticker_symbol="7974", listing_status="listed", fiscal_year_end_month=3, fiscal_year_end_day=31
    )
    factories.company(
        ticker_symbol="3038", listing_status="listed", fiscal_year_end_month=6, fiscal_year_end_day=31
    )
    db.session.commit()
    browser = Browser(app)
    page = browser.get(CALENDAR).text
    day = next(row for row in page.split("<tr") if "2025-06-30" in row and "<th scope" in row)
    assert "Full year 1" in day
    assert "flt0_due_on_from=2025-06-30" in day
    assert "flt0_fiscal_year_end_month_is=6" in day
    assert "Session" in day
    assert "No session" in next(row for row in page.split("<tr") if "2025-07-06" in row)
    later = browser.get(CALENDAR, since="2027-12-01").text
    assert "Not known yet" in later
    assert browser.get(CALENDAR, since="9999-12-31").status_code == 200
