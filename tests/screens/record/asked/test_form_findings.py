"""A form that is being typed is held against the rules: what they find is told by field, and nothing is written."""

import re
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests import factories
from tests.screens.browsing import Browser
from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.financial_statement import FinancialStatement
from webapp.models.findings.finding import FiledFinding

pytestmark = pytest.mark.usefixtures("connection")
STATEMENTS = "/admin/statements/"
SOUND = {"total_assets": Decimal(100), "total_liabilities": Decimal(30), "net_assets": Decimal(70)}


def stored(**values: Any) -> int:
    row = factories.statement(**(SOUND | values))
    db.session.commit()
    return int(row.id)


def asked(browser: Browser, number: int, left: str, **typed: str) -> list[dict[str, Any]]:
    sent = browser.form(f"{STATEMENTS}edit/", id=number) | typed
    answer = browser.post(f"{STATEMENTS}check/", sent, id=number, left=left)
    assert answer.status_code == 200
    findings: list[dict[str, Any]] = answer.get_json()["findings"]
    return findings


def test_a_typed_figure_is_told_beside_itself_and_beside_what_it_contradicts_in_both_languages(
    app: Flask,
) -> None:
    number = stored()
    (english,) = asked(Browser(app), number, "net_assets", net_assets="60")
    assert (english["severity"], english["word"], english["tone"]) == ("review", "To be reviewed", "warn")
    assert english["fields"] == ["total_assets", "net_assets"]
    assert english["text"] == (
        "Total assets 100 yen differs from Total liabilities + Net assets, 90 yen, by 10 yen (2 yen allowed)"
    )
    (japanese,) = asked(Browser(app, language="ja"), number, "net_assets", net_assets="60")
    assert (
        japanese["text"] == "資産合計 100 円は、負債合計と純資産合計の和 90 円と 10 円ちがいます（許容 2 円）"
    )
    assert asked(Browser(app), number, "net_assets", net_assets="70") == []


def test_what_may_not_be_typed_is_told_apart_from_what_is_only_worth_a_look(app: Flask) -> None:
    number = stored()
    found = asked(
        Browser(app), number, "liabilities_and_net_assets", liabilities_and_net_assets="101", net_assets="60"
    )
    assert [(one["severity"], one["fields"]) for one in found] == [
        ("blocks", ["total_assets", "liabilities_and_net_assets"]),
        ("review", ["total_assets"]),
    ]


def test_a_new_statement_is_held_against_the_year_before_as_soon_as_it_says_of_which_company_it_is(
    app: Flask,
) -> None:
    company = factories.company().id
    stored(revenue=Decimal(5_000), company_id=company)
    browser = Browser(app)
    months = {"fiscal_year_start_on": "2025-04-01", "fiscal_year_end_on": "2026-03-31"}
    months |= {"period_start_on": "2025-04-01", "period_end_on": "2026-03-31"}
    typed = {"company_id": str(company), "revenue": "5000000", "period_type": "FY", **months}
    typed |= {"scope": "consolidated", "accounting_standard": "JGAAP"}
    sent = browser.form(f"{STATEMENTS}new/")
    assert browser.post(f"{STATEMENTS}check/", sent).get_json()["findings"] == []
    found = browser.post(f"{STATEMENTS}check/", sent | typed, left="revenue").get_json()["findings"]
    assert [one["severity"] for one in found if "revenue" in one["fields"]] == ["blocks"]
    assert "1,000 times" in found[0]["text"]


def test_asking_writes_nothing_and_what_cannot_be_read_is_left_to_its_field(app: Flask) -> None:
    number = stored()
    before = db.session.scalar(select(func.count()).select_from(ChangeSet))
    assert asked(Browser(app), number, "net_assets", net_assets="sixty") == []
    assert asked(Browser(app), number, "net_assets", net_assets="60") != []
    assert db.session.scalar(select(func.count()).select_from(ChangeSet)) == before
    assert db.session.scalar(select(func.count()).select_from(FiledFinding)) == 0
    assert db.session.get_one(FinancialStatement, number, populate_existing=True).net_assets == 70


def test_a_companys_form_is_asked_about_by_its_own_rules(app: Flask) -> None:
    number = factories.company(fiscal_year_end_month=3, fiscal_year_end_day=31).id
    db.session.commit()
    browser = Browser(app)
    sent = browser.form("/admin/companies/edit/", id=number) | {
        "fiscal_year_end_month": "4",
        "fiscal_year_end_day": "30",
    }
    assert browser.post("/admin/companies/check/", sent, id=number).get_json()["findings"] == []
    sent["corporate_number"] = "1234567890123"
    (found,) = browser.post("/admin/companies/check/", sent, id=number).get_json()["findings"]
    assert (found["severity"], found["fields"]) == ("blocks", ["corporate_number"])


def test_who_may_not_type_is_not_answered_and_a_record_that_is_gone_is_said_to_be(app: Flask) -> None:
    number = stored()
    assert Browser(app, "viewer").post(f"{STATEMENTS}check/", {}, id=number).status_code == 403
    assert Browser(app).post(f"{STATEMENTS}check/", {}, id=999_999).status_code == 404


def test_which_indicators_a_figure_would_move_is_told_beside_it(app: Flask) -> None:
    number = stored(profit=Decimal(5), revenue=Decimal(100), profit_attributable_to_owners=Decimal(5))
    told = {"revenue": "200", "profit_attributable_to_owners": "5"}
    (found,) = asked(Browser(app), number, "revenue", **told)
    assert (found["severity"], found["fields"]) == ("note", ["revenue"])
    assert found["text"] == "It moves indicators: Net margin 5.00 % → 2.50 %."
    assert asked(Browser(app), number, "profit_attributable_to_owners", **told) == []
    back = asked(Browser(app), number, "profit_attributable_to_owners", profit_attributable_to_owners="△5")
    assert any("Net margin 5.00 % → ▲5.00 %" in one["text"] for one in back)


@pytest.mark.parametrize(
    ("typed", "revenue", "taxed"),
    [
        ({"accounting_standard": "IFRS"}, "売上収益", "税引前利益"),
        ({"accounting_standard": "IFRS", "period_type": "HY"}, "売上収益", "税引前中間利益"),
        ({"accounting_standard": "JGAAP", "industry_format": "BNK"}, "経常収益", "税金等調整前当期純利益"),
        ({"accounting_standard": "JGAAP", "scope": "non_consolidated"}, "売上高", "税引前当期純利益"),
    ],
)
def test_figures_are_called_as_soon_as_it_is_typed_by_which_standard_they_are(
    app: Flask, typed: dict[str, str], revenue: str, taxed: str
) -> None:
    browser = Browser(app, language="ja")
    typed = {"period_type": "FY", "scope": "consolidated", "industry_format": "CTE"} | typed
    sent = browser.form(f"{STATEMENTS}new/") | typed
    labels = browser.post(f"{STATEMENTS}check/", sent).get_json()["labels"]
    assert (labels["revenue"], labels["income_before_taxes"]) == (revenue, taxed)
    # What is refused comes back under the same names.
    assert f"<span>{revenue}</span>" in browser.post(f"{STATEMENTS}new/", sent).text


def test_a_stored_statement_is_called_by_what_is_typed_over_it(app: Flask) -> None:
    number = stored()
    browser = Browser(app)
    sent = browser.form(f"{STATEMENTS}edit/", id=number) | {"accounting_standard": "IFRS"}
    labels = browser.post(f"{STATEMENTS}check/", sent, id=number).get_json()["labels"]
    assert labels["net_assets"] == "Total equity"
    # What is called alike everywhere is not told again.
    assert "total_assets" not in labels


@pytest.mark.parametrize(
    ("currency", "in_millions", "one"),
    [("USD", "百万米ドル", "米ドル"), ("JPY", "百万円", "円"), ("THB", "百万THB", "THB")],
)
def test_amounts_are_counted_as_soon_as_it_is_typed_in_which_currency_they_are(
    app: Flask, currency: str, in_millions: str, one: str
) -> None:
    browser = Browser(app, language="ja")
    typed = {"currency": currency, "rounding_unit": "1000000", "figures_unit": "1000000"}
    sent = browser.form(f"{STATEMENTS}new/") | typed
    counted_in = browser.post(f"{STATEMENTS}check/", sent).get_json()["counted_in"]
    assert (counted_in["units"]["1000000"], counted_in["units"]["1"]) == (in_millions, one)
    assert {"eps_basic", "dividend_per_share"} & set(counted_in["per_share"])
    assert "revenue" not in counted_in["per_share"]
    # What is refused comes back so.
    page = browser.post(f"{STATEMENTS}new/", sent).text
    revenue, eps = (page[page.index(f'data-field="{name}"') :][:900] for name in ("revenue", "eps_basic"))
    assert f'data-unit="{in_millions}" data-digits="6" data-yen="{one}"' in revenue
    assert f'data-unit="{one}"' in eps
    assert re.search(f'<option value="1000000" selected[^>]*>{in_millions}</option>', page)


def test_what_is_no_currency_leaves_amounts_counted_as_they_were_and_other_records_have_none(
    app: Flask,
) -> None:
    browser = Browser(app)
    sent = browser.form(f"{STATEMENTS}new/") | {"currency": "dollars"}
    assert browser.post(f"{STATEMENTS}check/", sent).get_json()["counted_in"] is None
    company = browser.form("/admin/companies/new/")
    assert browser.post("/admin/companies/check/", company).get_json()["counted_in"] is None
