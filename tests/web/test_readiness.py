"""While the database is behind the code, screens show what they can and save nothing."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from tests import factories, people
from tests.schemas import go_ahead, go_back
from tests.screens.browsing import Browser
from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.services import releasing

INDUSTRY = {
    "code": "9999",
    "name_ja": "業種",
    "name_en": "Industry",
    "sector17_code": "10",
    "sector17_name_ja": "その他",
    "sector17_name_en": "Others",
}


@pytest.fixture(autouse=True)
def nothing_seen(client: FlaskClient) -> Iterator[None]:
    releasing.forget()
    yield
    releasing.forget()


@pytest.fixture
def browser(app: Flask) -> Browser:
    return Browser(app)


def test_a_save_is_refused_with_both_revisions(browser: Browser, connection: Connection) -> None:
    form = browser.form("/admin/industries/new/")
    older = go_back(connection)
    answer = browser.post("/admin/industries/new/", form | INDUSTRY)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "10"
    assert f"The database is at {older}, this code needs {releasing.shipped().wanted}." in answer.text
    assert "Nothing was saved." in answer.text
    assert "Please try again in 10 seconds." in answer.text
    assert db.session.query(ChangeSet).count() == 0


def test_every_write_is_refused_and_no_page_of_a_list(browser: Browser, connection: Connection) -> None:
    key = factories.company().id
    db.session.commit()
    go_back(connection)
    for path in ("companies/edit/", "companies/delete/", "companies/action/", "users/new/"):
        admin = Browser(browser.client.application, "admin")
        assert admin.post(f"/admin/{path}", {}, id=key).status_code == 503, path
    assert browser.get("/admin/companies/").status_code == 200


def test_it_says_so_in_japanese(app: Flask, connection: Connection) -> None:
    browser = Browser(app, language="ja")
    older = go_back(connection)
    page = browser.post("/admin/industries/new/", {}).text
    assert f"データベースは {older} ですが" in page
    assert "保存していません" in page


def test_a_program_gets_the_same_sentence(browser: Browser, connection: Connection) -> None:
    older = go_back(connection)
    headers = {"Accept": "application/json", "Accept-Language": "en"}
    sent = {"csrf_token": people.csrf_token(browser.client)}
    answer = browser.client.post("/admin/industries/new/", data=sent, headers=headers)
    assert answer.status_code == 503
    assert answer.json is not None
    assert f"The database is at {older}" in answer.json["error"]["message"]


def test_rights_come_first(app: Flask, connection: Connection) -> None:
    go_back(connection)
    assert Browser(app, "viewer").post("/admin/industries/new/", {}).status_code == 403


def test_people_sign_in_and_out_meanwhile(app: Flask, client: FlaskClient, connection: Connection) -> None:
    user = people.user("admin")
    go_back(connection)
    form = {"email": user.email, "password": people.PASSWORD, "csrf_token": people.csrf_token(client)}
    assert client.post("/login", data=form).status_code == 303
    assert client.post("/logout", data={"csrf_token": people.csrf_token(client)}).status_code == 303


def test_older_code_goes_on_saving_after_a_newer_release(browser: Browser, connection: Connection) -> None:
    go_ahead(connection, "fedcba987654")
    answer = browser.save("/admin/industries/new/", INDUSTRY)
    assert answer.status_code == 302, answer.text
    assert db.session.query(ChangeSet).count() == 1


def test_a_page_that_needs_what_is_not_there_yet_names_the_revisions(
    browser: Browser, connection: Connection
) -> None:
    connection.execute(text("ALTER TABLE companies RENAME COLUMN name_en TO name_english"))
    older = go_back(connection)
    answer = browser.get("/admin/companies/")
    assert answer.status_code == 503
    assert f"The database is at {older}" in answer.text


def test_a_missing_column_of_a_released_schema_stays_a_failure(
    browser: Browser, connection: Connection
) -> None:
    connection.execute(text("ALTER TABLE companies RENAME COLUMN name_en TO name_english"))
    with pytest.raises(ProgrammingError, match="name_en"):
        browser.get("/admin/companies/")
