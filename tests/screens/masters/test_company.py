"""The company screen."""

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories
from tests.screens.browsing import Browser, statements
from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.company import Company

pytestmark = pytest.mark.usefixtures("connection")


def nintendo() -> int:
    row = factories.company(
        ticker_symbol="7974",
        edinet_code="E02367",
        name_ja="任天堂株式会社",
        name_en="Nintendo Co.,Ltd.",
        name_kana="ニンテンドウカブシキガイシャ",
        listing_status="listed",
    )
    return int(row.id)


@pytest.mark.parametrize(
    "typed", ["任天堂", "7974", "nintendo", "E02367", "e02367", "７９７４", "ニンテン", "にんてん"]
)
def test_a_company_is_found_by(app: Flask, typed: str) -> None:
    nintendo()
    factories.company(name_ja="別会社")
    page = Browser(app).get("/admin/companies/", search=typed)
    assert "任天堂株式会社" in page.text
    assert "別会社" not in page.text


def test_correcting_a_name_leaves_a_change_set_with_before_and_after(app: Flask) -> None:
    number = nintendo()
    typed = {"name_en": "Nintendo", "change_reason": "a typo"}
    page = Browser(app).save("/admin/companies/edit/", typed, id=number)
    assert page.status_code == 302, page.text
    stored = db.session.get_one(Company, number)
    assert stored.name_en == "Nintendo"
    change_set = db.session.scalars(select(ChangeSet).order_by(ChangeSet.id.desc())).first()
    assert change_set is not None
    assert change_set.reason == "a typo"
    assert change_set.items[0].after == {"name_en": "Nintendo"}


def test_a_list_makes_two_statements(app: Flask) -> None:
    for _ in range(5):
        factories.company(industry_code=factories.industry().code)
    browser = Browser(app)
    with statements() as seen:
        assert browser.get("/admin/companies/").status_code == 200
    assert len(seen) == 2, seen
