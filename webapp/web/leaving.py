"""How answers leave: with headers that say what not to do, compressed, and with tokens of which that tells nothing.

Whoever can put words into a page and see how long its compressed form is could otherwise guess a secret on it letter by
letter (BREACH, CVE-2013-3587). As in Django, the token of forms is masked: a pad of random bytes, and the token under
that pad, so that it looks different in every answer.
"""

import binascii
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from flask import Flask, Response, g, request
from flask_compress import Compress
from flask_wtf import CSRFProtect
from flask_wtf.csrf import generate_csrf

from webapp.web import gate

# OWASP ASVS 5.0, 3.4: script and style from our files only, nothing in frames, no forms to elsewhere.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
TWO_YEARS = 2 * 365 * 24 * 3600
# Answers to whoever comes from elsewhere may hold words that somebody else chose: how long they are tells nothing.
FROM_ELSEWHERE = frozenset({"cross-site", "same-site"})
# Below that a packet is a packet.
SMALLEST = 1000
# Flask-WTF has no annotations.
AnyProtection: Any = CSRFProtect


def install(app: Flask, *, is_production: bool) -> None:
    """Send the headers with every answer, over HTTPS only once somebody came that way, in production; compress pages.

    A file that is exported is not compressed, as its length says that it is whole.
    """
    headers = dict(ALWAYS)
    if is_production:
        headers["Strict-Transport-Security"] = f"max-age={TWO_YEARS}; includeSubDomains"

    compress = _compression(app)

    @app.after_request
    def leave(response: Response) -> Response:
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        if request.endpoint not in gate.OPEN_ENDPOINTS:
            # Pages hold data and names: no cache keeps them, and "back" after signing out shows nothing.
            response.headers["Cache-Control"] = "no-store"
        if request.headers.get("Sec-Fetch-Site") in FROM_ELSEWHERE:
            return response
        compressed: Response = compress.after_request(response)
        return compressed


def _compression(app: Flask) -> Any:
    app.config.update(
        COMPRESS_ALGORITHM=["zstd", "br", "gzip"],
        COMPRESS_MIMETYPES=["text/html", "application/json"],
        COMPRESS_MIN_SIZE=SMALLEST,
        # Of a list of 76 kB that takes 12 ms, zstd makes 8.3 kB in 0.1 ms, brotli 7.8 in 0.5, gzip 9.0 in 0.4.
        COMPRESS_ZSTD_LEVEL=3,
        COMPRESS_BR_LEVEL=4,
        COMPRESS_LEVEL=4,
        COMPRESS_STREAMS=False,
        COMPRESS_REGISTER=False,
    )
    return Compress(app)


# ---- Tokens of forms ----------------------------------------------------------------------------------------


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
