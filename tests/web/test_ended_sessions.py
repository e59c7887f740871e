"""A page that somebody's session has left: it says so, keeps what was typed, and comes back after signing in."""

import html
import re
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import factories, people
from tests.screens.browsing import Browser
from webapp import db
from webapp.models.company import Company
from webapp.models.user import User
from webapp.services.accounts import accounts

pytestmark = pytest.mark.usefixtures("connection")

ENDED = "Your session has ended."
TYPED = "髙島屋 & <Co.>"
EDIT = "/admin/companies/edit/"


@pytest.fixture
def browser(app: Flask) -> Browser:
    return Browser(app)


@pytest.fixture
def company() -> int:
    number = int(factories.company(name_en="before").id)
    db.session.commit()
    return number


def end_session(browser: Browser) -> None:
    with db.transaction():
        accounts.end_sessions(browser.user_id)


def email_of(browser: Browser) -> str:
    return db.session.get_one(User, browser.user_id).email


def hidden(page: str) -> dict[str, str]:
    """Every field that a page's forms hold and somebody typed or a form carries."""
    inputs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    areas = re.findall(r'<textarea id="typed-[^>]*name="([^"]+)"[^>]*>\n([^<]*)</textarea>', page)
    return {name: html.unescape(value) for name, value in inputs + areas}


def sign_in(browser: Browser, page: TestResponse, email: str) -> TestResponse:
    action = html.unescape(re.findall(r'<form method="post" action="(/login[^"]*)"', page.text)[0])
    sent = {name: value for name, value in hidden(page.text).items() if name == "kept"}
    return post(browser, action, {"email": email, "password": people.PASSWORD, **sent})


def post(browser: Browser, address: str, form: dict[str, str]) -> TestResponse:
    """As Browser.post, to an address with a query of its own."""
    sent = {"csrf_token": people.csrf_token(browser.client), **form}
    return browser.client.post(address, data=sent, headers={"Accept-Language": "en"})


def test_what_was_typed_is_there_after_signing_in_and_is_saved_once_it_is_sent(
    browser: Browser, company: int
) -> None:
    form = browser.form(EDIT, id=company) | {"name_en": TYPED}
    end_session(browser)
    left = browser.post(EDIT, form, id=company)
    assert left.status_code == 401
    assert ENDED in left.text
    assert "what you typed is kept" in left.text
    back = sign_in(browser, left, email_of(browser))
    assert back.status_code == 200
    assert 'id="side"' in back.text
    assert "nothing was saved" in back.text
    # Industries have a name, too, which is called otherwise.
    assert ">Name (ja)</label>" in back.text
    assert "Sector" not in back.text
    again = hidden(back.text)
    assert again["name_en"] == TYPED
    assert f'action="{EDIT}?id={company}"' in back.text
    assert browser.post(EDIT, again, id=company).status_code == 302
    assert db.session.get_one(Company, company).name_en == TYPED


def test_the_page_of_what_was_typed_leads_back_to_the_list_that_one_came_from(
    browser: Browser, company: int
) -> None:
    way = "/admin/companies/?search=7974&page_size=20"
    form = browser.form(EDIT, id=company) | {"name_en": TYPED}
    end_session(browser)
    left = browser.post(EDIT, form, id=company, url=way)
    back = sign_in(browser, left, email_of(browser))
    (link,) = re.findall(r'<a class="btn" href="([^"]*)">Back to where you came from</a>', back.text)
    assert html.unescape(link) == way
    assert ">To the list: Companies</a>" in back.text
    assert '<a href="/admin/companies/" aria-current' in back.text
    assert (
        browser.client.post(f"{EDIT}?id={company}&url={quote(way)}", data=sent(browser, back)).location == way
    )


@pytest.mark.parametrize("url", ["//evil.example/", "https://evil.example/"])
def test_no_page_of_somebody_elses_is_led_back_to(browser: Browser, company: int, url: str) -> None:
    form = browser.form(EDIT, id=company) | {"name_en": TYPED}
    end_session(browser)
    back = sign_in(browser, browser.post(EDIT, form, id=company, url=url), email_of(browser))
    assert "Back to where you came from" not in back.text


def sent(browser: Browser, page: TestResponse) -> dict[str, str]:
    """What its button sends."""
    return {**hidden(page.text), "csrf_token": people.csrf_token(browser.client)}


def test_a_browser_that_has_lost_its_cookie_says_that_what_was_typed_is_kept(
    browser: Browser, company: int
) -> None:
    form = browser.form(EDIT, id=company) | {"name_en": TYPED}
    browser.client.delete_cookie("session")
    left = browser.post(EDIT, form, id=company)
    assert left.status_code == 401
    assert ENDED in left.text
    assert "what you typed is kept" in left.text


def test_a_wrong_password_in_between_loses_nothing(browser: Browser, company: int) -> None:
    form = browser.form(EDIT, id=company) | {"name_en": TYPED}
    end_session(browser)
    left = browser.post(EDIT, form, id=company)
    kept = hidden(left.text)["kept"]
    wrong = browser.post("/login", {"email": email_of(browser), "password": "wrong", "kept": kept})
    assert wrong.status_code == 401
    assert hidden(wrong.text)["kept"] == kept


def test_what_somebody_typed_is_shown_to_nobody_else(browser: Browser, company: int) -> None:
    form = browser.form(EDIT, id=company) | {"name_en": TYPED}
    end_session(browser)
    left = browser.post(EDIT, form, id=company)
    other = sign_in(browser, left, people.user().email)
    assert (other.status_code, other.location) == (303, f"{EDIT}?id={company}")


@pytest.mark.parametrize("kept", ["x", "e30.x.x", ""])
def test_what_no_page_of_ours_kept_is_not_shown(browser: Browser, kept: str) -> None:
    end_session(browser)
    form = {"email": email_of(browser), "password": people.PASSWORD, "kept": kept}
    assert post(browser, "/login?next=/admin/companies/", form).location == "/admin/companies/"


def test_neither_a_password_nor_a_token_is_kept(browser: Browser) -> None:
    end_session(browser)
    sent = {"present": "my old password", "new": "my new password"}
    assert browser.post("/account/password/", sent).location == "/login?next=/account/password/"


def test_a_page_that_is_asked_for_says_that_the_session_has_ended_and_comes_after_signing_in(
    browser: Browser,
) -> None:
    end_session(browser)
    asked = browser.get("/admin/companies/", search="任天堂")
    assert asked.status_code == 303
    page = browser.client.get(asked.location, headers={"Accept-Language": "en"})
    assert ENDED in page.text
    back = sign_in(browser, page, email_of(browser))
    assert back.location == "/admin/companies/?search=%E4%BB%BB%E5%A4%A9%E5%A0%82"


def test_a_button_without_a_page_of_its_own_leads_back_to_where_it_stood(browser: Browser) -> None:
    end_session(browser)
    page = "/admin/companies/?search=7974"
    for referrer, location in ((page, "/login?next=/admin/companies/?search%3D7974"), (None, "/login")):
        headers = {"Referer": f"http://localhost{referrer}"} if referrer else {}
        assert browser.client.post("/logout", headers=headers).location == location
    elsewhere = {"Referer": "https://evil.example/admin/"}
    assert browser.client.post("/logout", headers=elsewhere).location == "/login"


def test_who_never_signed_in_or_has_signed_out_is_told_nothing_of_a_session(
    app: Flask, browser: Browser, client: FlaskClient
) -> None:
    assert ENDED not in client.get("/login?next=/admin/", headers={"Accept-Language": "en"}).text
    browser.post("/logout", {})
    assert ENDED not in browser.get("/login").text


def test_a_program_is_told_in_json(browser: Browser) -> None:
    end_session(browser)
    headers = {"Accept": "application/json", "Accept-Language": "en"}
    answer = browser.client.post("/admin/companies/cell/", headers=headers)
    assert (answer.status_code, answer.get_json()["error"]["status"]) == (401, 401)
    assert answer.get_json()["links"] == [{"url": "/login", "label": "Sign in (in a new tab)"}]


def test_only_who_typed_something_is_told_that_it_is_still_there(browser: Browser) -> None:
    end_session(browser)
    asked = {"Accept": "application/json", "Accept-Language": "en"}
    path = "/admin/companies/cell/"
    said = browser.client.get(path, headers=asked).get_json()["error"]["message"]
    assert said == "Your sign-in has expired. Sign in to go on."
    said = browser.client.post(path, data={"name_en": "typed"}, headers=asked).get_json()["error"]["message"]
    assert said == "Your sign-in has expired. What you typed is still here."


def test_a_form_that_an_earlier_session_opened_is_sent_again_and_loses_nothing(
    app: Flask, browser: Browser, company: int
) -> None:
    form = browser.form(EDIT, id=company) | {"name_en": TYPED, "csrf_token": "of another session"}
    for headers, is_kept in (({"Sec-Fetch-Site": "same-origin"}, True), ({}, False)):
        old = browser.client.post(
            EDIT, query_string={"id": company}, data=form, headers={"Accept-Language": "en", **headers}
        )
        assert old.status_code == 400
        assert ("This page is from an earlier session" in old.text) is is_kept
        assert (TYPED in html.unescape(old.text)) is is_kept
    assert db.session.get_one(Company, company).name_en == "before"
