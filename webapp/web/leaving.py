"""How answers leave: with headers that tell the browser what not to do, and pages compressed as placed files are."""

from typing import Any

from flask import Flask, Response, request
from flask_compress import Compress

from webapp.web import guard

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
        if request.endpoint not in guard.OPEN_ENDPOINTS:
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
