"""The gate that every request passes: it gets a number, what it sends has to be text, and its sender needs the right.

Of proxies those are believed that the settings name, and nobody else. What a field checks is more and comes later; what
stands in an address, a cookie, a name beside a field, no field sees. Files lie on disk while a request is answered.
Every route declares a right, and a route that declares none is closed.
"""

import logging
import re
import time
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, TypeVar, cast
from urllib.parse import unquote_to_bytes, urlsplit
from uuid import uuid4

from flask import Flask, Request, Response, abort, current_app, g, request
from flask.typing import ResponseReturnValue
from werkzeug.middleware.proxy_fix import ProxyFix

from webapp import logs
from webapp.services.accounts import permissions
from webapp.web import current_person

View = TypeVar("View", bound=Callable[..., Any])
Answer = Callable[[], ResponseReturnValue]

log = logging.getLogger(__name__)
# One line for each request.
request_log = logging.getLogger("webapp.request")

# The header in which a proxy may number a request, and an answer repeats its number.
NUMBERED = "X-Request-ID"
ACCEPTABLE = re.compile(r"[A-Za-z0-9._-]{8,64}")
# Files without data. The page that asks people to sign in needs them.
OPEN_ENDPOINTS = frozenset({"static", "static_unnamed", "admin.static"})
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
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
    """Number requests, believe so many proxies in front, and check address and headers before anybody reads them."""
    app.request_class = OurRequest
    app.before_request(_begin)
    app.after_request(_end)
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


def install_for_rights(app: Flask, ask_to_sign_in: Answer) -> None:
    """Check the right to what is asked for, before its view runs; what needs a person is answered by the second."""
    app.before_request(lambda: check_right(ask_to_sign_in))


def install_for_bodies(app: Flask) -> None:
    """Check the bodies of those who may send one; this comes before anything that reads a form."""
    before_writing(app, check_body)


def before_writing(app: Flask, check_writing: Callable[[], ResponseReturnValue | None]) -> None:
    """Check requests that would write something, in the order in which this is called; others pass."""
    app.before_request(lambda: None if request.method in SAFE_METHODS else check_writing())


# ---- Numbers, and lines in the log --------------------------------------------------------------------------


def _begin() -> None:
    given = request.headers.get(NUMBERED, "")
    g.request_began = time.perf_counter()
    logs.request_id.set(given if ACCEPTABLE.fullmatch(given) else uuid4().hex)


def _end(response: Response) -> Response:
    response.headers[NUMBERED] = logs.request_id.get()
    began = g.get("request_began")
    # The path only: a query string holds what people searched for.
    request_log.info(
        "request",
        extra={
            "method": request.method,
            "path": request.path,
            "status": response.status_code,
            "ms": round((time.perf_counter() - began) * 1000, 1) if began else None,
        },
    )
    return response


# ---- Where it comes from, and what it sends -----------------------------------------------------------------


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


# ---- Rights ------------------------------------------------------------------------------------------------


def requires(right: str) -> Callable[[View], View]:
    """Declare which right a view function needs."""
    assert right in (permissions.PUBLIC, permissions.SIGNED_IN, *permissions.RIGHTS), right

    def declare(view: View) -> View:
        view.required_right = right  # type: ignore[attr-defined]  # functions take attributes, Callable does not say so
        return view

    return declare


def right_of(endpoint: str) -> str | None:
    """The right that a route declares; None means that nobody may come in.

    A function carries it as `required_right`, a Flask-Admin view in `rights`: name of the function -> right.
    """
    if endpoint in OPEN_ENDPOINTS:
        return permissions.PUBLIC
    view: Any = current_app.view_functions.get(endpoint)
    declared = getattr(view, "required_right", None)
    if declared is None:
        screen = getattr(view, "__self__", None)
        declared = getattr(screen, "rights", {}).get(getattr(view, "__name__", ""))
    return declared if isinstance(declared, str) else None


def check_right(ask_to_sign_in: Answer) -> ResponseReturnValue | None:
    """Let the request pass, or answer it: sign in first, or no."""
    if request.endpoint is None:
        return None  # no such page: Flask says so itself
    right = right_of(request.endpoint)
    if right == permissions.PUBLIC:
        return None
    person = current_person.present()
    if person is None:
        return ask_to_sign_in()
    if right is None or not permissions.allows(person.role, right):
        abort(403)
    return None
