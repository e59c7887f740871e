"""How an indicator was reckoned: what it is drawn in, and what its inputs were made of."""

import re
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


@pytest.mark.parametrize(
    ("largest", "unit", "level"),
    [
        (9_999_999_999, "百万円", "10,000"),
        (10_000_000_000, "億円", "100"),
        (4_512_345_678, "百万円", "4,512"),
        (99_999_999, "千円", "100,000"),
        (12_345, "円", "12,345"),
    ],
)
def test_amounts_of_a_small_company_are_drawn_in_a_unit_in_which_they_differ(
    app: Flask, largest: int, unit: str, level: str
) -> None:
    company = factories.company().id
    for year, flow in ((2024, largest - 12_000), (2025, largest)):
        days = {name: day.replace(year=day.year + year - 2025) for name, day in DAYS.items()}
        flows = {"operating_cash_flow": Decimal(flow), "investing_cash_flow": Decimal(0)}
        row = factories.statement(company_id=company, **days, **flows)
    number = of_statement(row.id)
    page = Browser(app, language="ja").get(FORMULA, id=number, name="fcf").text
    assert f'<p class="muted small">{unit}</p>' in page
    assert f">2025/03 {level}<" in page


@pytest.mark.parametrize(
    ("language", "called", "unit", "place"),
    [
        ("ja", ("１株当たり配当額", "１株当たり中間配当額"), "円", "当期（2025/03/31）"),
        ("en", ("Dividends per share", "Interim dividends per share"), "yen", "This period (2025-03-31)"),
    ],
)
def test_a_dividend_that_a_split_came_into_leads_to_both_that_were_paid(
    app: Flask, language: str, called: tuple[str, str], unit: str, place: str
) -> None:
    # Nintendo alone, S100QY8A: 630 yen of a whole share, then 123 of a tenth; 186 of a tenth.
    company = factories.company().id
    factories.corporate_action(company_id=company, ex_on=date(2024, 9, 27), effective_on=date(2024, 10, 1))
    paid = {"dps_annual": Decimal(753), "dps_interim": Decimal(630), "eps_basic": Decimal("415.92")}
    row = factories.statement(company_id=company, **DAYS, **paid)
    statement, number = row.id, of_statement(row.id)
    page = Browser(app, language=language).get(FORMULA, id=number, name="payout_ratio").text
    rows = re.findall(
        r'<th scope="row">([^<]+)</th>\s*<td><div>(.*?)</div></td>\s*<td class="num">(.*?)</td>', page
    )
    stands = f'<a href="/admin/statements/details/?id={statement}">{place}</a>'
    for name, paid_out in zip(called, ("753.00", "630.00"), strict=True):
        assert (name, stands, f'{paid_out} <span class="unit">{unit}</span>') in rows
    assert "186.00" in page
    [(split, where, change)] = [row for row in rows if "corporate-actions" in row[1]]
    assert split == {"ja": "株式分割", "en": "Split"}[language]
    day = {"ja": "2024/09/27", "en": "2024-09-27"}[language]
    assert re.fullmatch(rf'<a href="/admin/corporate-actions/details/\?id=\d+">{day}</a>', where)
    assert change == "1 → 10"


def test_without_a_split_between_no_interim_dividend_is_an_input(app: Flask) -> None:
    company = factories.company().id
    # Its earnings are told on the shares of 2025-06-27; what was paid was paid on those before.
    factories.corporate_action(company_id=company, ex_on=date(2025, 3, 28), effective_on=date(2025, 4, 1))
    paid = {"dps_annual": Decimal(90), "dps_interim": Decimal(60), "eps_basic": Decimal(18)}
    row = factories.statement(company_id=company, **DAYS, **paid, announced_on=date(2025, 6, 27))
    number = of_statement(row.id)
    page = Browser(app, language="ja").get(FORMULA, id=number, name="payout_ratio").text
    assert '<th scope="row">１株当たり配当額（分割調整後）</th>' in page
    assert '<th scope="row">１株当たり配当額</th>' in page
    assert "中間配当額" not in page
    assert "50.00" in page


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("ja", "2004/04/01 より前に始まる年度の法定実効税率も登録されていないため、値がありません。"),
        ("en", "of years that begin before 2004-04-01 no statutory one is kept here."),
    ],
)
def test_of_a_year_before_the_first_statutory_rate_roic_has_no_value_and_says_why(
    app: Flask, language: str, told: str
) -> None:
    company = factories.company().id
    shown = {
        "operating_income": Decimal(90),
        "equity_attributable_to_owners": Decimal(500),
        "long_term_borrowings": Decimal(0),
        # Paid in a year of a loss: no rate of its own.
        "income_taxes": Decimal(5),
        "income_before_taxes": Decimal(-10),
    }
    rows = [
        factories.statement(
            company_id=company,
            **{name: day.replace(year=day.year - ago) for name, day in DAYS.items()},
            **shown,
        ).id
        for ago in (22, 21, 20)
    ]
    numbers = [of_statement(row) for row in rows]
    browser = Browser(app, language=language)
    pages = [browser.get(FORMULA, id=number, name="roic").text.split("</dl>")[0] for number in numbers]
    # The year to March 2003 has none before it; of that to March 2004 nothing but a rate is missing.
    assert [told in page for page in pages] == [False, True, False]
    # 90 less 40.69 % of it, on 500.
    assert "10.6758" in pages[2]
