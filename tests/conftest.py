"""One PostgreSQL for the run, one migrated database per worker, one rolled-back transaction per test."""

import functools
import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Playwright, sync_playwright
from sqlalchemy import Connection, Engine
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from tests import bundles, people
from tests.chromium import Chromium, program
from tests.databases import (
    Databases,
    Sweeping,
    inside,
    mark_places_shortly,
    place,
    plan_anew_for_many,
    taken_back,
)
from webapp import db
from webapp.app import create_app
from webapp.cli import embedded
from webapp.settings import Settings

# What a test's report says of the browser, and what a campaign has to tell, whichever process it ran in.
BROWSER, TOLD = "browser", "told"
# Garbage that waits takes some megabytes, and looking for it every 700 objects a fortieth of the time.
SELDOM = (20_000, 20, 20)
OF_THE_CALLER = (
    "DATABASE_URL",
    "SECRET_KEY",
    "APP_ENV",
    "TRUSTED_HOSTS",
    "SESSION_HOURS",
    "BEHIND_PROXIES",
    "WORKER_GRACE",
)


class TestServer:
    """The server of this run: the one at TEST_DATABASE_URL, or an embedded one that starts when first asked for."""

    __test__ = False

    def __init__(self) -> None:
        self._embedded: embedded.Server | None = None
        self._home: Path | None = None

    def url(self) -> str:
        if given := os.environ.get("TEST_DATABASE_URL"):
            return given
        if self._embedded is None:
            self._home = place()
            self._embedded = embedded.start(self._home / "postgres", is_throwaway=True)
        return self._embedded.admin_url

    def stop(self) -> None:
        if self._embedded is not None:
            self._embedded.stop()
        if self._home is not None:
            shutil.rmtree(self._home)


server = TestServer()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """What the caller has set for an installation of theirs is nothing to the tests."""
    for name in OF_THE_CALLER:
        os.environ.pop(name, None)
    config.add_cleanup(server.stop)
    if config.option.basetemp is None:
        # Not the folder that every run of this user shares: each run closes that one to PostgreSQL's account.
        folder = tempfile.mkdtemp(prefix="stockcode-pytest-")
        config.option.basetemp = folder
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """With several workers the first process keeps the server, and tells each worker where it is."""
    node.workerinput["server_url"] = server.url()


def pytest_collection() -> None:
    """Nothing that is collected is garbage: looking for some again and again would take a fifth of the time."""
    gc.disable()


def pytest_collection_finish() -> None:
    """What stays for the whole run is never looked through again."""
    gc.collect()
    gc.freeze()
    gc.enable()
    gc.set_threshold(*SELDOM)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Whatever takes long begins first: no worker is to be left with it when all others have nothing to do.

    What real files alone reach is not covered, since they may be absent; tracing would double the time they take.
    """
    items.sort(key=lambda item: item.get_closest_marker("long") is None)
    if config.pluginmanager.hasplugin("_cov"):
        for item in items:
            if item.get_closest_marker("real_data") is not None:
                item.add_marker(pytest.mark.no_cover)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """What a browser is to load must be what the sources say."""
    if "browser" in getattr(item, "fixturenames", ()) and (sentence := bundles.outdated()):
        pytest.fail(sentence, pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In continuous integration a test that is left out has failed; only the real files may be absent there."""
    report = yield
    is_left_out = report.skipped and not hasattr(report, "wasxfail")
    if is_left_out and os.environ.get("CI") == "true" and item.get_closest_marker("real_data") is None:
        report.outcome = "failed"
        report.longrepr = f"Left out although CI=true: {report.longrepr}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which tests found that the browser had to be started anew, and what long campaigns have counted."""
    is_campaign = bool({"REQUESTS", "FILES", "REVISIONS"} & set(os.environ))
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, said in getattr(report, "user_properties", ()):
                if name == BROWSER and report.when == "teardown":
                    terminalreporter.write_line(f"{report.nodeid}: {said}", yellow=True)
                if name == TOLD and report.when == "call" and is_campaign:
                    terminalreporter.write_line(f"{report.nodeid}: {said}")


@pytest.fixture(scope="session", autouse=True)
def cheap_hashes() -> Iterator[None]:
    """The tests' passwords guard nothing, so hashing them in this process is to take no time."""
    with people.hashing_by(people.CHEAP):
        yield


@pytest.fixture
def real_hashes() -> Iterator[None]:
    """For tests of how passwords are kept: they are hashed as in production."""
    with people.hashing_by(people.REAL):
        yield


@pytest.fixture(scope="session")
def server_url(request: pytest.FixtureRequest) -> str:
    """Where a role that may create databases and roles reaches the server (libpq's form, any database)."""
    given = getattr(request.config, "workerinput", {}).get("server_url")
    return str(given or server.url())


@pytest.fixture(scope="session")
def databases(server_url: str) -> Iterator[Databases]:
    """Those of this worker; they are gone at the end of the run."""
    databases = Databases(server_url)
    yield databases
    databases.drop_all()


@pytest.fixture(scope="session")
def new_database(databases: Databases) -> Callable[[], URL]:
    """Makes empty databases."""
    return databases.create


@pytest.fixture(scope="session")
def migrated_database(databases: Databases) -> Callable[[], URL]:
    """Makes databases at the newest revision: copies of one that the release step has brought there."""
    template = functools.cache(databases.migrated)
    return lambda: databases.create(template())


@pytest.fixture(scope="session")
def database_url(migrated_database: Callable[[], URL]) -> URL:
    """This worker's database, at the newest revision."""
    url = migrated_database()
    people.SHARED.add(url.database)
    return url


@pytest.fixture(scope="session")
def engine(database_url: URL) -> Iterator[Engine]:
    """Connections to this worker's database. What a test commits through it stays: prefer `connection`."""
    # Every screen's statements, and those of the tests: of SQLAlchemy's 500 most would be compiled again and again.
    engine = db.make_engine(database_url, application_name="test", query_cache_size=5000)
    mark_places_shortly(engine)
    plan_anew_for_many(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def sweeping(engine: Engine) -> Sweeping:
    return Sweeping(engine)


@pytest.fixture(scope="module")
def swept(sweeping: Sweeping) -> Iterator[None]:
    """What a file of tests has written and rolled back is not left to the next one."""
    yield
    sweeping.sweep()


@pytest.fixture
def connection(request: pytest.FixtureRequest, engine: Engine, swept: None) -> Iterator[Connection]:
    """A transaction around the test that is rolled back; the application's own session works inside it."""
    if "app" in request.fixturenames:
        request.getfixturevalue("app")  # creating it binds the session, so it comes before ours does
    with taken_back(engine) as connection, inside(connection, engine):
        yield connection


@pytest.fixture
def session(connection: Connection) -> Iterator[Session]:
    """The test's own session inside that transaction; a request's end does not close it."""
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        yield session


@pytest.fixture(scope="session")
def app(database_url: URL) -> Flask:
    settings = Settings(
        database_url=database_url,
        secret_key=uuid4().hex,
        environment="local",
        trusted_hosts=("localhost", "127.0.0.1"),
    )
    application = create_app(settings)
    application.testing = True
    return application


@pytest.fixture
def client(app: Flask, connection: Connection) -> FlaskClient:
    """Somebody who has not signed in, inside the test's transaction."""
    return app.test_client()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """One for all: a second one of Playwright's loops in a process is refused."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Chromium]:
    """This worker's browser."""
    path = program()
    if path is None:
        pytest.skip("no Chromium here: apt-get install chromium")
    chromium = Chromium(playwright, path)
    yield chromium
    chromium.stop()
