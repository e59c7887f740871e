"""What every answer tells the browser not to do."""

from flask import Flask, Response, request

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


def install(app: Flask, *, is_production: bool) -> None:
    """Send the headers with every answer; over HTTPS only once somebody came that way, in production."""
    headers = dict(ALWAYS)
    if is_production:
        headers["Strict-Transport-Security"] = f"max-age={TWO_YEARS}; includeSubDomains"

    @app.after_request
    def add(response: Response) -> Response:
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        if request.endpoint not in guard.OPEN_ENDPOINTS:
            # Pages hold data and names: no cache keeps them, and "back" after signing out shows nothing.
            response.headers["Cache-Control"] = "no-store"
        return response
