"""What the next page has to say stays short enough for the cookie in which it waits."""

import secrets
from collections.abc import Iterator

import pytest
from flask import Flask, flash, session
from flask.testing import FlaskClient

from tests import factories
from tests.screens.browsing import Browser
from webapp.web import said_later
from webapp.web.said_later import FLASHED, LEFT_OUT, MOST_MESSAGES, STORED_FORM

# RFC 6265, 6.1: so many bytes of a cookie with its name and attributes every browser keeps.
KEPT_BY_BROWSERS = 4096


@pytest.fixture
def request_(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def said() -> list[str]:
    return [message for category, message in session[FLASHED] if category not in (STORED_FORM, LEFT_OUT)]


def left_out() -> list[str]:
    return [message for category, message in session[FLASHED] if category == LEFT_OUT]


@pytest.mark.usefixtures("request_")
def test_the_newest_few_are_kept_and_the_others_counted() -> None:
    for number in range(MOST_MESSAGES):
        flash(f"saved {number}", f"success:{number}")
    assert (len(said()), left_out()) == (MOST_MESSAGES, [])
    for number in range(MOST_MESSAGES, 30):
        flash(f"saved {number}", f"success:{number}")
    assert said() == [f"saved {number}" for number in range(30 - MOST_MESSAGES, 30)]
    assert left_out() == [str(30 - MOST_MESSAGES)]


@pytest.mark.usefixtures("request_")
def test_what_is_said_again_is_one_message() -> None:
    for _time in range(3):
        for number in range(MOST_MESSAGES):
            flash(f"saved {number}")
    assert (len(said()), left_out()) == (MOST_MESSAGES, [])


@pytest.mark.usefixtures("request_")
def test_long_messages_are_fewer_and_the_forms_that_are_stored_are_still_told(app: Flask) -> None:
    for _number in range(20):
        flash(secrets.token_hex(300), "warning")
        flash(secrets.token_hex(16), STORED_FORM)
    assert 0 < len(said()) < MOST_MESSAGES
    assert left_out() == [str(20 - len(said()))]
    assert sum(category == STORED_FORM for category, _message in session[FLASHED]) == 20
    assert said_later._length(app) <= said_later.MOST_BYTES


@pytest.mark.usefixtures("request_")
def test_a_message_that_is_longer_than_any_cookie_is_counted_alone() -> None:
    flash(secrets.token_hex(5_000))
    assert session[FLASHED] == [(LEFT_OUT, "1")]


@pytest.mark.parametrize(
    ("language", "told"),
    [("ja", "これより前のメッセージが 3 件ありました。"), ("en", "There were 3 more messages before these.")],
)
def test_after_many_saves_without_a_page_between_the_session_goes_on(
    app: Flask, client: FlaskClient, language: str, told: str
) -> None:
    companies = [factories.company(name_ja=f"試験社{secrets.token_hex(40)}").id for _ in range(15)]
    browser = Browser(app, language=language)
    forms = {number: browser.form("/admin/companies/edit/", id=number) for number in companies}
    for number, fields in forms.items():
        answer = browser.post("/admin/companies/edit/", {**fields, "name_en": "After"}, id=number)
        assert answer.status_code == 302
        assert len(answer.headers["Set-Cookie"]) < KEPT_BY_BROWSERS
    page = browser.get("/admin/industries/").text
    assert told in page
    assert page.count('data-key="u"') == MOST_MESSAGES
    assert page.count("data-stored-form=") == 15
    assert told not in browser.get("/admin/industries/").text
