"""The screen of users."""

import pytest
from flask import Flask
from sqlalchemy import select

from tests import people
from tests.screens.browsing import Browser, fields
from webapp import db
from webapp.models.user import User

pytestmark = pytest.mark.usefixtures("connection")

EDIT = "/admin/users/edit/"
NEW = "/admin/users/new/"
TYPED = {
    "email": "Hanako@Example.co.jp",
    "name": "山田 花子",
    "role": "steward",
    "is_active": "1",
    "password": "a long enough password 1",
}


def stored(email: str) -> User | None:
    return db.session.scalar(select(User).where(User.email == email))


def test_an_administrator_adds_a_user_who_can_sign_in(app: Flask) -> None:
    assert Browser(app, "admin").save(NEW, TYPED).status_code == 302
    user = stored("hanako@example.co.jp")
    assert user is not None
    assert (user.name, user.role, user.is_active) == ("山田 花子", "steward", True)
    assert user.password_hash.startswith("$argon2")


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("email", "no address"),
        ("email", ""),
        ("password", "short"),
        ("password", ""),
        ("role", "god"),
        ("name", "a\x01"),
    ],
)
def test_what_makes_no_account_is_refused(app: Flask, field: str, typed: str) -> None:
    page = Browser(app, "admin").save(NEW, {**TYPED, field: typed})
    assert page.status_code == 200
    assert "another look" in page.text
    assert stored("hanako@example.co.jp") is None
    # A password never comes back.
    assert "a long enough password 1" not in page.text


def test_an_address_that_is_taken_is_told_at_its_field(app: Flask) -> None:
    browser = Browser(app, "admin")
    browser.save(NEW, TYPED)
    assert "already a user with this e-mail address" in browser.save(NEW, TYPED).text


def test_a_hash_is_neither_shown_nor_taken(app: Flask) -> None:
    user = people.user("viewer")
    number, kept, address = user.id, user.password_hash, user.email
    browser = Browser(app, "admin")
    for path in ("/admin/users/details/", EDIT, "/admin/users/"):
        page = browser.get(path, id=number)
        assert page.status_code == 200
        assert "$argon2" not in page.text
        assert "password_hash" not in page.text
    browser.save(
        EDIT, {"password_hash": "x", "session_version": "99", "email": "other@example.jp"}, id=number
    )
    found = db.session.get_one(User, number)
    assert found.password_hash == kept
    assert found.email == address


def test_a_new_role_ends_the_users_sessions(app: Flask) -> None:
    user = people.user("viewer")
    number, before = user.id, user.session_version
    assert Browser(app, "admin").save(EDIT, {"role": "steward"}, id=number).status_code == 302
    found = db.session.get_one(User, number)
    assert (found.role, found.session_version) == ("steward", before + 1)


def test_a_disabled_user_is_out_and_can_be_let_in_again(app: Flask) -> None:
    number = people.user("viewer").id
    browser = Browser(app, "admin")
    for typed, expected in (("0", False), ("1", True)):
        browser.save(EDIT, {"is_active": typed}, id=number)
        assert db.session.get_one(User, number).is_active is expected


def test_a_password_changes_only_where_one_was_typed(app: Flask) -> None:
    user = people.user("viewer")
    number, kept = user.id, user.password_hash
    browser = Browser(app, "admin")
    browser.save(EDIT, {"name": "新しい名"}, id=number)
    assert db.session.get_one(User, number).password_hash == kept
    browser.save(EDIT, {"password": "another long password"}, id=number)
    assert db.session.get_one(User, number).password_hash != kept


def test_the_last_administrator_stays_one(app: Flask) -> None:
    browser = Browser(app, "admin")
    page = browser.save(EDIT, {"role": "viewer"}, id=browser.user_id)
    assert "last active administrator" in page.text
    assert db.session.get_one(User, browser.user_id).role == "admin"


def test_two_administrators_do_not_overwrite_each_other(app: Flask) -> None:
    number = people.user("viewer").id
    one, other = Browser(app, "admin"), Browser(app, "admin")
    form = other.form(EDIT, id=number)
    one.save(EDIT, {"role": "steward"}, id=number)
    page = other.post(EDIT, {**form, "name": "私の入力"}, id=number)
    assert page.status_code == 409
    assert fields(page.text)["name"] == "私の入力"
    assert db.session.get_one(User, number).role == "steward"


def test_a_form_without_its_version_changes_no_account(app: Flask) -> None:
    number = people.user("viewer").id
    page = Browser(app, "admin").post(EDIT, {"role": "admin"}, id=number)
    assert page.status_code == 409
    assert db.session.get_one(User, number).role == "viewer"


def test_nobody_is_deleted(app: Flask) -> None:
    number = people.user("viewer").id
    browser = Browser(app, "admin")
    assert browser.post("/admin/users/delete/", {"id": number, "confirmed": "1"}).status_code == 404
    assert browser.post("/admin/users/action/", {"action": "delete", "rowid": number}).status_code == 404


@pytest.mark.parametrize("password", ["", "another long password 2"])
def test_a_form_that_is_sent_twice_is_saved_once_and_answers_the_same(app: Flask, password: str) -> None:
    browser = Browser(app, "admin")
    somebody = people.user()
    form = browser.form(EDIT, id=somebody.id) | {"name": "別の名前", "password": password}
    answers = [browser.post(EDIT, form, id=somebody.id) for _ in range(2)]
    assert {(answer.status_code, answer.location) for answer in answers} == {(302, "/admin/users/")}
    version = db.session.get_one(User, somebody.id).version
    browser.post(EDIT, form, id=somebody.id)
    assert db.session.get_one(User, somebody.id).version == version
    # A password that is not the stored one is no repetition.
    assert browser.post(EDIT, form | {"password": "a third password 3"}, id=somebody.id).status_code == 409


def test_save_and_next_goes_from_user_to_user(app: Flask) -> None:
    first, second = (people.user(email=f"a{number}@example.jp").id for number in (1, 2))
    answer = Browser(app, "admin").save(EDIT, {"_next": "1"}, id=first)
    assert answer.location.startswith(f"{EDIT}?id={second}&")
