"""Indicators on screen: computed, shown, never typed."""

from datetime import date
from decimal import Decimal

import pytest
from flask import Flask

from tests import factories
from tests.screens.browsing import Browser
from webapp import db
from webapp.models.financial_indicator import FinancialIndicator

pytestmark = pytest.mark.usefixtures("connection")


def an_indicator() -> int:
    row = FinancialIndicator(
        company_id=factories.company(edinet_code="E99999", name_ja="試験社").id,
        as_of_on=date(2025, 3, 31),
        basis="FY",
        formula_version=1,
        roe=Decimal("0.104712"),
        roe_status="ok",
        net_margin=Decimal("-0.05"),
        net_margin_status="ok",
        per_status="negative_base",
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
    assert "10.4712" in details.text
    assert "Base not positive" in details.text
    assert "E99999 試験社" in details.text


def test_nobody_types_an_indicator(app: Flask) -> None:
    number = an_indicator()
    browser = Browser(app, "admin")
    for path in ("edit/", "new/", "delete/", "action/", "ajax/lookup/"):
        assert browser.post(f"/admin/indicators/{path}", {"id": number}, id=number).status_code == 404
