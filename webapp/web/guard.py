"""Nobody gets further than their rights: every route declares one, and a route that declares none is closed."""

import re
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, request
from flask.typing import ResponseReturnValue

from webapp.services.accounts import permissions
from webapp.web import current_person, way_back

View = TypeVar("View", bound=Callable[..., Any])
Answer = Callable[[], ResponseReturnValue]

# Files without data. The page that asks people to sign in needs them.
OPEN_ENDPOINTS = frozenset({"static", "static_unnamed", "admin.static"})
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# Browsers drop some control characters and read a backslash as a slash, so that /\host leaves the site.
MISREAD = re.compile(r"[\x00-\x20\x7f-\x9f\\\u2028\u2029]")


def install(app: Flask, ask_to_sign_in: Answer) -> None:
    """Check every request to an application, before its view runs; what needs a person is answered by the second."""
    app.before_request(lambda: check(ask_to_sign_in))


def before_writing(app: Flask, check_writing: Callable[[], ResponseReturnValue | None]) -> None:
    """Check requests that would write something, in the order in which this is called; others pass."""
    app.before_request(lambda: None if request.method in SAFE_METHODS else check_writing())


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


def check(ask_to_sign_in: Answer) -> ResponseReturnValue | None:
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


def safe_next(target: str | None) -> str | None:
    """The target, unpacked where it was long, where it is a path on this site; otherwise None."""
    target = way_back.unpacked(target) if target else None
    if not target or MISREAD.search(target):
        return None
    return target if target.startswith("/") and not target.startswith("//") else None
