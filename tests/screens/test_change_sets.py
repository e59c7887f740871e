"""Change sets on screen."""

from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories
from tests.screens.browsing import Browser
from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.company import Company
from webapp.screens import change_sets
from webapp.services import applying, proposing
from webapp.services.proposing import Wanted

pytestmark = pytest.mark.usefixtures("connection")

URL = "/admin/change-sets/details/"


def newest() -> int:
    db.session.commit()
    return db.session.scalars(select(ChangeSet.id).order_by(ChangeSet.id.desc()).limit(1)).one()


def test_every_field_is_shown_before_and_after_by_its_label(app: Flask) -> None:
    industry = factories.industry(name_ja="その他製品").code
    number = int(factories.company(name_en="before", capital_stock=Decimal(1000)).id)
    wanted = Wanted(
        "update", {"name_en": "after", "capital_stock": Decimal(2000), "industry_code": industry}, (number,)
    )
    intent = factories.intent(reason="a reason", source="a source")
    applying.carry_out(proposing.propose(Company, [wanted], intent))
    page = Browser(app).get(URL, id=newest())
    assert page.status_code == 200
    for told in (
        "Name (en)",
        "before",
        "after",
        "1,000",
        "2,000",
        f"{industry} その他製品",
        "a reason",
        "a source",
    ):
        assert told in page.text, told
    assert "name_ja_folded" not in page.text
    assert f"/admin/companies/details/?id={number}" in page.text


def test_many_items_come_in_pages(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(change_sets, "ITEMS_A_PAGE", 3)
    wishes = [
        Wanted("create", {"name_ja": f"会社{place}", "edinet_code": f"E9000{place}"}) for place in range(7)
    ]
    applying.carry_out(proposing.propose(Company, wishes, factories.intent("import")))
    number = newest()
    browser = Browser(app)
    first, last = browser.get(URL, id=number), browser.get(URL, id=number, page=2)
    assert "4 more" in first.text
    assert "会社2" in first.text
    assert "会社3" not in first.text
    assert "会社6" in last.text
    for page in ("-1", "x", "9" * 30):
        assert browser.get(URL, id=number, page=page).status_code == 200


def test_a_deleted_record_is_shown_but_not_linked(app: Flask) -> None:
    row = factories.company(name_ja="消える社")
    number = int(row.id)
    applying.carry_out(
        proposing.propose(Company, [Wanted("delete", {}, (number,))], factories.intent("delete"))
    )
    page = Browser(app).get(URL, id=newest())
    assert "消える社" in page.text
    assert f"/admin/companies/details/?id={number}" not in page.text


def test_warnings_are_shown_with_their_field(app: Flask) -> None:
    factories.company(edinet_code=None)
    assert "hard to find" in Browser(app).get(URL, id=newest()).text


def test_nobody_edits_a_change_set(app: Flask) -> None:
    factories.company()
    number = newest()
    browser = Browser(app, "admin")
    for path in ("edit/", "new/", "delete/", "action/"):
        assert browser.post(f"/admin/change-sets/{path}", {"id": number}, id=number).status_code == 404


def test_the_list_says_what_each_did(app: Flask) -> None:
    factories.company()
    page = Browser(app).get("/admin/change-sets/", flt0_table_name_is="companies", flt1_kind_is="create")
    assert "Created 1" in page.text
