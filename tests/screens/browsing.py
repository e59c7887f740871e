"""A browser for the tests of screens: signs in, fills in forms as they were rendered, and counts SQL statements."""

import html
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import event
from werkzeug.test import TestResponse

from tests import people
from webapp import db

INPUT = re.compile(r"<input\b[^>]*>")
TEXTAREA = re.compile(
    r'<textarea\b[^>]*name="(?P<name>[^"]+)"[^>]*>\r?\n?(?P<text>.*?)</textarea>', re.DOTALL
)
SELECT = re.compile(r'<select\b[^>]*name="(?P<name>[^"]+)"[^>]*>(?P<options>.*?)</select>', re.DOTALL)
OPTION = re.compile(r"<option\b[^>]*>")
ATTRIBUTE = re.compile(r'([\w-]+)(?:="([^"]*)")?')
# What somebody asks before a view runs: who is there.
OF_THE_SESSION = "FROM users"


class Browser:
    """Somebody in a role, using the screens."""

    def __init__(self, app: Flask, role: str = "steward", language: str = "en") -> None:
        user = people.user(role)
        self.user_id, self.user_name = user.id, user.name
        self.client = people.signed_in(app, user)
        self.language = language

    def get(self, path: str, **query: Any) -> TestResponse:
        return self.client.get(path, query_string=query, headers={"Accept-Language": self.language})

    def post(self, path: str, data: Mapping[str, Any], **query: Any) -> TestResponse:
        sent = {"csrf_token": people.csrf_token(self.client), **data}
        return self.client.post(
            path, data=sent, query_string=query, headers={"Accept-Language": self.language}
        )

    def form(self, path: str, **query: Any) -> dict[str, str]:
        """The fields of a page's record form, as a browser would send them unchanged."""
        page = self.get(path, **query)
        assert page.status_code == 200, page.status
        return fields(page.text)

    def save(self, path: str, changes: Mapping[str, str], **query: Any) -> TestResponse:
        """Open a form, type these changes, and press Save."""
        return self.post(path, {**self.form(path, **query), **changes}, **query)


def fields(page: str) -> dict[str, str]:
    """The fields of the record form on a page, or of the editor of a cell."""
    start = max(page.find("data-guard"), page.find('<form class="cell"'))
    part = page[start : page.index("</form>", start)]
    found: dict[str, str] = {}
    for tag in INPUT.findall(part):
        attributes = _attributes(tag)
        if "name" in attributes and attributes.get("type") not in ("submit", "button"):
            found[attributes["name"]] = attributes.get("value", "")
    for match in TEXTAREA.finditer(part):
        found[match["name"]] = html.unescape(match["text"]).replace("\n", "\r\n")
    for match in SELECT.finditer(part):
        options = [_attributes(option) for option in OPTION.findall(match["options"])]
        chosen = [option for option in options if "selected" in option] or options[:1]
        found[match["name"]] = chosen[0].get("value", "") if chosen else ""
    return found


def _attributes(tag: str) -> dict[str, str]:
    return {name: html.unescape(value) for name, value in ATTRIBUTE.findall(tag)}


@contextmanager
def statements() -> Iterator[list[str]]:
    """The SQL that the application's session runs meanwhile, without savepoints and who is signed in.

    Nor is the revision of the database among it, which is asked for whenever some seconds have passed.
    """
    seen: list[str] = []
    engine = db.session.get_bind().engine

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not any(part in statement for part in (OF_THE_SESSION, "SAVEPOINT", "alembic_version")):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
