"""The gate that every request passes before anybody reads it: who says where it comes from, and values that are text.

Of proxies those are believed that the settings name, and nobody else. What a field checks is more and comes later; what
stands in an address, a cookie, a name beside a field, no field sees. Files lie on disk while a request is answered.
"""

import logging
from collections.abc import Iterator
from typing import Any, BinaryIO, cast
from urllib.parse import unquote_to_bytes, urlsplit

from flask import Flask, Request, abort, request
from werkzeug.middleware.proxy_fix import ProxyFix

from webapp.web import guard

log = logging.getLogger(__name__)

# The header in which each proxy in front adds whom it heard, and all that say where a request comes from.
COUNTED = "X-Forwarded-For"
FORWARDED = (COUNTED, "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-IP", "Forwarded")
NUL = "\0"
# Where WSGI has the path, each byte as a character.
PATH = "PATH_INFO"
# What Werkzeug puts where bytes of a part were no UTF-8.
UNREADABLE = "\ufffd"
# The endpoints whose forms send files.
TAKE_FILES = frozenset({"uploads.index"})
URLENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"


class OurRequest(Request):
    """A request that closes every file that it began to receive, also where it broke off midway."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.streams: list[BinaryIO] = []

    def _get_file_stream(self, *args: Any, **more: Any) -> Any:
        stream = super()._get_file_stream(*args, **more)
        self.streams.append(cast("BinaryIO", stream))
        return stream

    def close(self) -> None:
        """Close what came, whole or not."""
        super().close()
        for stream in self.streams:
            stream.close()


def install(app: Flask, behind: int) -> None:
    """Believe so many proxies in front, and check address and headers of every request before anything reads them."""
    app.request_class = OurRequest
    if behind:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=behind, x_proto=behind, x_host=behind)  # type: ignore[method-assign]  # Flask says so
    is_said = False

    @app.before_request
    def come_in() -> None:
        nonlocal is_said
        if not is_said and (names := ignored(behind)):
            is_said = True
            log.warning(
                "%s ignored as BEHIND_PROXIES is %s: all visitors of that proxy count as one source. "
                "Set it to the number of proxies in front.",
                ", ".join(names),
                behind,
                extra={"source": request.remote_addr},
            )
        check_address()


def install_for_bodies(app: Flask) -> None:
    """Check the bodies of those who may send one; this comes before anything that reads a form."""
    guard.before_writing(app, check_body)


def ignored(behind: int) -> list[str]:
    """The headers of this request that say where it comes from, where none of them is believed."""
    sent = [name for name in FORWARDED if name in request.headers]
    if not behind or not sent:
        return sent
    named = [part for part in request.headers.get(COUNTED, "").split(",") if part.strip()]
    return sent if len(named) < behind else []


def check_address() -> None:
    """Abort with 400 for an address, a header or a cookie that is no text, or a page before that is no address."""
    path = request.environ.get(PATH, "").encode("latin-1")
    if not (_is_text(path) and _is_text(unquote_to_bytes(request.query_string))):
        abort(400)
    if NUL in "".join((*dict(request.headers).values(), *request.cookies.values())):
        abort(400)
    if request.referrer and not _is_address(request.referrer):
        abort(400)


def check_body() -> None:
    """Abort with 400 for a form or an object that holds what is no text, or a file that nobody asked for."""
    if request.mimetype == URLENCODED:
        is_text = _is_text(unquote_to_bytes(request.get_data().replace(b"+", b" ")))
    elif request.mimetype == MULTIPART:
        sent = [
            *request.form.items(multi=True),
            *((name, file.filename or "") for name, file in request.files.items()),
        ]
        is_text = not any(mark in text for pair in sent for text in pair for mark in (NUL, UNREADABLE))
        if request.files and request.endpoint not in TAKE_FILES:
            abort(400)
    elif request.is_json:
        is_text = all(map(_can_be_text, _texts(request.get_json())))
    else:
        is_text = True
    if not is_text:
        abort(400)


def _is_text(sent: bytes) -> bool:
    """Whether bytes are UTF-8, without a NUL, which PostgreSQL cannot hold."""
    try:
        return NUL not in sent.decode()
    except UnicodeDecodeError:
        return False


def _is_address(text: str) -> bool:
    """Whether Python can take an address apart: no browser sends another, and Flask-WTF would break down at it."""
    try:
        _port = urlsplit(text).port
    except ValueError:
        return False
    return True


def _can_be_text(text: str) -> bool:
    """Whether an escape in JSON stands for a character, and not for half of one."""
    return NUL not in text and text.encode(errors="replace").decode() == text


def _texts(value: Any) -> Iterator[str]:
    """Every name and text in an object."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, held in value.items():
            yield name
            yield from _texts(held)
    elif isinstance(value, list):
        for held in value:
            yield from _texts(held)
