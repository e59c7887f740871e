"""What was typed stands on the page that says that it could not be received."""

import html
import re

import psycopg
import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from tests import factories
from tests.screens.browsing import Browser
from webapp import db
from webapp.services.changes import door
from webapp.web import database_errors, typed
from webapp.words.speech import ENGLISH, of_language

pytestmark = pytest.mark.usefixtures("connection")

LOST = OperationalError("COMMIT", {}, psycopg.OperationalError("canary"), connection_invalidated=True)


@pytest.fixture
def lost(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on the database is not there for whoever wants to save."""

    def carry(*_args: object, **_more: object) -> None:
        raise LOST

    monkeypatch.setattr(door, "carry", carry)


def stored() -> str:
    key = str(factories.company().id)
    db.session.commit()
    return key


def sent_again(page: str) -> dict[str, str]:
    """What the button of a page would send."""
    form = page[page.index("<form") : page.index("</form>")]
    inputs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    texts = re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n?([^<]*)</textarea>', form)
    return {name: html.unescape(value) for name, value in [*inputs, *texts]}


def test_a_page_without_a_database_holds_what_was_typed_and_sends_it_again(app: Flask, lost: None) -> None:
    browser = Browser(app)
    key = stored()
    form = browser.form("/admin/companies/edit/", id=key)
    entries = {"name_ja": '任天堂 "京都" <株式会社>', "change_reason": "届出のとおり"}
    answer = browser.post("/admin/companies/edit/", {**form, **entries}, id=key)
    assert answer.status_code == 503
    kept = sent_again(answer.text)
    assert {name: value for name, value in kept.items() if name != "csrf_token"} == {
        name: value for name, value in {**form, **entries}.items() if name != "csrf_token"
    }
    assert f'action="/admin/companies/edit/?id={key}"' in answer.text
    assert "saved once" in answer.text
    # Where no answer came to the first time, that one may have been saved.
    assert "this time" in answer.text
    assert "Nothing was saved" not in answer.text


def test_a_password_is_asked_for_anew_and_never_shown_again(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_args: object, **_more: object) -> None:
        raise LOST

    monkeypatch.setattr("webapp.services.accounts.signing_in.count", gone)
    secret = {"password": "s3cret canary", "present": "s3cret canary", "new": "s3cret canary"}
    answer = Browser(app).post("/login", {"email": "somebody@example.co.jp", **secret})
    assert answer.status_code == 503
    assert "s3cret" not in answer.text
    assert ">\nsomebody@example.co.jp</textarea>" in answer.text
    assert 'name="password" type="password"' in answer.text
    answer = Browser(app).post("/account/password/", secret)
    assert answer.status_code == 503
    assert "s3cret" not in answer.text


def test_a_save_whose_answer_was_lost_is_not_called_unsaved(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    unconfirmed = db.Unconfirmed(None, None, LOST, connection_invalidated=True)
    monkeypatch.setattr(door, "carry", lambda *_args, **_more: door.DatabaseRefused(unconfirmed))
    browser = Browser(app)
    answer = browser.save("/admin/companies/edit/", {"name_ja": "任天堂"}, id=stored())
    assert "not known yet whether" in answer.text
    assert "Nothing was saved" not in answer.text
    assert "not known" in database_errors.sentence(unconfirmed, of_language(ENGLISH))


def test_every_field_that_hides_what_is_typed_is_known_as_a_secret(app: Flask) -> None:
    browser = Browser(app, "admin")
    pages = [app.test_client().get("/login")]
    pages += [browser.get(path) for path in ("/account/password/", "/admin/users/new/")]
    for page in pages:
        hidden = [tag for tag in re.findall(r"<input\b[^>]*>", page.text) if 'type="password"' in tag]
        assert hidden
        assert {re.findall(r' name="([^"]+)"', tag)[0] for tag in hidden} <= set(typed.SECRETS)
