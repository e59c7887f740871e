"""What the next page has to say, in the session's cookie: the newest few, as browsers keep no cookie over 4 kB.

Whoever saves again and again without looking at a page, as a program does, would otherwise be signed out by it.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import Flask, message_flashed, session
from flask.sessions import SecureCookieSessionInterface

FLASHED = "_flashes"
# Which form is stored, for the script of pages; and how many messages were left out before the others.
STORED_FORM, LEFT_OUT = "stored-form", "left-out"
# One save says fewer: that it is saved, what has moved, what others changed meanwhile, and its first remarks.
MOST_MESSAGES = 12
# What a browser still keeps of earlier forms that are stored it offers once more.
MOST_FORMS = 24
# Of the 4,096 of a cookie with its name and attributes (RFC 6265, 6.1); the rest of a request may add its own.
MOST_BYTES = 3_500

Message = tuple[str, str]


def install(app: Flask) -> None:
    """Keep the newest few whenever one more is to be said."""
    message_flashed.connect(_keep_few, app)


def _keep_few(app: Flask, **_said: Any) -> None:
    flashed: Sequence[Message] = session[FLASHED]
    before = sum(int(message) for category, message in flashed if category == LEFT_OUT)
    messages = _newest(one for one in flashed if one[0] not in (STORED_FORM, LEFT_OUT))
    forms = _newest(one for one in flashed if one[0] == STORED_FORM)[-MOST_FORMS:]
    kept = messages[-MOST_MESSAGES:]
    while True:
        left_out = before + len(messages) - len(kept)
        session[FLASHED] = [*([(LEFT_OUT, str(left_out))] if left_out else []), *kept, *forms]
        if not (kept or forms) or _length(app) <= MOST_BYTES:
            return
        del (kept or forms)[0]


def _newest(messages: Iterable[Message]) -> list[Message]:
    """Each once, where it was said last."""
    return list(dict.fromkeys(reversed([(category, message) for category, message in messages])))[::-1]


def _length(app: Flask) -> int:
    """How long the cookie is by now, as Flask packs and signs it."""
    cookies = app.session_interface
    assert isinstance(cookies, SecureCookieSessionInterface)
    signer = cookies.get_signing_serializer(app)
    assert signer is not None  # an application has a secret key
    return len(signer.dumps(dict(session)))
