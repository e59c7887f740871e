"""Refuse requests that no page of ours makes: too large, too many fields, or sent by another site."""

from flask import Flask, abort, request

from webapp.web import current_person, gate

MEBIBYTE = 1024 * 1024
# A file of 256 MiB with the form around it; without script several files share it.
LARGEST_UPLOAD = 257 * MEBIBYTE
LARGEST_FORM = 2 * MEBIBYTE
# What arrives before a thread reads it (webapp/api/arriving.py): from strangers nothing is read that may be on its way.
LARGEST_OF_STRANGERS = 64 * 1024
# The widest form has some 150 fields, and a list's page at most a few hundred rows to tick.
MOST_FIELDS = 2000
OURS = frozenset({"", "none", "same-origin"})


def install(app: Flask) -> None:
    """Set the limits of an application; this comes before anything that reads a form."""
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_UPLOAD, MAX_FORM_MEMORY_SIZE=LARGEST_FORM, MAX_FORM_PARTS=MOST_FIELDS
    )
    gate.before_writing(app, check)


def check() -> None:
    """Abort with 413, 411 or 403."""
    if request.headers.get("Sec-Fetch-Site", "") not in OURS:
        abort(403)
    if current_person.present() is None:
        _check_strangers_body()
    if request.mimetype == gate.MULTIPART and request.endpoint in gate.TAKE_FILES:
        return  # Werkzeug counts its parts by itself, and puts what is large on disk
    request.max_content_length = min(LARGEST_FORM, request.max_content_length or LARGEST_FORM)
    # A body that says its length is refused by it; one that does not, Werkzeug cuts off at the limit.
    if (request.content_length or 0) > LARGEST_FORM:
        abort(413)
    if request.mimetype == "application/x-www-form-urlencoded":
        body = request.get_data()
        if len(body) >= LARGEST_FORM or body.count(b"&") >= MOST_FIELDS:
            abort(413)


def _check_strangers_body() -> None:
    """Nobody who is not signed in sends more than a form, or without saying how much."""
    if request.headers.get("Transfer-Encoding"):
        abort(411)
    if (request.content_length or 0) > LARGEST_OF_STRANGERS:
        abort(413)
    request.max_content_length = LARGEST_OF_STRANGERS
