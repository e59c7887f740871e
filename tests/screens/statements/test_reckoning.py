"""How an indicator was reckoned: what it is drawn in, and what its inputs were made of."""

from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories
from tests.screens.browsing import Browser
from tests.screens.statements.test_indicator import DAYS
from webapp import db
from webapp.models.financial_indicator import FinancialIndicator

pytestmark = pytest.mark.usefixtures("connection")
FORMULA = "/admin/indicators/formula/"


def of_statement(number: int) -> int:
    return db.session.scalars(
        select(FinancialIndicator.id).where(FinancialIndicator.statement_id == number)
    ).one()


@pytest.mark.parametrize(
    ("language", "currency", "unit"),
    [
        ("en", "JPY", "hundred million yen"),
        ("en", "USD", "hundred million US dollars"),
        ("ja", "JPY", "億円"),
        ("ja", "USD", "億米ドル"),
    ],
)
def test_a_drawing_of_money_says_its_unit_once_in_the_language_of_the_page(
    app: Flask, language: str, currency: str, unit: str
) -> None:
    company = factories.company().id
    for year, flow in ((2024, 2_100_000_000), (2025, -30_000_000_000)):
        days = {name: day.replace(year=day.year + year - 2025) for name, day in DAYS.items()}
        row = factories.statement(
            company_id=company,
            **days,
            currency=currency,
            operating_cash_flow=Decimal(flow),
            investing_cash_flow=Decimal(0),
        )
    number = of_statement(row.id)
    page = Browser(app, language=language).get(FORMULA, id=number, name="fcf").text
    before, drawing = page.split('<svg class="chart"')
    drawing = drawing.split("</svg>")[0]
    assert before.endswith(f'<p class="muted small">{unit}</p>')
    assert ">2024/03 21<" in drawing
    assert ">▲300</text>" in drawing
    assert "億" not in drawing
