"""The token of forms: another in every answer, one on each, and only the session's own is taken."""

import re

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from tests import people
from webapp.web import masked_tokens

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def test_every_answer_has_a_token_of_its_own_and_each_of_them_is_taken(client: FlaskClient) -> None:
    pages = [TOKEN.findall(client.get("/login").text) for _ in range(3)]
    assert all(len(set(tokens)) == 1 for tokens in pages)
    tokens = [tokens[0] for tokens in pages]
    assert len({token[:8] for token in tokens}) == len({token[-8:] for token in tokens}) == 3
    for token in tokens:
        form = {"lang": "en", "csrf_token": token}
        assert client.post("/language", data=form).status_code == 303
        assert (
            client.post("/language", data={"lang": "en"}, headers={"X-CSRFToken": token}).status_code == 303
        )


def test_no_part_of_the_sessions_token_is_on_the_page(client: FlaskClient) -> None:
    page = client.get("/login").text
    with client.session_transaction() as session:
        kept = session["csrf_token"]
    plain = masked_tokens.unmasked(TOKEN.findall(page)[0])
    assert plain is not None
    assert kept not in page
    assert all(part not in page for part in plain.split("."))


@pytest.mark.parametrize("sent", ["", "x", "é", "A" * 243, "%%%", "AA=="])
def test_what_is_no_token_is_refused(client: FlaskClient, sent: str) -> None:
    client.get("/login")
    assert client.post("/language", data={"lang": "en", "csrf_token": sent}).status_code == 400


def test_the_token_of_another_session_is_refused(client: FlaskClient) -> None:
    other = people.csrf_token(client.application.test_client())
    with client.session_transaction() as session:
        session["csrf_token"] = "b" * 40
    assert client.post("/language", data={"lang": "en", "csrf_token": other}).status_code == 400


@given(st.text(st.characters(codec="ascii"), min_size=1))
def test_what_is_masked_is_unmasked(plain: str) -> None:
    assert masked_tokens.unmasked(masked_tokens.masked(plain)) == plain
