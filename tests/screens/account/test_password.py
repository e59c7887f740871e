"""One's own password: only who knows the present one changes it, and every other session ends."""

import pytest
from flask import Flask

from tests import people
from tests.screens.browsing import Browser
from webapp import db
from webapp.models.user import User
from webapp.services.accounts import passwords, signing_in

pytestmark = pytest.mark.usefixtures("connection")
ADDRESS = "/account/password/"
NEW = "quite another password"


def is_now(browser: Browser, password: str) -> bool:
    db.session.expire_all()
    return passwords.is_right(password, db.session.get_one(User, browser.user_id).password_hash)


def test_a_new_password_ends_every_other_session_and_keeps_this_one(app: Flask) -> None:
    browser = Browser(app)
    elsewhere = people.signed_in(app, db.session.get_one(User, browser.user_id))
    answer = browser.post(ADDRESS, {"present": people.PASSWORD, "new": NEW})
    assert (answer.status_code, answer.location) == (303, "/admin/")
    assert is_now(browser, NEW)
    page = browser.get("/admin/")
    assert page.status_code == 200
    assert "Your password is changed." in page.text
    assert elsewhere.get("/admin/").status_code == 303


@pytest.mark.parametrize("present", ["", "wrong", people.PASSWORD + "x"])
def test_the_present_password_is_asked_for_beside_its_field(app: Flask, present: str) -> None:
    browser = Browser(app)
    answer = browser.post(ADDRESS, {"present": present, "new": NEW})
    assert answer.status_code == 422
    assert "This is not the present password." in answer.text
    assert NEW not in answer.text
    assert is_now(browser, people.PASSWORD)


@pytest.mark.parametrize(
    ("new", "reason"),
    [("", "at least 12"), ("short", "at least 12"), ("aaaaaaaaaaaaa", "different characters")],
)
def test_a_poor_password_is_refused_beside_its_field(app: Flask, new: str, reason: str) -> None:
    browser = Browser(app)
    answer = browser.post(ADDRESS, {"present": people.PASSWORD, "new": new})
    assert answer.status_code == 422
    assert reason in answer.text
    assert 'id="new"' in answer.text
    assert is_now(browser, people.PASSWORD)


def test_the_sentences_are_said_in_japanese_too(app: Flask) -> None:
    browser = Browser(app, language="ja")
    page = browser.get(ADDRESS).text
    assert "現在のパスワード" in page
    assert "一致しません" in browser.post(ADDRESS, {"present": "x", "new": NEW}).text


def test_guessing_at_somebodys_desk_is_slowed_as_at_the_door(app: Flask) -> None:
    browser = Browser(app)
    for _ in range(signing_in.MOST_PER_ACCOUNT):
        assert browser.post(ADDRESS, {"present": "wrong", "new": NEW}).status_code == 422
    answer = browser.post(ADDRESS, {"present": people.PASSWORD, "new": NEW})
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "300"
    assert is_now(browser, people.PASSWORD)


def test_nobody_changes_a_password_without_the_forms_token(app: Flask) -> None:
    browser = Browser(app)
    assert browser.client.post(ADDRESS, data={"present": people.PASSWORD, "new": NEW}).status_code == 400
    assert is_now(browser, people.PASSWORD)
