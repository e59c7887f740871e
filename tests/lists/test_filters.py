"""What a filter finds: what it is asked in whichever way people write it, and the rows that are not so."""

from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories, people
from tests.screens.browsing import Browser
from webapp import db
from webapp.lists import filters, plan, query
from webapp.models.company import Company
from webapp.models.financial_statement import FinancialStatement
from webapp.models.stock_price import StockPrice
from webapp.models.user import User

pytestmark = pytest.mark.usefixtures("connection", "app")


@pytest.fixture(autouse=True)
def companies(connection: object, app: Flask) -> None:
    factories.company(
        name_ja="任天堂株式会社",
        ticker_symbol="7974",
        edinet_code="E02367",
        market_division="PRIME",
        listing_status="listed",
        capital_stock=Decimal(10_065_000_000),
        filer_type="内国法人・組合",
        name_kana="ニンテンドウカブシキガイシャ",
        fiscal_year_end_month=3,
        fiscal_year_end_day=31,
        website_url="https://www.nintendo.co.jp/",
    )
    factories.company(
        name_ja="キヤノン",
        market_division="STANDARD",
        capital_stock=Decimal(5),
        fiscal_year_end_month=12,
        fiscal_year_end_day=31,
    )
    factories.company(name_ja="空欄", head_office_address="千代田区丸の内２丁目")


def found(**conditions: str) -> list[str]:
    of_companies = plan.of_model(Company)
    assert of_companies is not None
    asked = query.parse(
        of_companies, urlencode({f"flt0_{name}": value for name, value in conditions.items()})
    )
    return list(db.session.scalars(select(Company.name_ja).where(*asked.conditions()).order_by(Company.id)))


NINTENDO, CANON, BLANK = "任天堂株式会社", "キヤノン", "空欄"


@pytest.mark.parametrize(
    ("arg", "value", "names"),
    [
        ("market_division_not", "PRIME", [CANON, BLANK]),
        ("market_division_is", "プライム", [NINTENDO]),
        ("market_division_is", "prime", [NINTENDO]),
        ("ticker_symbol_is", "7974 任天堂株式会社", [NINTENDO]),
        ("ticker_symbol_is", "79740", [NINTENDO]),
        ("ticker_symbol_is", "7974.T", [NINTENDO]),
        ("ticker_symbol_not", "7974", [CANON, BLANK]),
        ("ticker_symbol_empty", "1", [CANON, BLANK]),
        ("edinet_code_is", "ｅ０２３６７", [NINTENDO]),
        ("edinet_code_is", "E02367", [NINTENDO]),
        ("website_url_is", "https://www.nintendo.co.jp/", [NINTENDO]),
        ("name_ja_contains", "キャノン", [CANON]),
        ("name_ja_lacks", "キャノン", [NINTENDO, BLANK]),
        ("name_kana_contains", "にんてんどう", [NINTENDO]),
        ("name_kana_empty", "1", [CANON, BLANK]),
        ("head_office_address_contains", "2丁目", [BLANK]),
        ("filer_type_contains", "内國法人", [NINTENDO]),
        ("capital_stock_from", "100億", [NINTENDO]),
        ("capital_stock_from", "１００億円", [NINTENDO]),
        ("capital_stock_to", "1万", [CANON]),
        ("fiscal_year_end_month_is", "3", [NINTENDO]),
        ("fiscal_year_end_month_is", "12月", [CANON]),
        ("fiscal_year_end_month_from", "4", [CANON]),
        ("changed_at_from", date(2020, 1, 1).isoformat(), [NINTENDO, CANON, BLANK]),
        ("changed_at_from", "2999-01-01", []),
        ("description_empty", "0", []),
        ("version_to", "1", [NINTENDO, CANON, BLANK]),
    ],
)
def test_a_condition_finds(arg: str, value: str, names: list[str]) -> None:
    assert found(**{arg: value}) == names


@pytest.mark.parametrize("value", ["7974 任天堂株式会社", "7974", "79740", "E02367", "任天堂"])
def test_rows_of_a_company_are_found_by_what_we_call_it(value: str) -> None:
    owner = db.session.scalars(select(Company).where(Company.ticker_symbol == "7974")).one()
    price = factories.price(company_id=owner.id)
    factories.price()
    prices = plan.of_model(StockPrice)
    assert prices is not None
    for name, others in (("company_is", False), ("company_not", True)):
        asked = query.parse(prices, urlencode({f"flt0_{name}": value}))
        rows = db.session.scalars(select(StockPrice.company_id).where(*asked.conditions())).all()
        assert (price.company_id in rows) is not others
        assert len(rows) == 1


def test_a_user_is_found_by_the_address_that_they_sign_in_with() -> None:
    people.user()
    email = people.user("viewer").email
    users = plan.of_model(User)
    assert users is not None
    asked = query.parse(users, urlencode({"flt0_email_is": email}))
    assert db.session.scalars(select(User.email).where(*asked.conditions())).all() == [email]


@pytest.mark.parametrize("model", [Company, FinancialStatement, StockPrice])
def test_every_column_of_a_record_can_be_filtered(model: type[db.Base]) -> None:
    of_model = plan.of_model(model)
    assert of_model is not None
    asked = {one.column.name for one in of_model.filters.values()}
    shown = {column.name for column in of_model.table_columns if column.name not in of_model.hidden}
    # Documents are nothing that one compares.
    assert shown - asked <= {"sources"}


@pytest.mark.parametrize(
    ("arg", "value"),
    [
        ("market_division_is", "PRIMEE"),
        ("capital_stock_from", "億"),
        ("name_ja_contains", "\u200b"),
        ("x", "1"),
    ],
)
def test_what_is_not_understood_is_no_condition_that_everything_fulfils(arg: str, value: str) -> None:
    with pytest.raises(query.Misread):
        found(**{arg: value})


def test_a_month_is_ticked_and_counted(app: Flask) -> None:
    browser = Browser(app, language="ja")
    page = browser.get("/admin/companies/", flt0_fiscal_year_end_month_is="3")
    assert "<b>3月</b>" in page.text
    counts = browser.get("/admin/companies/facets/").get_json()["fiscal_year_end_month_is"]["values"]
    assert [(value, label, number) for _arg, value, label, number in counts if number] == [
        ("3", "3月", 1),
        ("12", "12月", 1),
        ("1", "（空欄）", 1),
    ]


def test_an_amount_says_its_unit_and_how_it_may_be_typed(app: Flask) -> None:
    page = Browser(app, language="ja").get("/admin/companies/", flt0_capital_stock_from="100億")
    assert "以上（円）" in page.text
    assert 'placeholder="例：100億"' in page.text
    assert "<b>100億円以上</b>" in page.text


def test_every_question_is_told_to_whoever_builds_a_condition(app: Flask) -> None:
    told = {
        one[0]: one[1:] for one in Browser(app, language="ja").get("/admin/companies/questions/").get_json()
    }
    assert told["name_kana_contains"] == ["商号（ヨミ） 含む", "text", []]
    assert told["changed_at_from"][1] == "date"
    assert ["PRIME", "プライム"] in told["market_division_not"][2]
    assert not {"name_ja_folded_contains", "name_kana_folded_contains"} & told.keys()


def test_a_condition_on_a_column_outside_the_panel_stays_in_it(app: Flask) -> None:
    page = Browser(app, language="en").get("/admin/companies/", flt7_name_kana_contains="ニン")
    assert page.text.count('value="ニン"') >= 1
    assert "任天堂" in page.text
    assert "キヤノン" not in page.text


def test_a_filter_is_a_facet_only_where_it_asks_for_a_value() -> None:
    columns = Company.__table__.columns
    asked = [one.arg for one in filters.for_column(columns["market_division"]) if filters.is_facet(one)]
    assert asked == ["market_division_is"]
