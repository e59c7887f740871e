"""Amounts of money are typed in the unit that the page shows, to the yen, and read in no other."""

from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.screens.browsing import Browser, fields
from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.company import Company
from webapp.models.financial_statement import FinancialStatement

pytestmark = pytest.mark.usefixtures("connection")
FORM = "/admin/statements/edit/"
CELL = "/admin/companies/cell/"
MILLION = "1000000"


def statement(**values: Any) -> int:
    number = int(factories.statement(**values).id)
    db.session.commit()
    return number


def operating_income(number: int) -> Decimal | None:
    db.session.expire_all()
    return db.session.get_one(FinancialStatement, number).operating_income


@pytest.mark.parametrize(
    ("unit", "shown", "typed", "stored"),
    [
        (1, "1,234,500,000", "△7", "-7"),
        (1000, "1,234,500", "１２．３４５", "12345"),
        (1_000_000, "1,234.5", "3,398,515", "3398515000000"),
        (1_000_000, "1,234.5", "(0.000001)", "-1"),
        (1_000_000, "1,234.5", "99,999,999,999,999.999999", "99999999999999999999"),
        (1_000_000, "1,234.5", "0", "0"),
    ],
)
def test_a_statement_takes_its_figures_in_its_own_unit(
    app: Flask, unit: int, shown: str, typed: str, stored: str
) -> None:
    number = statement(rounding_unit=unit, operating_income=Decimal(1_234_500_000))
    browser = Browser(app)
    form = browser.form(FORM, id=number)
    assert form["operating_income"] == shown
    assert form["figures_unit"] == str(unit)
    assert browser.post(FORM, {**form, "operating_income": typed}, id=number).status_code == 302
    assert operating_income(number) == Decimal(stored)
    assert browser.form(FORM, id=number)["figures_unit"] == str(unit)


def test_what_is_no_whole_yen_and_what_is_too_large_is_refused(app: Flask) -> None:
    number = statement(rounding_unit=1_000_000, operating_income=Decimal(5))
    browser = Browser(app)
    for typed, said in (("0.0000001", "must come to whole yen"), ("100,000,000,000,000", "is too large")):
        page = browser.save(FORM, {"operating_income": typed}, id=number).text
        assert said in page
        assert fields(page)["operating_income"] == typed
        assert fields(page)["figures_unit"] == MILLION
    assert operating_income(number) == 5


def test_another_unit_of_the_record_leaves_its_figures_what_they_are(app: Flask) -> None:
    number = statement(rounding_unit=1_000_000, operating_income=Decimal(1_234_567))
    browser = Browser(app)
    # Without script: the figures still stand in the unit of the page.
    assert browser.save(FORM, {"rounding_unit": "1"}, id=number).status_code == 302
    assert operating_income(number) == 1_234_567
    assert browser.form(FORM, id=number)["operating_income"] == "1,234,567"


def test_a_page_that_names_no_unit_shows_yen_and_one_that_names_another_is_refused(app: Flask) -> None:
    number = statement(rounding_unit=1_000_000, operating_income=Decimal(1_234_567))
    browser = Browser(app)
    form = browser.form(FORM, id=number)
    del form["figures_unit"]
    sent = {name: "" if name in ("profit", "total_assets") else text for name, text in form.items()}
    assert browser.post(FORM, {**sent, "operating_income": "8"}, id=number).status_code == 302
    assert operating_income(number) == 8
    form = browser.form(FORM, id=number)
    for unit in ("7", "", "million", "10000000000"):
        page = browser.post(FORM, {**form, "operating_income": "9", "figures_unit": unit}, id=number)
        assert page.status_code == 200
        assert "This form is incomplete" in page.text
    assert operating_income(number) == 8


@pytest.mark.parametrize("unit", [1, 1000, 1_000_000])
def test_saving_unchanged_changes_nothing_in_any_unit(app: Flask, unit: int) -> None:
    number = statement(rounding_unit=unit, operating_income=Decimal(-1), total_assets=Decimal(10) ** 20 - 1)
    before = db.session.query(ChangeSet).count()
    assert Browser(app).save(FORM, {}, id=number).status_code == 302
    assert db.session.query(ChangeSet).count() == before


def test_a_conflict_is_shown_in_the_unit_in_which_it_was_typed(app: Flask) -> None:
    number = statement(rounding_unit=1_000_000, operating_income=Decimal(1_000_000))
    first, second = Browser(app), Browser(app)
    form = first.form(FORM, id=number)
    assert second.save(FORM, {"operating_income": "5", "rounding_unit": "1000"}, id=number).status_code == 302
    page = first.post(FORM, {**form, "operating_income": "2.5"}, id=number)
    assert page.status_code == 409
    assert fields(page.text)["operating_income"] == "2.5"
    assert fields(page.text)["figures_unit"] == MILLION
    assert 'data-stored="5"' in page.text
    assert first.post(FORM, fields(page.text), id=number).status_code == 302
    assert operating_income(number) == 2_500_000


def test_a_cell_is_typed_in_the_unit_of_its_list(app: Flask) -> None:
    number = factories.company(capital_stock=Decimal(10_065_400_000)).id
    db.session.commit()
    browser = Browser(app, language="ja")
    page = browser.get(CELL, id=number, name="capital_stock", unit="million").text
    assert 'value="10,065.4"' in page
    assert '<span class="unit">百万円</span>' in page
    typed = fields(page) | {"capital_stock": "10,070"}
    # Another tab shows yen by now.
    browser.client.set_cookie("unit", "yen")
    answer = browser.post(CELL, typed, id=number, name="capital_stock", unit="million")
    assert answer.status_code == 200
    assert answer.get_json()["html"] == "10,070"
    db.session.expire_all()
    assert db.session.get_one(Company, number).capital_stock == 10_070_000_000
