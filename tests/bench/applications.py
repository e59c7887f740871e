"""The two applications in this process: ours with somebody signed in, and stock Flask-Admin over the same tables."""

import logging
import logging.config
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from tests import people
from tests.bench import stock
from tests.bench.place import for_sqlalchemy
from webapp import db, logs
from webapp.app import create_app
from webapp.models.user import User
from webapp.screens.record import registry
from webapp.services.accounts import accounts
from webapp.services.accounts.accounts import NewUser
from webapp.settings import Settings

ADMINISTRATOR = "bench@example.co.jp"


class PageFailed(Exception):
    """A page that was to be measured is not what it should be."""


@dataclass(frozen=True)
class Browser:
    """Somebody who reads one of the applications."""

    client: FlaskClient

    def get(self, path: str, accepts: str = "") -> bytes:
        """A page's HTML, in one of the encodings that are accepted; raises PageFailed unless it is one."""
        answer = self.client.get(path, headers={"Accept-Encoding": accepts})
        if answer.status_code != 200:
            raise PageFailed(f"{path} answers {answer.status_code}.")
        return answer.get_data()

    def post(self, path: str, fields: dict[str, str]) -> None:
        """Send a form; raises PageFailed unless it was taken."""
        answer = self.client.post(path, data=fields)
        if answer.status_code not in (302, 303):
            raise PageFailed(f"{path} does not take the form: it answers {answer.status_code}.")


@dataclass(frozen=True)
class Applications:
    """Ours and the stock one, and the database below both."""

    url: str
    ours: Browser
    stock: Browser

    @cached_property
    def views(self) -> dict[type[db.Base], Any]:
        """Our screens by their model."""
        views: dict[type[db.Base], Any] = self.ours.client.application.extensions[registry.EXTENSION]
        return views

    def statements_of(self, path: str) -> list[str]:
        """The SQL of our page, without the look-up of who asks."""
        with listening() as heard:
            self.ours.get(path)
        return without_sign_in(heard)


def ours(url: str) -> Browser:
    """Our application with an administrator signed in, for whom pages hold most; the account is made when missing."""
    app = create_app(
        Settings(
            database_url=for_sqlalchemy(url),
            secret_key="bench" * 8,
            environment="local",
            trusted_hosts=("localhost",),
        )
    )
    _log_as_in_production()
    with app.app_context():
        if accounts.by_email(ADMINISTRATOR) is None:
            with db.transaction():
                accounts.add_user(NewUser(ADMINISTRATOR, "admin", people.PASSWORD))
        user: User = accounts.find(ADMINISTRATOR)
        return Browser(people.signed_in(app, user))


def both(url: str) -> Applications:
    """Both applications over one database."""
    mine = ours(url)
    return Applications(url, mine, Browser(stock.create_app(url).test_client()))


@contextmanager
def listening() -> Iterator[list[str]]:
    """The SQL statements that our application sends meanwhile."""
    heard: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        heard.append(statement)

    engine = db.session.get_bind()
    assert isinstance(engine, Engine)
    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        event.remove(engine, "before_cursor_execute", hear)


def without_sign_in(heard: list[str]) -> list[str]:
    """These statements without those that find out who asks."""
    return [statement for statement in heard if "session_version" not in statement.partition("WHERE")[2]]


def _log_as_in_production() -> None:
    """A line for every request is written, because that costs something too; people see what failed alone."""
    settings = logs.settings(is_production=True)
    # Kept open for as long as anything may log: until the process ends.
    # Open for as long as the process: the log goes nowhere.
    settings["handlers"]["stderr"]["stream"] = open(os.devnull, "w")  # noqa: SIM115
    logging.config.dictConfig(settings)
    failures = logging.StreamHandler()
    failures.setLevel(logging.ERROR)
    logging.getLogger().addHandler(failures)
