"""Signing in and out, as a browser does it."""

import time

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests import people
from webapp import db
from webapp.models.login_attempt import LoginAttempt
from webapp.models.user import User
from webapp.services.accounts import accounts, signing_in
from webapp.services.accounts.signing_in import Credentials
from webapp.web import current_person

pytestmark = pytest.mark.usefixtures("connection")


def post_login(
    client: FlaskClient, email: str, password: str = people.PASSWORD, address: str = "/login"
) -> TestResponse:
    form = {"email": email, "password": password, "csrf_token": people.csrf_token(client)}
    return client.post(address, data=form)


def sign_out(client: FlaskClient) -> TestResponse:
    return client.post("/logout", data={"csrf_token": people.csrf_token(client)})


def is_signed_in(client: FlaskClient) -> bool:
    answer = client.get("/login")
    assert answer.status_code in (200, 302)
    return answer.status_code == 302


def test_the_right_password_opens_the_screens(client: FlaskClient) -> None:
    answer = post_login(client, people.user().email)
    assert (answer.status_code, answer.location) == (303, "/admin/")
    assert is_signed_in(client)


def test_the_page_that_was_wanted_comes_after_signing_in(client: FlaskClient) -> None:
    target = "/admin/companies/?search=%E4%BB%BB%E5%A4%A9%E5%A0%82"
    answer = post_login(
        client, people.user().email, address="/login?next=/admin/companies/%3Fsearch%3D任天堂"
    )
    assert answer.location == target


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/%5Cevil.example"])
def test_nobody_is_sent_to_another_site(client: FlaskClient, target: str) -> None:
    assert post_login(client, people.user().email, address=f"/login?next={target}").location == "/admin/"


def test_wrong_password_unknown_user_and_disabled_user_look_the_same(client: FlaskClient) -> None:
    disabled = people.user(is_active=False).email
    answers = []
    for email, password in (
        (people.user().email, "wrong"),
        ("nobody@example.com", "x"),
        (disabled, people.PASSWORD),
    ):
        answer = post_login(client, email, password)
        page = answer.text.replace(email, "EMAIL")
        answers.append((answer.status_code, page, sorted(answer.headers.keys())))
    assert answers[0][0] == 401
    tokens_apart = {(code, _without_token(page), tuple(names)) for code, page, names in answers}
    assert len(tokens_apart) == 1


def _without_token(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "csrf_token" not in line)


def test_what_was_typed_stays_but_never_the_password(client: FlaskClient) -> None:
    page = post_login(client, "hanako@example.com", "my secret guess").text
    assert "hanako@example.com" in page
    assert "my secret guess" not in page


def test_too_many_guesses_are_refused_with_the_time_to_wait(client: FlaskClient) -> None:
    user = people.user()
    for _ in range(signing_in.MOST_PER_ACCOUNT):
        assert post_login(client, user.email, "wrong").status_code == 401
    answer = post_login(client, user.email)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "300")
    assert not is_signed_in(client)


def guess(app: Flask, email: str, times: int, address: str = "203.0.113.9") -> list[int]:
    """What a stranger gets who tries wrong passwords from one address, in a new browser each time."""
    answers = []
    for _ in range(times):
        stranger = app.test_client()
        form = {"email": email, "password": "wrong", "csrf_token": people.csrf_token(stranger)}
        answer = stranger.post("/login", data=form, environ_base={"REMOTE_ADDR": address})
        answers.append(answer.status_code)
    return answers


def block(app: Flask, email: str) -> None:
    """Ten failures of strangers, without the work of comparing passwords."""
    for number in range(signing_in.MOST_PER_ACCOUNT):
        with db.transaction():
            signing_in.count(Credentials(email, "wrong", f"192.0.2.{number}"), str(app.secret_key))


def test_a_stranger_cannot_keep_out_who_has_signed_in_from_that_browser_before(
    client: FlaskClient, app: Flask
) -> None:
    email = people.user().email
    post_login(client, email)
    sign_out(client)
    office = "127.0.0.1"  # the stranger sits behind the same proxy
    assert guess(app, email, 12, office) == [401] * 10 + [429] * 2
    for number in range(10):
        with db.transaction():
            signing_in.count(Credentials(f"{number}@example.com", "wrong", office), str(app.secret_key))
    assert guess(app, "one.more@example.com", 1, office) == [429]
    assert post_login(client, email).status_code == 303
    assert guess(app, email, 1, "198.51.100.1") == [429]


def test_a_browser_is_known_to_the_accounts_that_signed_in_there_and_to_no_other(
    client: FlaskClient, app: Flask
) -> None:
    first, second, other = (people.user().email for _ in range(3))
    for email in (first, second):
        post_login(client, email)
        sign_out(client)
    for email in (first, second, other):
        block(app, email)
    assert [post_login(client, email).status_code for email in (first, other)] == [303, 429]
    sign_out(client)
    assert post_login(client, second).status_code == 303


@pytest.mark.parametrize("cookie", ["", "x", "e30.x.x", None])
def test_a_browser_that_only_says_that_it_is_known_is_a_stranger(
    client: FlaskClient, app: Flask, cookie: str | None
) -> None:
    email = people.user().email
    post_login(client, email)
    known = client.get_cookie("known")
    assert known is not None
    assert known.http_only
    assert email not in known.value
    block(app, email)
    thief = app.test_client()
    thief.set_cookie("known", known.value[:-1] if cookie is None else cookie)
    assert post_login(thief, email).status_code == 429


def test_who_is_signed_in_changes_their_password_whatever_strangers_do(app: Flask) -> None:
    user = people.user()
    browser = people.signed_in(app, user)
    block(app, user.email)
    form = {"present": people.PASSWORD, "new": "quite another password"}
    answer = browser.post("/account/password/", data={"csrf_token": people.csrf_token(browser), **form})
    assert answer.status_code == 303


def test_signing_in_without_the_forms_token_is_refused_and_not_counted(client: FlaskClient) -> None:
    answer = client.post("/login", data={"email": people.user().email, "password": people.PASSWORD})
    assert answer.status_code == 400
    assert db.session.scalar(select(func.count()).select_from(LoginAttempt)) == 0


def test_what_was_in_the_session_before_is_gone_after_signing_in(client: FlaskClient) -> None:
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
    token = people.csrf_token(client)
    post_login(client, people.user().email)
    with client.session_transaction() as session:
        assert "planted" not in session
        assert session.permanent
    assert client.post("/logout", data={"csrf_token": token}).status_code == 400
    assert is_signed_in(client)


def test_signing_out_ends_every_session_of_that_person(client: FlaskClient, app: Flask) -> None:
    user = people.user()
    elsewhere = people.signed_in(app, user)
    somebody_else = people.signed_in(app, people.user())
    post_login(client, user.email)
    answer = sign_out(client)
    assert (answer.status_code, answer.location) == (303, "/login")
    assert not is_signed_in(client)
    assert not is_signed_in(elsewhere)
    assert is_signed_in(somebody_else)


def test_a_cookie_copied_before_signing_out_is_worth_nothing_afterwards(
    client: FlaskClient, app: Flask
) -> None:
    post_login(client, people.user().email)
    stolen = client.get_cookie("session")
    assert stolen is not None
    sign_out(client)
    thief = app.test_client()
    thief.set_cookie("session", stolen.value)
    assert not is_signed_in(thief)


@pytest.mark.parametrize("change", ["disable", "role", "password"])
def test_a_change_of_access_ends_sessions_at_the_next_request(
    client: FlaskClient, app: Flask, change: str
) -> None:
    user_id = (user := people.user()).id
    browser = people.signed_in(app, user)
    assert is_signed_in(browser)
    with db.transaction():
        found = db.session.get(User, user_id)
        assert found is not None
        if change == "disable":
            accounts.disable(found)
        elif change == "role":
            accounts.change_role(found, "viewer")
        else:
            accounts.set_password(found, "another good password")
    assert not is_signed_in(browser)


@pytest.mark.parametrize(
    "began", [None, "noon", -1, lambda hours: time.time() - hours * 3600 - 1, lambda _: time.time() + 3600]
)
def test_a_session_ends_after_its_hours_and_when_the_clock_is_set_back(
    client: FlaskClient, app: Flask, began: object
) -> None:
    browser = people.signed_in(app, people.user())
    hours = app.permanent_session_lifetime.total_seconds() / 3600
    with browser.session_transaction() as session:
        session[current_person.SIGNED_IN_AT] = int(began(hours)) if callable(began) else began
    assert not is_signed_in(browser)


@pytest.mark.parametrize("kept", ["", ":", "1", "1:", "x:1", "1:x", "1:1:1", "²:1", "-1:1", f"{10**30}:1"])
def test_a_session_that_names_nobody_is_nobodys(client: FlaskClient, app: Flask, kept: str) -> None:
    browser = people.signed_in(app, people.user())
    with browser.session_transaction() as session:
        session["_user_id"] = kept
    assert not is_signed_in(browser)


def test_signing_out_is_never_a_link(client: FlaskClient) -> None:
    assert client.get("/logout").status_code == 405


def test_who_is_signed_in_already_skips_the_form(app: Flask, client: FlaskClient) -> None:
    browser = people.signed_in(app, people.user())
    assert browser.get("/login?next=/admin/companies/").location == "/admin/companies/"


def test_the_bare_address_leads_to_the_screens(app: Flask, client: FlaskClient) -> None:
    assert client.get("/").location == "/login"
    assert people.signed_in(app, people.user()).get("/").location == "/admin/"


def choose(client: FlaskClient, language: str, target: str = "/login?") -> TestResponse:
    return client.post(
        "/language", data={"lang": language, "next": target, "csrf_token": people.csrf_token(client)}
    )


def test_the_language_can_be_chosen_before_signing_in(client: FlaskClient) -> None:
    assert '<html lang="ja"' in client.get("/login").text
    answer = choose(client, "en")
    assert (answer.status_code, answer.location) == (303, "/login")
    assert '<html lang="en"' in client.get("/login").text


def test_the_language_is_remembered_for_the_next_session(client: FlaskClient, app: Flask) -> None:
    user = people.user()
    email, user_id = user.email, user.id
    choose(people.signed_in(app, user), "en")
    assert db.session.scalar(select(User.language).where(User.id == user_id)) == "en"
    post_login(client, email)
    with client.session_transaction() as session:
        assert session["language"] == "en"
    sign_out(client)
    assert '<html lang="en"' in client.get("/login").text


def test_a_language_we_do_not_speak_is_refused(client: FlaskClient) -> None:
    assert choose(client, "fr").status_code == 400


def test_choosing_a_language_leads_nowhere_else(client: FlaskClient) -> None:
    assert choose(client, "en", "https://evil.example/").location == "/admin/"
