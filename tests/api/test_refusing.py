"""What gunicorn refuses by itself is said in our page, with our headers, in the reader's language."""

import logging
import socket
import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from gunicorn.http.errors import InvalidHeader, LimitRequestHeaders, LimitRequestLine
from sqlalchemy import Connection

from tests import people
from webapp.api import serving
from webapp.api.refusing import RefusingWorker
from webapp.services.accounts import visitors

Refuse = Callable[..., tuple[str, dict[str, str], str]]


@pytest.fixture
def refuse(app: Flask) -> Refuse:
    """What a visitor who said this is answered where gunicorn refuses it: status, headers, body."""
    worker: Any = object.__new__(RefusingWorker)
    worker.wsgi, worker.hearing, worker.log = app, threading.local(), logging.getLogger("test")

    def answer(error: Exception, said: bytes = b"") -> tuple[str, dict[str, str], str]:
        ours, theirs = socket.socketpair()
        with ours, theirs:
            worker.hearing.said = b"GET /x HTTP/1.1\r\n" + said + b"\r\n"
            worker.handle_error(None, ours, ("127.0.0.1", 1), error)
            ours.close()
            with theirs.makefile("rb") as file:
                head, _end, body = file.read().partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        return first, dict(line.split(": ", 1) for line in lines), body.decode()

    return answer


@pytest.mark.parametrize(
    ("error", "status", "title"),
    [
        (LimitRequestLine(9000, 8190), "414 URI Too Long", "アドレスが長すぎます"),
        (
            LimitRequestHeaders("x"),
            "431 Request Header Fields Too Large",
            "ブラウザーから送られた情報が多すぎます",
        ),
        (InvalidHeader("x"), "400 Bad Request", "リクエストを処理できません"),
    ],
)
def test_a_refusal_is_a_page_of_ours(refuse: Refuse, error: Exception, status: str, title: str) -> None:
    first, headers, body = refuse(error)
    assert first.startswith(f"HTTP/1.1 {status[:3]} ")
    assert title in body
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert (headers["X-Frame-Options"], headers["Cache-Control"]) == ("DENY", "no-store")
    assert (headers["Connection"], int(headers["Content-Length"])) == ("close", len(body.encode()))


def test_a_refusal_is_in_the_language_that_the_browser_asks_for(refuse: Refuse) -> None:
    _first, _headers, body = refuse(LimitRequestLine(9000, 8190), b"Accept-Language: en-US,en;q=0.9\r\n")
    assert "This address is too long" in body
    assert '<html lang="en"' in body


def test_a_program_is_refused_in_json(refuse: Refuse) -> None:
    said = b"Accept-Language: en\r\nX-Requested-With: XMLHttpRequest\r\n"
    _first, headers, body = refuse(LimitRequestLine(9000, 8190), said)
    assert headers["Content-Type"] == "application/json"
    assert '"status":414' in body.replace(" ", "")


@pytest.mark.parametrize(
    ("status", "title"), [(408, "Your request came too slowly"), (431, "Your browser sends too much along")]
)
def test_who_is_sent_away_before_a_request_is_there_reads_a_page_and_nobody_is_looked_up(
    app: Flask, connection: Connection, monkeypatch: pytest.MonkeyPatch, status: int, title: str
) -> None:
    worker: Any = object.__new__(RefusingWorker)
    worker.wsgi = app
    monkeypatch.setattr(
        visitors, "in_session", lambda *_session: pytest.fail("the loop waits for a database")
    )
    user = people.user()
    people_client = people.signed_in(app, user)
    cookie = people_client.get_cookie("session")
    assert cookie is not None
    head = f"GET /admin/ HTTP/1.1\r\nAccept-Language: en\r\nCookie: session={cookie.value}\r\nX-Filler: "
    answer = worker.refusal(status, head.encode() + b"a" * 200_000).decode()
    assert answer.startswith(f"HTTP/1.1 {status} ")
    assert title in answer
    assert "Content-Security-Policy" in answer
    assert "Connection: close" in answer


def test_a_line_is_as_long_as_gunicorn_allows() -> None:
    assert serving.limit_request_line == 8190
