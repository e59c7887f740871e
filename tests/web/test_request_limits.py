"""Limits: what is too large, too many or from elsewhere is refused before anything reads it."""

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import people
from webapp.api import arriving
from webapp.web import gate, request_limits

FORM = "application/x-www-form-urlencoded"


def test_too_many_fields_are_refused(client: FlaskClient) -> None:
    body = "&".join(["rowid=1"] * (request_limits.MOST_FIELDS + 1))
    assert client.post("/login", data=body, content_type=FORM).status_code == 413


def test_too_many_parts_are_refused(client: FlaskClient) -> None:
    parts = {f"f{number}": "1" for number in range(request_limits.MOST_FIELDS + 1)}
    answer = client.post("/login", data=parts, content_type="multipart/form-data")
    assert answer.status_code == 413


@pytest.mark.parametrize("kind", [FORM, "application/json", "text/plain", "application/octet-stream"])
def test_a_form_of_ten_mebibytes_is_refused_whatever_it_calls_itself(client: FlaskClient, kind: str) -> None:
    body = b"email=" + b"a" * (10 * request_limits.MEBIBYTE)
    answer = client.post(
        "/login", data=body, content_type=kind, headers={"X-CSRFToken": people.csrf_token(client)}
    )
    assert answer.status_code == 413


def test_a_form_without_a_length_is_read_no_further_than_its_limit(app: Flask, client: FlaskClient) -> None:
    client = people.signed_in(app, people.user())
    body = io.BytesIO(b"email=" + b"a" * (10 * request_limits.MEBIBYTE))
    environ = {"wsgi.input_terminated": True}  # as gunicorn says of a chunked body
    answer = client.post("/login", input_stream=body, content_type=FORM, environ_overrides=environ)
    assert answer.status_code == 413
    assert body.tell() < 3 * request_limits.MEBIBYTE


def test_from_strangers_no_more_is_read_than_a_form_of_theirs_may_hold(client: FlaskClient) -> None:
    body = io.BytesIO(b"email=" + b"a" * request_limits.LARGEST_OF_STRANGERS)
    for kind in (FORM, "multipart/form-data; boundary=edge", "application/json"):
        length = request_limits.LARGEST_OF_STRANGERS + 6
        answer = client.post("/login", input_stream=body, content_length=length, content_type=kind)
        assert answer.status_code == 413
        assert body.tell() == 0


def test_from_strangers_nothing_is_read_that_does_not_say_its_length(client: FlaskClient) -> None:
    body = io.BytesIO(b"6\r\nemail=\r\n0\r\n\r\n")
    headers = {"Transfer-Encoding": "chunked"}
    answer = client.post("/login", input_stream=body, content_type=FORM, headers=headers)
    assert (answer.status_code, body.tell()) == (411, 0)


def test_what_arrives_before_a_thread_reads_it_holds_all_that_strangers_may_send() -> None:
    assert arriving.LARGEST >= request_limits.LARGEST_OF_STRANGERS + 32 * 1024  # a long head


def upload(app: Flask, disposition: str) -> int:
    """The status for one part, from somebody who is signed in, that is larger than a form may be."""
    client = people.signed_in(app, people.user())
    head = f"--edge\r\nContent-Disposition: form-data; {disposition}\r\n\r\n".encode()
    body = head + b"a" * (request_limits.LARGEST_FORM + 1) + b"\r\n--edge--\r\n"
    return client.post(
        "/language",
        input_stream=io.BytesIO(body),
        content_length=len(body),
        content_type="multipart/form-data; boundary=edge",
        headers={"X-CSRFToken": people.csrf_token(client)},
    ).status_code


def test_a_large_field_of_an_upload_form_is_refused(app: Flask, client: FlaskClient) -> None:
    assert upload(app, 'name="reason"') == 413


def test_a_file_may_be_larger_than_a_form_where_files_are_asked_for(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "TAKE_FILES", {"account.language"})
    # It was read, and the language that it does not choose is refused.
    assert upload(app, 'name="file"; filename="list.zip"') == 400


@pytest.mark.parametrize("site", ["cross-site", "same-site", "nonsense"])
def test_a_form_that_another_site_sends_is_refused_even_with_a_token(client: FlaskClient, site: str) -> None:
    data = {"lang": "en", "csrf_token": people.csrf_token(client)}
    assert client.post("/language", data=data, headers={"Sec-Fetch-Site": site}).status_code == 403


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_our_own_forms_pass(client: FlaskClient, site: str) -> None:
    data = {"lang": "en", "csrf_token": people.csrf_token(client)}
    assert client.post("/language", data=data, headers={"Sec-Fetch-Site": site}).status_code == 303


def test_a_link_from_another_site_may_be_followed(client: FlaskClient) -> None:
    assert client.get("/login", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200
