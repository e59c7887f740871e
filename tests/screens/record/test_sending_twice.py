"""The same form, sent twice: one change and the same answer; with other words in it, nothing happens silently."""

import pytest
from flask import Flask
from sqlalchemy import select

from tests.screens.browsing import Browser, fields
from tests.screens.record.test_forms import COMPANY, company, newest, stored
from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.company import Company

pytestmark = pytest.mark.usefixtures("connection")


def change_sets() -> int:
    return db.session.query(ChangeSet).count()


def test_a_form_of_a_new_record_that_is_sent_twice_makes_one_record_and_answers_the_same(app: Flask) -> None:
    browser = Browser(app)
    form = browser.form("/admin/companies/new/") | {"name_ja": "二度押し株式会社"}
    before = change_sets()
    first = browser.post("/admin/companies/new/", form)
    second = browser.post("/admin/companies/new/", form)
    assert (
        (first.status_code, first.location)
        == (second.status_code, second.location)
        == (302, "/admin/companies/")
    )
    assert change_sets() == before + 1
    assert len(db.session.scalars(select(Company).where(Company.name_ja == "二度押し株式会社")).all()) == 1
    page = browser.get("/admin/companies/").text
    assert f"This was saved already, as change set #{newest().id}." in page


def test_an_edit_that_is_sent_twice_is_one_change_and_no_conflict(app: Flask) -> None:
    number = company(name_en="before")
    browser = Browser(app)
    form = browser.form(COMPANY, id=number) | {"name_en": "after", "change_reason": "twice"}
    before = change_sets()
    answers = [browser.post(COMPANY, form, id=number) for _ in range(2)]
    # Also when somebody else has saved meanwhile.
    Browser(app).save(COMPANY, {"name_en": "theirs"}, id=number)
    answers.append(browser.post(COMPANY, form, id=number))
    assert {(answer.status_code, answer.location) for answer in answers} == {(302, "/admin/companies/")}
    assert change_sets() == before + 2
    assert stored(number).name_en == "theirs"
    assert browser.get("/admin/companies/").text.count("This was saved already") == 1


def test_an_edit_that_is_sent_twice_with_save_and_next_leads_to_the_same_record(app: Flask) -> None:
    first, second, _third = (
        company(ticker_symbol=code, listing_status="listed") for code in ("1301", "1332", "1333")
    )
    browser = Browser(app)
    form = browser.form(COMPANY, id=first) | {"ticker_symbol": "1340", "_next": "1"}
    answers = [browser.post(COMPANY, form, id=first).location for _ in range(2)]
    assert answers[0] == answers[1]
    assert f"id={second}&" in answers[0]


def test_what_was_undone_is_not_saved_again_by_a_reload(app: Flask) -> None:
    number = company(name_en="before")
    browser = Browser(app)
    form = browser.form(COMPANY, id=number) | {"name_en": "after"}
    browser.post(COMPANY, form, id=number)
    made = newest().id
    browser.post("/admin/change-sets/undo/", {"id": made})
    assert browser.post(COMPANY, form, id=number).status_code == 302
    assert stored(number).name_en == "before"
    assert f"saved already, as change set #{made}" in browser.get("/admin/companies/").text


def test_a_new_record_sent_again_with_other_words_is_asked_about(app: Flask) -> None:
    browser = Browser(app)
    form = browser.form("/admin/companies/new/") | {"name_ja": "最初の株式会社"}
    browser.post("/admin/companies/new/", form)
    made = newest().id
    page = browser.post("/admin/companies/new/", {**form, "name_ja": "別の株式会社"})
    assert page.status_code == 409
    assert newest().id == made
    assert (
        f'saved already, as change set <a href="/admin/change-sets/details/?id={made}">#{made}</a>'
        in page.text
    )
    again = fields(page.text)
    assert again["name_ja"] == "別の株式会社"
    assert again["save_token"] != form["save_token"]
    assert browser.post("/admin/companies/new/", again).status_code == 302
    assert newest().id > made


def test_an_edit_sent_again_with_other_words_is_an_ordinary_conflict(app: Flask) -> None:
    number = company(name_en="before")
    browser = Browser(app)
    form = browser.form(COMPANY, id=number) | {"name_en": "after"}
    browser.post(COMPANY, form, id=number)
    page = browser.post(COMPANY, {**form, "name_en": "something else"}, id=number)
    assert page.status_code == 409
    again = fields(page.text)
    assert (again["name_en"], again["row_version"]) == ("something else", "2")
    assert browser.post(COMPANY, again, id=number).status_code == 302
    assert stored(number).name_en == "something else"


def test_a_used_token_never_swallows_another_edit(app: Flask) -> None:
    number = company(name_en="before")
    browser = Browser(app)
    form = browser.form(COMPANY, id=number) | {"name_en": "after"}
    browser.post(COMPANY, form, id=number)
    page = browser.post(COMPANY, {**form, "row_version": "2", "name_en": "later"}, id=number)
    assert page.status_code == 409
    assert "saving them again makes another change" in page.text
    assert stored(number).name_en == "after"
    assert browser.post(COMPANY, fields(page.text), id=number).status_code == 302
    assert stored(number).name_en == "later"


def test_a_new_record_that_is_gone_again_is_not_passed_off_as_saved(app: Flask) -> None:
    browser = Browser(app)
    form = browser.form("/admin/companies/new/") | {"name_ja": "消えた株式会社"}
    browser.post("/admin/companies/new/", form)
    browser.post("/admin/change-sets/undo/", {"id": newest().id})
    assert browser.post("/admin/companies/new/", form).status_code == 409


def test_a_form_that_comes_back_with_errors_keeps_its_token(app: Flask) -> None:
    browser = Browser(app)
    form = browser.form("/admin/companies/new/")
    assert len(form["save_token"]) == 32
    assert browser.form("/admin/companies/new/")["save_token"] != form["save_token"]
    page = browser.post("/admin/companies/new/", {**form, "name_ja": ""})
    assert fields(page.text)["save_token"] == form["save_token"]


@pytest.mark.parametrize("token", [None, "", "x", "g" * 32, "A" * 32, "1" * 33, "\x01"])
def test_a_form_with_no_token_or_none_that_is_one_is_saved_all_the_same(
    app: Flask, token: str | None
) -> None:
    number = company(name_en="before")
    browser = Browser(app)
    form = browser.form(COMPANY, id=number) | {"name_en": "after"}
    del form["save_token"]
    sent = form if token is None else form | {"save_token": token}
    assert browser.post(COMPANY, sent, id=number).status_code == 302
    assert stored(number).name_en == "after"
    assert newest().save_token is None
    broken = browser.post(COMPANY, {**sent, "row_version": "2", "capital_stock": "x"}, id=number)
    assert len(fields(broken.text)["save_token"]) == 32
