"""The token of forms looks different in every answer, so that how well a page compresses tells nothing of it.

Whoever can put words into a page and see how long its compressed form is could otherwise guess a secret on it letter by
letter (BREACH, CVE-2013-3587). As in Django: a pad of random bytes, and the token under that pad.
"""

import binascii
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from flask import Flask, g
from flask_wtf import CSRFProtect
from flask_wtf.csrf import generate_csrf

# Flask-WTF has no annotations.
AnyProtection: Any = CSRFProtect


class MaskedTokens(AnyProtection):  # type: ignore[misc]  # Flask-WTF has no annotations
    """Flask-WTF's protection, of which pages and forms see masked tokens only."""

    def init_app(self, app: Flask) -> None:
        """Protect an application, and give its templates the tokens."""
        super().init_app(app)
        app.jinja_env.globals["csrf_token"] = token
        app.context_processor(lambda: {"csrf_token": token})

    def _get_csrf_token(self) -> str | None:
        sent = super()._get_csrf_token()
        return None if sent is None else unmasked(str(sent))


def token() -> str:
    """The token of this session, masked anew in each answer; the same wherever it stands on one."""
    if "masked_csrf_token" not in g:
        g.masked_csrf_token = masked(str(generate_csrf()))
    return str(g.masked_csrf_token)


def masked(plain: str) -> str:
    """A token that looks like no other."""
    content = plain.encode()
    pad = secrets.token_bytes(len(content))
    return urlsafe_b64encode(pad + _under(pad, content)).decode()


def unmasked(sent: str) -> str | None:
    """The token behind what a form has sent; None where it is none."""
    try:
        content = urlsafe_b64decode(sent.encode("ascii"))
        half = len(content) // 2
        return _under(content[:half], content[half:]).decode("ascii") if len(content) == 2 * half else None
    except (ValueError, binascii.Error):
        return None


def _under(pad: bytes, content: bytes) -> bytes:
    # As whole numbers: byte by byte it was a tenth of all that a list calls.
    both = int.from_bytes(pad) ^ int.from_bytes(content)
    return both.to_bytes(len(content))
