"""Refuse requests that no page of ours makes: too large, too many fields, or sent by another site."""

from flask import Flask, abort, request

from webapp.web import guard

MEBIBYTE = 1024 * 1024
LARGEST_UPLOAD = 64 * MEBIBYTE
LARGEST_FORM = 2 * MEBIBYTE
# The widest form has some 150 fields, and a list's page at most a few hundred rows to tick.
MOST_FIELDS = 2000
OURS = frozenset({"", "none", "same-origin"})


def install(app: Flask) -> None:
    """Set the limits of an application; this comes before anything that reads a form."""
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_UPLOAD, MAX_FORM_MEMORY_SIZE=LARGEST_FORM, MAX_FORM_PARTS=MOST_FIELDS
    )
    guard.before_writing(app, check)


def check() -> None:
    """Abort with 413 or 403."""
    if request.headers.get("Sec-Fetch-Site", "") not in OURS:
        abort(403)
    if request.mimetype == "multipart/form-data":
        return  # Werkzeug counts its parts by itself
    request.max_content_length = LARGEST_FORM
    # A body that says its length is refused by it; one that does not, Werkzeug cuts off at the limit.
    if (request.content_length or 0) > LARGEST_FORM:
        abort(413)
    if request.mimetype == "application/x-www-form-urlencoded":
        body = request.get_data()
        if len(body) >= LARGEST_FORM or body.count(b"&") >= MOST_FIELDS:
            abort(413)
