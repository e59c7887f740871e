"""What happened to a record."""

import pytest
from flask import Flask
from sqlalchemy import text

from tests import factories
from tests.screens.browsing import Browser
from webapp import db

pytestmark = pytest.mark.usefixtures("connection")


def test_a_record_tells_who_changed_which_fields_and_why(app: Flask) -> None:
    number = int(factories.company().id)
    db.session.commit()
    browser = Browser(app)
    browser.save("/admin/companies/edit/", {"name_en": "x", "change_reason": "the annual report"}, id=number)
    page = browser.get("/admin/companies/details/", id=number)
    for told in (browser.user_name, "Edit", "Name (en)", "the annual report", "a test", "Creation"):
        assert told in page.text, told
    assert page.text.index("Edit ·") < page.text.index("Creation")


def test_a_change_from_outside_is_told_with_its_role(app: Flask) -> None:
    number = int(factories.company().id)
    db.session.execute(text("UPDATE companies SET name_en = 'from psql'"))
    db.session.commit()
    assert "Outside this admin (" in Browser(app).get("/admin/companies/details/", id=number).text


def test_a_long_history_is_cut(app: Flask) -> None:
    number = int(factories.company().id)
    for turn in range(30):
        db.session.execute(text("UPDATE companies SET name_en = :name"), {"name": f"name {turn}"})
    db.session.commit()
    page = Browser(app).get("/admin/companies/details/", id=number)
    assert page.text.count("Outside this admin") == 20


def test_a_row_with_a_composite_key_has_its_history(app: Flask) -> None:
    row = factories.price()
    key = f"{row.company_id},{row.traded_on}"
    db.session.commit()
    assert "Creation" in Browser(app).get("/admin/prices/details/", id=key).text
