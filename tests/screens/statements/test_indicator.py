"""Indicators on screen: computed, shown, never typed."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from tests import factories
from tests.screens.browsing import Browser
from webapp import db
from webapp.models.financial_indicator import FinancialIndicator
from webapp.models.financial_statement import FinancialStatement
from webapp.services.changes.following import indicators

pytestmark = pytest.mark.usefixtures("connection")
DAYS = {
    "fiscal_year_start_on": date(2024, 4, 1),
    "fiscal_year_end_on": date(2025, 3, 31),
    "period_start_on": date(2024, 4, 1),
    "period_end_on": date(2025, 3, 31),
}


def an_indicator() -> int:
    row = FinancialIndicator(
        company_id=factories.company(edinet_code="E99999", name_ja="試験社").id,
        as_of_on=date(2025, 3, 31),
        basis="FY",
        formula_version=1,
        roe=Decimal("0.104712"),
        net_margin=Decimal("-0.05"),
        statuses={"per": "negative_base"},
    )
    db.session.add(row)
    db.session.commit()
    return int(row.id)


@pytest.mark.parametrize(
    ("language", "told"), [("ja", "まだ計算されたものがありません"), ("en", "None has been computed yet")]
)
def test_an_empty_list_says_that_indicators_are_computed(app: Flask, language: str, told: str) -> None:
    browser = Browser(app, language=language)
    assert told in browser.get("/admin/indicators/").text
    an_indicator()
    assert told not in browser.get("/admin/indicators/").text


def test_ratios_are_percentages_and_missing_ones_say_why(app: Flask) -> None:
    number = an_indicator()
    browser = Browser(app)
    page = browser.get("/admin/indicators/")
    assert "10.47" in page.text
    assert '<span aria-hidden="true">▲</span><span class="sr">−</span>5.00' in page.text
    details = browser.get("/admin/indicators/details/", id=number)
    # Every decimal stands where it is computed.
    assert "10.47<" in details.text
    assert "Base not positive" in details.text
    assert "E99999 試験社" in details.text


def test_nobody_types_an_indicator(app: Flask) -> None:
    number = an_indicator()
    browser = Browser(app, "admin")
    for path in ("edit/", "new/", "delete/", "action/", "ajax/lookup/"):
        assert browser.post(f"/admin/indicators/{path}", {"id": number}, id=number).status_code == 404


def two_years(**figures: Any) -> int:
    """The indicators of the later one of two years, with a price."""
    company = factories.company(edinet_code="E99999", name_ja="試験社").id
    before = {name: day.replace(year=day.year - 1) for name, day in DAYS.items()}
    factories.statement(company_id=company, **before, equity_attributable_to_owners=Decimal(400_000_000))
    factories.price(company_id=company, traded_on=date(2025, 3, 28))
    shown = {
        "profit_attributable_to_owners": Decimal(60_000_000),
        "equity_attributable_to_owners": Decimal(600_000_000),
        **figures,
    }
    now = factories.statement(company_id=company, **DAYS, **shown)
    return db.session.scalars(
        select(FinancialIndicator.id).where(FinancialIndicator.statement_id == now.id)
    ).one()


def test_a_page_says_of_what_an_indicator_is_computed_and_what_the_company_says(app: Flask) -> None:
    number = two_years(roe_reported=Decimal("0.121"))
    browser = Browser(app, language="ja")
    page = browser.get("/admin/indicators/formula/", id=number, name="roe").text
    assert "親会社株主に帰属する当期純利益 ÷ ((自己資本 + 自己資本（前年同期）) ÷ 2)" in page
    assert "<dd>親会社株主に帰属する当期純利益÷期首・期末平均の自己資本</dd>" in page
    assert "60,000,000 ÷ ((600,000,000 + 400,000,000) ÷ 2)" in page
    assert re.search(r'<a href="/admin/statements/details/\?id=\d+">前年同期（2024/03/31）</a>', page)
    # The company's own, and by how much it differs.
    assert "自己資本利益率（開示）" in page
    assert "12.10 <span" in page
    assert '<span class="unit">pt</span>' in page.split("<dt>相違</dt>")[1].split("</dd>")[0]
    assert "相違" in page
    assert 'role="img"' not in page, "one point is no line"
    assert "数分以内に計算し直されます" not in page
    per = browser.get("/admin/indicators/formula/", id=number, name="per").text
    assert '<dd><span class="badge warn">元データなし</span>' in per
    assert re.search(r'<a href="/admin/prices/details/\?id=\d+,2025-03-28">株価（2025/03/28）</a>', per)


def test_of_three_months_figures_are_called_as_a_quarter_prints_them_and_of_twelve_as_a_year(
    app: Flask,
) -> None:
    first = DAYS | {"period_end_on": date(2024, 6, 30), "period_type": "Q1"}
    row = factories.statement(**first, revenue=Decimal(100), profit_attributable_to_owners=Decimal(7))
    asked = select(FinancialIndicator.id).where(FinancialIndicator.statement_id == row.id)
    browser = Browser(app, language="ja")
    for basis, called in (("QTR", "四半期純利益"), ("TTM", "当期純利益")):
        number = db.session.scalars(asked.where(FinancialIndicator.basis == basis)).one()
        page = browser.get("/admin/indicators/formula/", id=number, name="net_margin").text
        assert f"親会社株主に帰属する{called} ÷ 売上高" in page


@pytest.mark.parametrize(
    ("language", "told", "why"),
    [
        ("ja", "法定実効税率で計算", "法定実効税率 30.62 % で計算しています"),
        ("en", "With the statutory tax rate", "it is reckoned with the statutory one, 30.62 %."),
    ],
)
def test_a_value_with_a_part_that_stood_in_says_so_wherever_it_is_shown(
    app: Flask, language: str, told: str, why: str
) -> None:
    shown = {"operating_income": Decimal(90_000_000), "long_term_borrowings": Decimal(0)}
    number = two_years(**shown, income_taxes=Decimal(-1), income_before_taxes=Decimal(60_000_000))
    before = db.session.scalars(
        select(FinancialStatement).where(FinancialStatement.period_end_on == date(2024, 3, 31))
    ).one()
    before.long_term_borrowings = Decimal(0)
    db.session.flush()
    indicators.compute()
    db.session.commit()
    browser = Browser(app, language=language)
    page = browser.get("/admin/indicators/formula/", id=number, name="roic").text
    # 62,442,000 on 500,000,000.
    assert "12.4884" in page
    assert f'<span class="badge warn">{told}</span>' in page.split("</dl>")[0]
    assert why in page
    assert f'<span class="badge warn">{told}</span>' in page.split('id="history-title"')[1]
    details = browser.get("/admin/indicators/details/", id=number).text
    assert re.search(rf'12\.49</a> <span class="badge warn">{told}</span>', details)
    with_notes = browser.get("/admin/indicators/", columns="as_of_on,statuses").text
    assert told in with_notes
    assert "statutory_rate" not in with_notes


def test_under_ifrs_coverage_is_reckoned_of_finance_costs_where_interest_is_not_disclosed(app: Flask) -> None:
    number = two_years(
        accounting_standard="IFRS",
        operating_income=Decimal(90_000_000),
        interest_and_dividend_income=Decimal(5_000_000),
        finance_costs=Decimal(10_000_000),
    )
    page = Browser(app, language="ja").get("/admin/indicators/formula/", id=number, name="interest_coverage")
    assert "<dd>90,000,000 ÷ (—（ない場合は 10,000,000）)</dd>" in page.text
    assert "9.00" in page.text
    assert "金融費用で計算" in page.text
    assert "利息以外も含みうる" in page.text


def test_a_dividend_on_other_shares_than_it_was_paid_on_says_so(app: Flask) -> None:
    number = two_years(dps_annual=Decimal(753), dps_interim=Decimal(630), eps_basic=Decimal(372))
    browser = Browser(app, language="ja")
    page = browser.get("/admin/indicators/formula/", id=number, name="payout_ratio").text
    assert "１株当たり配当額 ÷ １株当たり当期純利益" in page
    factories.corporate_action(
        company_id=db.session.scalars(select(FinancialIndicator.company_id)).first(),
        ex_on=date(2024, 9, 27),
        effective_on=date(2024, 10, 1),
        ratio_from=Decimal(1),
        ratio_to=Decimal(10),
    )
    db.session.commit()
    page = browser.get("/admin/indicators/formula/", id=number, name="payout_ratio").text
    assert "１株当たり配当額（分割調整後） ÷ １株当たり当期純利益" in page
    assert "50.00" in page
    page = browser.get("/admin/indicators/formula/", id=number, name="dividend_yield").text
    assert "１株当たり配当額（分割調整後） ÷ 終値（分割調整後）" in page


def test_of_a_company_alone_the_page_leads_to_the_figures_that_stand_for_its_owners(app: Flask) -> None:
    number = two_years(
        scope="non_consolidated",
        profit_attributable_to_owners=None,
        equity_attributable_to_owners=None,
        profit=Decimal(60_000_000),
        net_assets=Decimal(620_000_000),
        subscription_rights=Decimal(20_000_000),
        total_liabilities=Decimal(0),
        total_assets=Decimal(620_000_000),
        revenue=Decimal(500_000_000),
    )
    browser = Browser(app, language="ja")
    page = browser.get("/admin/indicators/formula/", id=number, name="net_margin").text
    assert "60,000,000 ÷ 500,000,000" in page
    assert re.search(r'<a href="/admin/statements/details/\?id=\d+">当期純利益 当期（2025/03/31）</a>', page)
    page = browser.get("/admin/indicators/formula/", id=number, name="equity_ratio").text
    assert "600,000,000 ÷ 620,000,000" in page
    for named, amount in (("純資産合計", "+ 620,000,000"), ("新株予約権", "− 20,000,000")):
        assert re.search(
            rf'{named} 当期（2025/03/31）</a> <span class="num">{re.escape(amount)}</span>', page
        )


def test_a_growing_history_is_drawn_with_its_table(app: Flask) -> None:
    number = two_years(total_assets=Decimal(2_000_000_000))
    company = db.session.get_one(FinancialIndicator, number).company_id
    next_year = {name: day.replace(year=day.year + 1) for name, day in DAYS.items()}
    shown = {"equity_attributable_to_owners": Decimal(700_000_000), "total_assets": Decimal(1_000_000_000)}
    factories.statement(company_id=company, **next_year, **shown)
    page = Browser(app).get("/admin/indicators/formula/", id=number, name="equity_ratio").text
    assert page.count("<circle") == 2
    assert 'aria-label="Equity ratio"' in page
    assert (
        "style="
        not in page[page.index('<svg class="chart') : page.index("</svg>", page.index('<svg class="chart'))]
    )
    assert page.index("2026-03-31") < page.index("2024-03-31")


def test_a_split_is_no_fall_in_what_is_drawn_per_share(app: Flask) -> None:
    company = factories.company().id
    next_year = {name: day.replace(year=day.year + 1) for name, day in DAYS.items()}
    factories.statement(company_id=company, **DAYS, eps_basic=Decimal(1000))
    later = factories.statement(company_id=company, **next_year, eps_basic=Decimal(110))
    factories.corporate_action(company_id=company, ex_on=date(2025, 9, 29), effective_on=date(2025, 10, 1))
    number = db.session.scalars(
        select(FinancialIndicator.id).where(FinancialIndicator.statement_id == later.id)
    ).one()
    page = Browser(app).get("/admin/indicators/formula/", id=number, name="eps").text
    assert "Drawn on the latest shares" in page
    assert "2025/03 100" in page
    assert "1,000" in page[page.index("<tbody>") :], "the table has what was reckoned then"
    revenue = Browser(app).get("/admin/indicators/formula/", id=number, name="equity_ratio").text
    assert "Drawn on the latest shares" not in revenue


def test_what_has_changed_outside_since_is_said(app: Flask) -> None:
    number = two_years()
    db.session.execute(text("UPDATE financial_statements SET profit_attributable_to_owners = 5"))
    page = Browser(app).get("/admin/indicators/formula/", id=number, name="roe").text
    assert "computed anew within minutes" in page


def test_where_there_is_nothing_to_show_the_page_says_so(app: Flask) -> None:
    number = an_indicator()
    browser = Browser(app)
    assert browser.get("/admin/indicators/formula/", id=number, name="luck").status_code == 404
    assert browser.get("/admin/indicators/formula/", id=10**9, name="roe").status_code == 404
    page = browser.get("/admin/indicators/formula/", id=number, name="per")
    assert "no sense and no sign" in page.text


@pytest.mark.parametrize(
    ("language", "told"),
    [("ja", "3か月の数値では計算しない指標です。"), ("en", "Three months are no measure of it.")],
)
def test_of_three_months_a_measure_of_years_says_that_they_are_none(
    app: Flask, language: str, told: str
) -> None:
    first = DAYS | {"period_end_on": date(2024, 6, 30), "period_type": "Q1"}
    row = factories.statement(**first, profit_attributable_to_owners=Decimal(7))
    of_quarter = FinancialIndicator.statement_id == row.id, FinancialIndicator.basis == "QTR"
    number = db.session.scalars(select(FinancialIndicator.id).where(*of_quarter)).one()
    page = Browser(app, language=language).get("/admin/indicators/formula/", id=number, name="roe").text
    assert told in page.split("</dl>")[0]


def test_of_an_industry_that_prints_no_such_figure_it_says_so_and_of_no_interest_that_there_is_none(
    app: Flask,
) -> None:
    browser = Browser(app, language="ja")
    without = two_years(operating_income=Decimal(90_000_000), interest_expense=Decimal(0))
    page = browser.get("/admin/indicators/formula/", id=without, name="interest_coverage").text
    assert "計算の対象がゼロのため、値がありません。" in page
    bank = factories.statement(**DAYS, industry_format="BNK", interest_expense=Decimal(0))
    of_bank = select(FinancialIndicator.id).where(FinancialIndicator.statement_id == bank.id)
    page = browser.get(
        "/admin/indicators/formula/", id=db.session.scalars(of_bank).one(), name="interest_coverage"
    ).text
    assert "この業種の様式では、計算に必要な科目が表示されません。" in page


def test_between_years_that_were_not_equally_long_it_says_so_and_of_a_tiny_base_what_that_means(
    app: Flask,
) -> None:
    company = factories.company(edinet_code="E99999").id
    cut_short = {"fiscal_year_start_on": date(2023, 7, 1), "period_start_on": date(2023, 7, 1)}
    end = {"fiscal_year_end_on": date(2024, 3, 31), "period_end_on": date(2024, 3, 31)}
    factories.statement(company_id=company, **cut_short, **end, revenue=Decimal(900))
    now = factories.statement(
        company_id=company,
        **DAYS,
        revenue=Decimal(1200),
        total_liabilities=Decimal(10**19),
        equity_attributable_to_owners=Decimal(1),
    )
    of_now = select(FinancialIndicator.id).where(FinancialIndicator.statement_id == now.id)
    number, browser = db.session.scalars(of_now).one(), Browser(app, language="ja")
    page = browser.get("/admin/indicators/formula/", id=number, name="revenue_growth").text
    assert "比べる2つの期間の長さが異なるため、成長率はありません。" in page
    page = browser.get("/admin/indicators/formula/", id=number, name="liabilities_to_equity").text
    assert "分母が極めて小さいため、値に意味がありません。" in page
