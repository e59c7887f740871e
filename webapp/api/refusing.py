"""What gunicorn refuses before the application sees it, such as a line that is too long, said in our own page.

gunicorn decides what is wrong and logs it; its answer is caught, and the page of the same error is sent in its place:
with our headers, in the language that the browser asks for.
"""

import re
import threading
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from flask import Flask

from webapp.api.arriving import ArrivingWorker
from webapp.web import error_pages

STATUS = re.compile(rb"HTTP/1\.1 ([0-9]{3}) ")
# What decides about the language of the page and whether it is one; no more is taken from a request that is refused.
TAKEN = re.compile(
    rb"\r\n(accept|accept-language|x-requested-with|cookie):[ \t]*([\x20-\x7e]{0,4000})(?=\r\n)",
    re.IGNORECASE,
)
COOKIE = re.compile(rb"(?<=\r\n)cookie:[^\r\n]*\r\n", re.IGNORECASE)
# What is looked at of a request that is no request yet; heads that browsers send are shorter.
MOST_READ = 16 * 1024
SECURE = re.compile(rb"\r\nx-forwarded-proto:[ \t]*https[ \t]*\r\n", re.IGNORECASE)


class Catching:
    """A visitor's socket to whom nothing is said yet."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.said = b""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def sendall(self, said: bytes) -> None:
        """Keep what would have been sent."""
        self.said += said


class RefusingWorker(ArrivingWorker):
    """Says every error in pages of ours."""

    wsgi: Any

    def init_process(self) -> None:
        """Begin with nothing heard."""
        self.hearing = threading.local()
        super().init_process()

    def handle(self, conn: Any) -> Any:
        """Answer a request, of which what it said is known where it is refused."""
        self.hearing.said = bytes(conn.arrival.said)
        return super().handle(conn)

    def refusal(self, status: int, said: bytes) -> bytes:
        """The page for who is sent away while a request is on its way; the loop asks no database who they are."""
        if not isinstance(self.wsgi, Flask):
            return super().refusal(status, said)
        return page(self.wsgi, status, COOKIE.sub(b"", said[:MOST_READ]))

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Any) -> None:
        """Say in a page what gunicorn would say."""
        catching = Catching(client)
        super().handle_error(req, catching, addr, exc)
        status = STATUS.match(catching.said)
        answer = catching.said
        if status is not None and isinstance(self.wsgi, Flask):
            answer = page(self.wsgi, int(status[1]), getattr(self.hearing, "said", b""))
        with suppress(OSError):  # gone again
            client.sendall(answer)


def page(app: Flask, status: int, said: bytes) -> bytes:
    """The whole answer: an error's page, or its JSON for programs, as the application itself would send it."""
    headers = {name.decode(): value.decode() for name, value in TAKEN.findall(said)}
    scheme = "https" if SECURE.search(said) else "http"
    hosts = app.config.get("TRUSTED_HOSTS") or ["localhost"]
    with app.test_request_context("/", base_url=f"{scheme}://{hosts[0].lstrip('.')}/", headers=headers):
        response = app.process_response(app.make_response(error_pages.answer(error_pages.Problem(status))))
        response.headers["Connection"] = "close"
        response.headers["Content-Length"] = str(len(response.get_data()))
        head = "".join(f"{name}: {value}\r\n" for name, value in response.headers if name != "Set-Cookie")
        phrase = HTTPStatus(status).phrase
        return f"HTTP/1.1 {status} {phrase}\r\n{head}\r\n".encode("latin-1") + response.get_data()
