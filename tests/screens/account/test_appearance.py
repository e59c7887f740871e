"""Colours and row height: kept with the account, known before the first paint, and without another statement."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import people
from tests.screens.browsing import Browser, statements
from webapp import db
from webapp.models.user import User

pytestmark = pytest.mark.usefixtures("connection")
ADDRESS = "/account/settings"


def html_of(client: FlaskClient, path: str = "/admin/views/") -> str:
    """The start tag of a page."""
    page = client.get(path).text
    return page[page.index("<html") : page.index(">", page.index("<html"))]


def sign_in(client: FlaskClient, email: str) -> None:
    sent = {"email": email, "password": people.PASSWORD, "csrf_token": people.csrf_token(client)}
    assert client.post("/login", data=sent).status_code == 303


def test_a_choice_is_kept_and_there_with_the_first_paint_of_every_page(app: Flask) -> None:
    browser = Browser(app)
    answer = browser.post(ADDRESS, {"theme": "dark", "next": "/admin/views/?"})
    assert (answer.status_code, answer.location) == (303, "/admin/views/")
    browser.post(ADDRESS, {"density": "compact"})
    assert 'data-theme="dark"' in html_of(browser.client)
    assert 'data-density="compact"' in html_of(browser.client)
    user = db.session.get_one(User, browser.user_id)
    assert (user.theme, user.density, user.version) == ("dark", "compact", 1)


def test_a_script_gets_no_page(app: Flask) -> None:
    browser = Browser(app)
    sent = {"theme": "light", "csrf_token": people.csrf_token(browser.client)}
    answer = browser.client.post(ADDRESS, data=sent, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.data) == (204, b"")


def test_the_systems_colours_can_be_chosen_again(app: Flask) -> None:
    browser = Browser(app)
    browser.post(ADDRESS, {"theme": "dark"})
    browser.post(ADDRESS, {"theme": ""})
    assert "data-theme" not in html_of(browser.client)
    assert browser.client.get_cookie("theme") is None
    assert db.session.scalar(select(User.theme).where(User.id == browser.user_id)) is None


def test_a_choice_holds_in_a_fresh_browser_and_stays_there_after_signing_out(app: Flask) -> None:
    user = people.user(theme="dark", density="roomy")
    email = user.email
    fresh = app.test_client()
    assert "data-theme" not in html_of(fresh, "/login")
    sign_in(fresh, email)
    assert 'data-theme="dark"' in html_of(fresh)
    fresh.post("/logout", data={"csrf_token": people.csrf_token(fresh)})
    assert 'data-theme="dark"' in html_of(fresh, "/login")
    assert 'data-density="roomy"' in html_of(fresh, "/login")


def test_what_another_person_chose_in_this_browser_is_nothing_to_the_next(app: Flask) -> None:
    first, second = people.user(theme="dark").email, people.user().email
    shared = app.test_client()
    sign_in(shared, first)
    shared.post("/logout", data={"csrf_token": people.csrf_token(shared)})
    sign_in(shared, second)
    assert "data-theme" not in html_of(shared)
    assert shared.get_cookie("theme") is None


def test_no_page_asks_the_database_for_the_looks(app: Flask) -> None:
    browser = Browser(app)
    before = html_of(browser.client)
    with statements() as seen:
        browser.get("/admin/views/")
    usual = len(seen)
    browser.post(ADDRESS, {"theme": "dark"})
    with statements() as seen:
        assert html_of(browser.client) != before
    assert len(seen) == usual


@pytest.mark.parametrize(
    "sent", [{}, {"theme": "pink"}, {"density": "flat"}, {"theme": "dark", "density": "\x00"}]
)
def test_a_look_that_there_is_not_is_refused_and_changes_nothing(app: Flask, sent: dict[str, str]) -> None:
    browser = Browser(app)
    assert browser.post(ADDRESS, sent).status_code == 400
    user = db.session.get_one(User, browser.user_id)
    assert (user.theme, user.density) == (None, None)


def test_a_choice_leads_to_no_other_site(app: Flask) -> None:
    answer = Browser(app).post(ADDRESS, {"theme": "dark", "next": "//evil.example"})
    assert answer.location == "/admin/"


def test_the_buttons_of_the_menu_work_without_script_and_say_what_is_chosen(app: Flask) -> None:
    browser = Browser(app)
    browser.post(ADDRESS, {"theme": "dark"})
    page = browser.get("/admin/views/").text
    form = page[page.index("data-settings") : page.index("</form>", page.index("data-settings"))]
    assert 'type="submit" name="theme" value="dark" aria-pressed="true"' in form
    assert 'type="submit" name="theme" value="" aria-pressed="false"' in form
    assert 'type="submit" name="density" value="" aria-pressed="true"' in form


@pytest.mark.parametrize(
    ("role", "language", "word"),
    [("steward", "ja", "データ担当者"), ("admin", "ja", "管理者"), ("viewer", "en", "Viewer")],
)
def test_the_menu_says_the_role_in_words(app: Flask, role: str, language: str, word: str) -> None:
    page = Browser(app, role, language).get("/admin/views/").text
    assert f'<span class="badge">{word}</span>' in page
