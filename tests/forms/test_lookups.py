"""References chosen by typing."""

from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.screens.browsing import Browser, fields, statements
from webapp import db

pytestmark = pytest.mark.usefixtures("connection")

URL = "/admin/statements/ajax/lookup/"


def test_a_company_is_offered_by_code_and_by_name(app: Flask) -> None:
    number = factories.company(ticker_symbol="7974", name_ja="任天堂株式会社", listing_status="listed").id
    factories.company(name_ja="別会社")
    browser = Browser(app)
    for query in ("7974", "任天", "ﾆﾝﾃﾝ", "任天堂 7974"):
        found = browser.get(URL, name="company_id", query=query).get_json()
        assert found == ([[number, "7974 任天堂株式会社"]] if query != "ﾆﾝﾃﾝ" else [])


def test_never_more_than_twenty_are_offered(app: Flask) -> None:
    factories.companies(*[{}] * 25)
    browser = Browser(app)
    for more in ({}, {"limit": 1000}, {"limit": -5}, {"limit": "x"}, {"limit": 10**30}):
        found = browser.get(URL, name="company_id", query="", **more).get_json()
        assert 1 <= len(found) <= 20


@pytest.mark.parametrize("offset", [-1, -(10**30), 10**30, "x"])
def test_an_offset_out_of_range_breaks_nothing(app: Flask, offset: Any) -> None:
    assert Browser(app).get(URL, name="company_id", query="", offset=offset).status_code == 200


@pytest.mark.parametrize(
    "name", ["", "company", "profit", "sources", "no_such", "change_set_id", "__class__"]
)
def test_only_references_are_looked_up(app: Flask, name: str) -> None:
    assert Browser(app).get(URL, name=name, query="x").status_code == 404


def test_control_characters_are_refused(app: Flask) -> None:
    assert Browser(app).get(URL, name="company_id", query="a\x00").status_code == 400


def test_read_only_screens_offer_no_look_up(app: Flask) -> None:
    for path in ("indicators", "imports", "change-sets", "users"):
        assert Browser(app, "admin").get(f"/admin/{path}/ajax/lookup/", name="company_id").status_code == 404


def test_a_form_holds_the_key_and_the_name_and_no_list(app: Flask) -> None:
    factories.companies(*[{"name_ja": "別会社"}] * 5)
    owner = factories.company(edinet_code="E99999", name_ja="持ち主")
    number, key = owner.id, factories.statement(company_id=owner.id).id
    db.session.commit()
    browser = Browser(app)
    with statements() as seen:
        page = browser.get("/admin/statements/edit/", id=key)
    form = fields(page.text)
    assert (form["company_id"], form["company_id-name"]) == (str(number), "E99999 持ち主")
    assert "別会社" not in page.text
    assert len(seen) <= 4, seen


def test_names_are_escaped(app: Flask) -> None:
    row = factories.company(edinet_code=None, name_ja='<script>"x"')
    key = factories.statement(company_id=row.id).id
    db.session.commit()
    for page in ("edit", "details"):
        text = Browser(app).get(f"/admin/statements/{page}/", id=key).text
        assert '<script>"x"' not in text
        assert "&lt;script&gt;" in text
