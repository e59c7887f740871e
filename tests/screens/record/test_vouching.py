"""Fields that people set are marked with who and when; they are verified and released on a page of their own."""

from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories, people
from tests.screens.browsing import Browser
from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.company import Company
from webapp.models.steward_value import StewardValue
from webapp.services.changes import applying, proposing
from webapp.services.changes.following import stewards_words
from webapp.services.changes.proposals import Wish

pytestmark = pytest.mark.usefixtures("connection")

COMPANIES = "/admin/companies"


def imported(**values: Any) -> int:
    """A company that a list has brought."""
    wish = Wish(Company, "create", {"name_ja": "一覧の株式会社", "edinet_code": "E90001", **values})
    applying.carry_out(proposing.propose([wish], factories.intent("import")))
    number = db.session.scalars(select(Company.id).where(Company.edinet_code == "E90001")).one()
    db.session.commit()
    return number


def respected(number: int, **values: Any) -> dict[str, Any]:
    """What is left of the wish of a list for this row."""
    stored = proposing.fetch(Company, [(number,)])
    ((wish, _remarks),) = stewards_words.respect(
        Company, [Wish(Company, "update", values, (number,))], stored
    )
    return dict(wish.values)


def words(number: int) -> dict[str, str]:
    stored = select(StewardValue).where(
        StewardValue.table_name == "companies", StewardValue.row_key == str(number)
    )
    return {value.field: value.how for value in db.session.scalars(stored)}


def vouch(
    browser: Browser, number: int, verb: str, *names: str, typed: Mapping[str, Any] | None = None
) -> Any:
    sent = {"field": list(names), "verb": verb, "row_version": "1", "change_reason": "", **(typed or {})}
    return browser.post(f"{COMPANIES}/verify/", sent, id=number)


def test_a_blanking_in_form_and_cell_is_kept_against_the_next_list(app: Flask) -> None:
    number = imported(name_en="Of the list", name_kana="ヨミ")
    browser = Browser(app)
    assert browser.save(f"{COMPANIES}/edit/", {"name_en": ""}, id=number).status_code == 302
    cell = browser.post(
        f"{COMPANIES}/cell/", {"row_version": "2", "name_kana": ""}, name="name_kana", id=number
    )
    assert cell.status_code == 200
    row = db.session.get_one(Company, number)
    assert (row.name_en, row.name_kana) == (None, None)
    assert words(number) == {"name_en": "set", "name_kana": "set"}
    assert respected(number, name_en="Of the list", name_kana="ヨミ") == {}


def test_a_field_that_a_steward_set_is_marked_with_who_when_and_why(app: Flask) -> None:
    number = imported(name_en="Of the list")
    browser = Browser(app, language="ja")
    reason = {"name_en": "By hand", "change_reason": "有報で確認"}
    assert browser.save(f"{COMPANIES}/edit/", reason, id=number).status_code == 302
    for page in ("details", "edit", "verify"):
        text = browser.get(f"{COMPANIES}/{page}/", id=number).text
        assert text.count(">手入力<") == 1, page
        assert f"手入力 · {browser.user_name}" in text
        assert "有報で確認" in text


def test_fields_are_verified_with_a_reason_and_the_history_says_so_though_no_row_changed(app: Flask) -> None:
    number = imported(name_en="Right")
    browser = Browser(app)
    answer = vouch(
        browser, number, "verify", "name_en", "name_kana", typed={"change_reason": "annual report, page 1"}
    )
    assert answer.status_code == 302
    assert words(number) == {"name_en": "verified", "name_kana": "verified"}
    assert db.session.get_one(Company, number).version == 1
    page = browser.get(f"{COMPANIES}/details/", id=number).text
    history = page[page.index('id="history-title"') :]
    assert "Verified · “annual report, page 1”" in " ".join(history.split())
    assert page.count(">Verified<") == 2, "a blank that was verified is shown too"
    number_of_set = db.session.scalars(select(ChangeSet.id).order_by(ChangeSet.id.desc()).limit(1)).one()
    shown = browser.get("/admin/change-sets/details/", id=number_of_set).text
    assert "Verified" in shown
    assert "(Verified)" in browser.get("/admin/change-sets/").text


def test_a_released_field_follows_its_source_again_and_nothing_is_marked(app: Flask) -> None:
    number = imported(name_en="Of the list")
    browser = Browser(app)
    browser.save(f"{COMPANIES}/edit/", {"name_en": "By hand"}, id=number)
    assert vouch(browser, number, "release", "name_en", typed={"row_version": "2"}).status_code == 302
    assert words(number) == {}
    assert respected(number, name_en="Later") == {"name_en": "Later"}
    page = browser.get(f"{COMPANIES}/details/", id=number).text
    assert ">By hand</a>" not in page
    assert "Released to the source" in page


def test_what_changed_since_the_page_was_opened_is_not_verified_and_the_reader_is_told(app: Flask) -> None:
    number = imported(name_en="Seen")
    applying.carry_out(
        proposing.propose(
            [Wish(Company, "update", {"name_en": "Meanwhile"}, (number,))], factories.intent("import")
        )
    )
    browser = Browser(app)
    answer = vouch(browser, number, "verify", "name_en", "name_kana")
    assert answer.status_code == 302
    assert words(number) == {"name_kana": "verified"}
    assert "Meanwhile" in browser.get(f"{COMPANIES}/").text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"field": []}, "No field is selected."),
        ({"verb": "delete"}, "This form is incomplete."),
        ({"row_version": ""}, "This form is incomplete."),
        ({"field": ["version", "name_ja_folded", "nonsense"]}, "No field is selected."),
    ],
)
def test_what_no_page_of_ours_sends_verifies_nothing(app: Flask, typed: Any, sentence: str) -> None:
    number = imported()
    answer = vouch(Browser(app), number, "verify", "name_en", typed=typed)
    assert answer.status_code == 200
    assert sentence in answer.text
    assert words(number) == {}


def test_a_form_that_is_sent_twice_verifies_once(app: Flask) -> None:
    number, browser = imported(), Browser(app)
    token = {"save_token": "a" * 32}
    for _time in range(2):
        assert vouch(browser, number, "verify", "name_en", typed=token).status_code == 302
    assert db.session.query(ChangeSet).filter_by(save_token="a" * 32).count() == 1


def test_a_reader_sees_the_marks_and_may_not_verify(app: Flask) -> None:
    number = imported(name_en="Of the list")
    Browser(app).save(f"{COMPANIES}/edit/", {"name_en": "By hand"}, id=number)
    reader = people.signed_in(app, people.user("viewer"))
    english = {"Accept-Language": "en"}
    page = reader.get(f"{COMPANIES}/details/", query_string={"id": number}, headers=english)
    assert ">By hand</a>" in page.text
    assert "/verify/" not in page.text
    assert reader.get(f"{COMPANIES}/verify/", query_string={"id": number}).status_code == 403
