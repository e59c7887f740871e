"""Deleting records: asked first, all or nothing, one change set."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests import factories
from tests.screens.browsing import Browser
from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.company import Company
from webapp.models.stock_price import StockPrice

pytestmark = pytest.mark.usefixtures("connection")


def companies(count: int) -> list[int]:
    numbers = [int(row.id) for row in factories.companies(*[{}] * count)]
    db.session.commit()
    return numbers


def left(*numbers: int) -> int:
    return db.session.scalar(select(func.count()).where(Company.id.in_(numbers))) or 0


def newest() -> ChangeSet:
    return db.session.scalars(select(ChangeSet).order_by(ChangeSet.id.desc()).limit(1)).one()


def bulk(browser: Browser, rows: list[Any], seen: str, **more: str) -> Any:
    sent: dict[str, Any] = {"action": "delete", "rowid": rows, "confirmed": "1", **more}
    return browser.post("/admin/companies/action/", sent, seen=seen)


def test_the_page_says_what_hangs_on_a_record_and_offers_no_button(app: Flask) -> None:
    row = factories.price()
    number = row.company_id
    factories.statement(company_id=number)
    db.session.commit()
    page = Browser(app).get("/admin/companies/delete/confirm/", id=number)
    assert "Stock prices" in page.text
    assert "Financial statements" in page.text
    assert "Delete or move them first" in page.text
    assert 'name="change_reason"' not in page.text


def test_a_record_that_others_refer_to_stays(app: Flask) -> None:
    number = factories.price().company_id
    db.session.commit()
    browser = Browser(app)
    browser.post("/admin/companies/delete/", {"id": number, "confirmed": "1"}, seen="1")
    assert left(number) == 1
    assert "Nothing was deleted: other rows refer to this one" in browser.get("/admin/companies/").text


def test_nothing_is_deleted_before_somebody_was_asked(app: Flask) -> None:
    numbers = companies(2)
    browser = Browser(app)
    assert "Delete" in browser.post("/admin/companies/delete/", {"id": numbers[0]}).text
    page = browser.post("/admin/companies/action/", {"action": "delete", "rowid": numbers})
    assert page.status_code == 200
    for number in numbers:
        assert f'name="rowid" value="{number}"' in page.text
    assert left(*numbers) == 2


def test_several_are_deleted_in_one_change_set(app: Flask) -> None:
    numbers = companies(3)
    answer = bulk(Browser(app), numbers, "1,1,1", change_reason="duplicates")
    assert answer.status_code == 302
    assert left(*numbers) == 0
    assert (newest().counts["deleted"], newest().reason, len(newest().items)) == (3, "duplicates", 3)


def test_rows_with_composite_keys_are_deleted(app: Flask) -> None:
    prices = [factories.price() for _ in range(2)]
    keys = [f"{row.company_id},{row.traded_on}" for row in prices]
    db.session.commit()
    sent = {"action": "delete", "rowid": keys, "confirmed": "1"}
    Browser(app).post("/admin/prices/action/", sent, seen="1,1")
    assert db.session.scalar(select(func.count()).select_from(StockPrice)) == 0


def test_if_one_cannot_be_deleted_none_is(app: Flask) -> None:
    numbers = [*companies(2), int(factories.price().company_id)]
    db.session.commit()
    bulk(Browser(app), numbers, "1,1,1")
    assert left(*numbers) == 3


@pytest.mark.parametrize("seen", ["2,1", "1", "", "x,y", "1,1,1"])
def test_a_record_that_changed_since_the_page_was_shown_stays(app: Flask, seen: str) -> None:
    numbers = companies(2)
    browser = Browser(app)
    bulk(browser, numbers, seen)
    assert left(*numbers) == 2
    assert "has changed or gone meanwhile" in browser.get("/admin/companies/").text


@pytest.mark.parametrize(
    ("rows", "status"),
    [
        (["abc"], 400),
        (["1", "1,2"], 400),
        (["\x00"], 400),
        (["9" * 30], 400),
        ([str(number) for number in range(201)], 400),
        (["999999999"], 404),
    ],
    ids=str,
)
def test_keys_that_are_none_end_the_request(app: Flask, rows: list[str], status: int) -> None:
    assert bulk(Browser(app), rows, "1").status_code == status


def test_no_selection_is_told(app: Flask) -> None:
    browser = Browser(app)
    assert bulk(browser, [], "").status_code == 302
    assert "No record is selected" in browser.get("/admin/companies/").text


@pytest.mark.parametrize("name", ["", "drop", "__init__"])
def test_an_action_that_is_none_is_refused(app: Flask, name: str) -> None:
    assert Browser(app).post("/admin/companies/action/", {"action": name, "rowid": "1"}).status_code == 403


def test_deleting_is_never_a_link(app: Flask) -> None:
    (number,) = companies(1)
    browser = Browser(app)
    assert browser.get("/admin/companies/delete/", id=number).status_code == 405
    assert browser.get("/admin/companies/action/", id=number).status_code == 405
    assert left(number) == 1


def test_without_the_forms_token_nothing_is_deleted(app: Flask) -> None:
    (number,) = companies(1)
    browser = Browser(app)
    for path in ("delete/", "action/", "edit/", "new/"):
        answer = browser.client.post(f"/admin/companies/{path}", data={"id": number, "confirmed": "1"})
        assert answer.status_code == 400
    assert left(number) == 1


TOKEN = "0123456789abcdef" * 2


def test_a_page_of_confirmation_has_a_token_of_its_own(app: Flask) -> None:
    (number,) = companies(1)
    browser = Browser(app)
    tokens = {
        found[1]
        for _ in range(2)
        if (found := re.search(r'name="save_token" value="([0-9a-f]{32})"', ask(browser, number)))
    }
    assert len(tokens) == 2


def ask(browser: Browser, number: int) -> str:
    return str(browser.get("/admin/companies/delete/confirm/", id=number).text)


def test_deleting_sent_twice_deletes_once_and_answers_the_same(app: Flask) -> None:
    numbers = companies(2)
    browser = Browser(app)
    answers = [bulk(browser, numbers, "1,1", save_token=TOKEN) for _ in range(2)]
    assert {(answer.status_code, answer.location) for answer in answers} == {(302, "/admin/companies/")}
    page = browser.get("/admin/companies/").text
    assert "2 records were deleted." in page
    assert f"This was deleted already, as change set #{newest().id}." in page
    assert bulk(browser, numbers, "1,1", save_token="f" * 32).status_code == 404


def test_a_page_of_confirmation_that_was_used_deletes_nothing_else(app: Flask) -> None:
    numbers = companies(2)
    browser = Browser(app)
    bulk(browser, numbers[:1], "1", save_token=TOKEN)
    bulk(browser, numbers[1:], "1", save_token=TOKEN)
    assert left(*numbers) == 1
    assert "this page was used for something else" in browser.get("/admin/companies/").text


def test_what_was_deleted_and_undone_is_not_deleted_again_by_a_reload(app: Flask) -> None:
    numbers = companies(1)
    browser = Browser(app)
    bulk(browser, numbers, "1", save_token=TOKEN)
    browser.post("/admin/change-sets/undo/", {"id": newest().id})
    bulk(browser, numbers, "1", save_token=TOKEN)
    assert left(*numbers) == 1


def test_the_message_after_a_bulk_deletion_offers_to_undo_it(app: Flask) -> None:
    numbers = companies(3)
    browser = Browser(app)
    bulk(browser, numbers, "1,1,1")
    made = newest().id
    page = browser.get("/admin/companies/", search="x").text
    assert f'<input type="hidden" name="id" value="{made}">' in page
    assert '<input type="hidden" name="url" value="/admin/companies/?search=x">' in page
    browser.post("/admin/change-sets/undo/", {"id": made, "url": "/admin/companies/"})
    assert left(*numbers) == 3
