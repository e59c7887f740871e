"""The release page: what administrators see of the database and of the next release, and that it changes nothing."""

import json
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import IntegrityError

from migrations.release_step.verbs import doctor
from tests import people
from tests.schemas import RECORD, SHOW, WRITE, go_ahead, go_back
from tests.screens.browsing import Browser
from webapp import db
from webapp.app import create_app
from webapp.services import releasing
from webapp.settings import Settings

PAGE = "/admin/release/"
# The revision that creates the table of prices.
PRICES = "d4c2f5c28e54"


@pytest.fixture(autouse=True)
def nothing_seen() -> Iterator[None]:
    releasing.forget()
    yield
    releasing.forget()


@pytest.fixture(scope="module")
def released(
    app: Flask, engine: Engine, migrated_database: Callable[[], URL]
) -> Iterator[tuple[Flask, Engine]]:
    """The application on a released database of this file's own, in which tests may commit."""
    url = migrated_database()
    made = create_app(Settings(url, "x" * 32, "local", ("localhost",)))
    made.testing = True
    own = db.session.get_bind().engine
    db.bind(engine)
    yield made, own
    own.dispose()


@pytest.fixture
def own_database(released: tuple[Flask, Engine], engine: Engine) -> Iterator[tuple[Flask, Engine]]:
    """The same for one test, after which the release's own notes are as they were."""
    app, own = released
    with own.connect() as connection:
        notes = connection.scalar(SHOW)
    db.bind(own)
    yield app, own
    db.bind(engine)
    with own.begin() as connection:
        connection.execute(RECORD, {"revision": releasing.shipped().wanted})
        connection.exec_driver_sql(connection.scalar(WRITE, {"ledger": notes}) or "")


def run(own: Engine, *statements: str) -> None:
    """Statements of somebody with other tools, each committed."""
    with own.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def test_it_shows_the_server_the_revision_and_how_long_each_took(app: Flask, connection: Connection) -> None:
    page = Browser(app, "admin").get(PAGE)
    assert page.status_code == 200
    assert page.text.count(f"<code>{releasing.shipped().wanted}</code>") == 2
    assert connection.scalar(text("SELECT current_setting('server_version')")) in page.text
    assert "create expected statements." in page.text  # one of the last fifty
    assert f"-&gt; {releasing.shipped().wanted}\n" in page.text  # its SQL, whatever it does
    assert "None: the release step would have nothing to do." in page.text
    assert "All are valid." in page.text
    for applied in json.loads(connection.scalar(SHOW) or "")["applied"][-50:]:
        assert f'<td class="num">{applied["seconds"]:,.2f}</td>' in page.text


def test_it_is_for_administrators_only(app: Flask, connection: Connection) -> None:
    for role in ("viewer", "steward", "approver"):
        browser = Browser(app, role)
        assert browser.get(PAGE).status_code == 403
        assert PAGE not in browser.get("/admin/").text
    assert PAGE in Browser(app, "admin").get("/admin/").text


def test_it_is_for_reading_only(app: Flask, connection: Connection) -> None:
    browser = Browser(app, "admin")
    assert browser.post(PAGE, {}).status_code == 405


def test_it_speaks_japanese(app: Flask, connection: Connection) -> None:
    page = Browser(app, "admin", "ja").get(PAGE, check="1").text
    assert "データベースはモデルの宣言どおりです。" in page
    assert "未適用のリビジョン" in page


def test_pending_revisions_stand_there_with_their_sql_and_locks(own_database: tuple[Flask, Engine]) -> None:
    app, own = own_database
    with own.begin() as connection:
        older = go_back_before(connection, PRICES)
    page = Browser(app, "admin").get(PAGE).text
    assert f"The database is at {older}, this code needs {releasing.shipped().wanted}." in page
    pending = page[page.index("pending-title") : page.index("way-title")]
    assert releasing.shipped().wanted in pending
    assert "CREATE TABLE stock_prices" in pending
    assert "SHARE ROW EXCLUSIVE</span> <code>companies</code>" in pending
    assert "CREATE TABLE stock_prices" not in page[page.index("way-title") :]


def go_back_before(connection: Connection, revision: str) -> str:
    """Record the revision before this one."""
    applied = [str(one["revision"]) for one in json.loads(connection.scalar(SHOW) or "")["applied"]]
    older = applied[applied.index(revision) - 1]
    connection.execute(RECORD, {"revision": older})
    return older


def test_differences_are_looked_for_on_demand(own_database: tuple[Flask, Engine]) -> None:
    app, own = own_database
    browser = Browser(app, "admin")
    run(
        own,
        "CREATE INDEX made_by_hand ON companies (website_url)",
        "ALTER TABLE industries ADD COLUMN extra text",
        "COMMENT ON TABLE companies IS '<b>bold</b>'",
    )
    try:
        assert "made_by_hand" not in browser.get(PAGE).text
        page = browser.get(PAGE, check="1").text
    finally:
        run(
            own,
            "DROP INDEX made_by_hand",
            "ALTER TABLE industries DROP extra",
            "COMMENT ON TABLE companies IS NULL",
        )
    assert "3 differences" in page
    for said in ("index made_by_hand is not declared", "industries.extra", "relation companies"):
        assert said in page
    assert "<b>bold</b>" not in page
    with own.connect() as connection:
        schemas = "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'declared%'"
        assert connection.scalar(text(schemas)) == 0


def test_a_role_that_may_not_compare_is_told_so(own_database: tuple[Flask, Engine]) -> None:
    app, own = own_database
    role, database = own.url.username, own.url.database
    run(own, f'REVOKE CREATE ON DATABASE "{database}" FROM "{role}"')
    try:
        page = Browser(app, "admin").get(PAGE, check="1")
    finally:
        run(own, f'GRANT CREATE ON DATABASE "{database}" TO "{role}"')
    with own.connect() as connection:
        is_superuser = connection.scalar(text("SELECT current_setting('is_superuser') = 'on'"))
    assert page.status_code == 200
    # Nothing can be taken from a superuser, as whom a server of the caller's may be reached: then it is compared.
    assert (f"Role {role} may not create a schema" in page.text) is not is_superuser


def test_an_invalid_index_is_named(own_database: tuple[Flask, Engine]) -> None:
    app, own = own_database
    run(own, *(f"INSERT INTO industries VALUES ('000{n}', 'a', 'a', '1', 'a', 'a')" for n in (1, 2)))
    try:
        with pytest.raises(IntegrityError):
            run(own, "CREATE UNIQUE INDEX CONCURRENTLY half_built ON industries (name_ja)")
        page = Browser(app, "admin").get(PAGE).text
    finally:
        run(own, "DROP INDEX IF EXISTS half_built", "DELETE FROM industries")
    assert "Invalid indexes</span> <code>half_built</code>" in page


def test_a_long_transaction_is_shown_with_who_and_how_long(
    own_database: tuple[Flask, Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    app, own = own_database
    monkeypatch.setattr(doctor.long_transactions, "__defaults__", (0.0,))
    browser = Browser(app, "admin")
    reader = db.make_engine(own.url, application_name="month end report")
    with reader.connect() as connection:
        pid = connection.scalar(text("SELECT pg_backend_pid()"))
        page = browser.get(PAGE).text
    reader.dispose()
    row = page[page.index(f'<td class="num">{pid}</td>') :].split("</tr>")[0]
    assert "0:00:0" in row
    assert "idle in transaction" in row
    assert "month end report" in row


def test_a_database_that_this_code_does_not_know_has_a_page_too(own_database: tuple[Flask, Engine]) -> None:
    app, own = own_database
    with own.begin() as connection:
        connection.execute(RECORD, {"revision": "fedcba987654"})
    page = Browser(app, "admin").get(PAGE)
    assert page.status_code == 200
    assert "fedcba987654, which this code does not know" in page.text
    assert "MIG-STATE-02" in page.text


def test_after_a_newer_release_older_code_says_that_it_is_ahead(own_database: tuple[Flask, Engine]) -> None:
    app, own = own_database
    with own.begin() as connection:
        go_ahead(connection, "fedcba987654")
    page = Browser(app, "admin").get(PAGE)
    assert page.status_code == 200
    assert ">ahead</span>" in page.text
    assert "Nothing can be saved" not in page.text


@pytest.mark.parametrize("comment", ["", "not a ledger", "[]", '{"applied": []}'])
def test_a_database_without_notes_has_a_page_too(own_database: tuple[Flask, Engine], comment: str) -> None:
    app, own = own_database
    with own.begin() as connection:
        connection.exec_driver_sql(connection.scalar(WRITE, {"ledger": comment}) or "")
    page = Browser(app, "admin").get(PAGE)
    assert page.status_code == 200
    assert "The release step has noted nothing" in page.text


def test_the_page_holds_no_address_and_no_password(app: Flask, connection: Connection) -> None:
    go_back(connection)
    page = Browser(app, "admin").get(PAGE, check="1").text
    assert "postgresql" not in page.lower().replace(">postgresql<", "")
    assert people.PASSWORD not in page
