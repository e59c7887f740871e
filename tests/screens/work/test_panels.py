"""The panels of Home: what they tell, whom, and when they are silent."""

import re
import time
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from tests import factories, people
from tests.screens.browsing import Browser
from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.company import Company
from webapp.models.user import User
from webapp.services import releasing
from webapp.services.changes import applying, proposing
from webapp.services.changes.proposals import Author, Intent, Wish
from webapp.web.current_person import LAST_VISIT_AT

pytestmark = pytest.mark.usefixtures("connection")

JST = timezone(timedelta(hours=9))
NOW = datetime.now(UTC).replace(microsecond=0)


def change_set(**facts: Any) -> ChangeSet:
    usual = {
        "kind": "edit",
        "table_name": "companies",
        "author_name": "a colleague",
        "digest": "0" * 64,
        "status": "applied",
        "applied_at": NOW,
    }
    stored = ChangeSet(**(usual | facts))
    db.session.add(stored)
    db.session.commit()
    return stored


def panel(page: str, name: str) -> str:
    """The part of the page that is this panel; empty where it is not shown."""
    match = re.search(rf'<section [^>]*"home-{name}">.*?</section>', page, re.DOTALL)
    return match[0] if match else ""


class TestFirstSteps:
    """An installation without a list."""

    @pytest.mark.parametrize("language", ["ja", "en"])
    def test_it_leads_to_the_page_and_names_the_command_that_import_the_list_of_edinet(
        self, app: Flask, language: str
    ) -> None:
        change_set(kind="seed", author_name="seed")
        page = Browser(app, "admin", language).get("/admin/").text
        steps = panel(page, "first-steps")
        assert "stockcode import edinet-codes Edinetcode.zip" in steps
        assert 'href="https://disclosure2dl.edinet-fsa.go.jp/' in steps
        assert 'href="/admin/imports/new/"' in steps
        assert "/admin/users/new/" in steps
        assert page.index("home-first-steps") < page.index("home-waiting")
        assert panel(page, "since-last-visit").count("<li>") == 0

    def test_a_steward_imports_and_adds_nobody(self, app: Flask) -> None:
        steps = panel(Browser(app).get("/admin/").text, "first-steps")
        assert "stockcode import edinet-codes" in steps
        assert "/admin/users/new/" not in steps

    def test_a_viewer_is_not_told_to_import(self, app: Flask) -> None:
        assert panel(Browser(app, "viewer").get("/admin/").text, "first-steps") == ""

    def test_it_is_gone_once_a_list_is_written_and_not_while_it_waits(self, app: Flask) -> None:
        browser = Browser(app)
        number = change_set(kind="import", status="proposed", applied_at=None).id
        assert panel(browser.get("/admin/").text, "first-steps")
        waiting = db.session.get_one(ChangeSet, number)
        waiting.status, waiting.applied_at = "applied", NOW
        db.session.commit()
        assert panel(browser.get("/admin/").text, "first-steps") == ""


class TestSinceLastVisit:
    """What others changed meanwhile."""

    def visit(self, app: Flask, last: datetime | None) -> str:
        browser = Browser(app)
        change_set(author_name="before it", applied_at=NOW - timedelta(days=3))
        change_set(author_name="after it", applied_at=NOW - timedelta(days=1))
        change_set(author_name="the reader", author_id=browser.user_id)
        change_set(author_name="starter data", kind="seed")
        change_set(author_name="nobody yet", status="proposed", applied_at=None)
        if last is not None:
            with browser.client.session_transaction() as session:
                session[LAST_VISIT_AT] = int(last.timestamp())
        return panel(browser.get("/admin/").text, "since-last-visit")

    def test_it_tells_what_others_wrote_since(self, app: Flask) -> None:
        told = self.visit(app, NOW - timedelta(days=2))
        assert "after it" in told
        for silent in ("before it", "the reader", "starter data", "nobody yet"):
            assert silent not in told
        day = (NOW - timedelta(days=2)).astimezone(JST).date().isoformat()
        assert "since 20" in told
        assert f"flt0_applied_at_from={day}" in told

    def test_a_sitting_that_began_before_and_went_on_since_is_told_with_its_last_moment(
        self, app: Flask
    ) -> None:
        began, went_on = NOW - timedelta(hours=3), NOW - timedelta(hours=1)
        first = change_set(author_name="cell by cell", applied_at=began, sitting_size=2).id
        change_set(author_name="cell by cell", applied_at=went_on, sitting_id=first)
        told = self.visit(app, NOW - timedelta(hours=2))
        assert told.count("cell by cell") == 1
        assert f"#{first} " in told
        assert f"{went_on.astimezone(JST):%Y-%m-%d %H:%M}" in told

    def test_on_a_first_visit_it_tells_the_latest(self, app: Flask) -> None:
        told = self.visit(app, None)
        assert told.index("after it") < told.index("before it")
        assert "since 20" not in told

    def test_signing_in_keeps_when_that_was_the_time_before(self, app: Flask) -> None:
        user = people.user(last_signed_in_at=NOW - timedelta(days=5))
        number, email = user.id, user.email
        client = app.test_client()
        data = {"email": email, "password": people.PASSWORD, "csrf_token": people.csrf_token(client)}
        assert client.post("/login", data=data).status_code == 303
        with client.session_transaction() as session:
            assert session[LAST_VISIT_AT] == int((NOW - timedelta(days=5)).timestamp())
        stored = db.session.get_one(User, number, populate_existing=True)
        assert stored.last_signed_in_at is not None
        assert stored.last_signed_in_at.timestamp() > time.time() - 60


class TestOwnChanges:
    """What the reader changed last."""

    def test_they_are_the_readers_own_and_the_latest_first(self, app: Flask) -> None:
        browser = Browser(app)
        numbers = [change_set(author_id=browser.user_id, author_name=browser.user_name).id for _ in range(7)]
        change_set(author_name="somebody else")
        told = panel(browser.get("/admin/").text, "own-changes")
        shown = [int(number) for number in re.findall(r">#(\d+) ", told)]
        assert shown == numbers[:1:-1]
        assert "somebody else" not in told

    def test_a_sitting_that_went_on_comes_before_what_was_saved_meanwhile(self, app: Flask) -> None:
        browser = Browser(app)
        own = {"author_id": browser.user_id, "author_name": browser.user_name}
        first = change_set(**own, applied_at=NOW - timedelta(minutes=20), sitting_size=2).id
        form = change_set(**own, applied_at=NOW - timedelta(minutes=10)).id
        change_set(**own, sitting_id=first)
        told = panel(browser.get("/admin/").text, "own-changes")
        assert [int(number) for number in re.findall(r">#(\d+) ", told)] == [first, form]

    def test_a_change_set_is_called_by_its_record_and_fields(self, app: Flask) -> None:
        browser = Browser(app, language="ja")
        row = factories.company(name_ja="名のある社")
        wish = Wish(Company, "update", {"name_en": "After"}, (row.id,), row.version)
        author = Author(browser.user_name, browser.user_id, "steward")
        applying.carry_out(proposing.propose([wish], Intent("edit", author)))
        db.session.commit()
        told = panel(browser.get("/admin/").text, "own-changes")
        assert "名のある社 英文商号</a>" in told
        assert "企業：編集" in told

    def test_a_viewer_changes_nothing(self, app: Flask) -> None:
        assert panel(Browser(app, "viewer").get("/admin/").text, "own-changes") == ""


class TestRelease:
    """Where the database stands."""

    def test_an_administrator_sees_it(self, app: Flask) -> None:
        told = panel(Browser(app, "admin").get("/admin/").text, "release")
        assert "as needed" in told
        assert releasing.shipped().wanted in told
        assert 'href="/admin/release/"' in told

    def test_nobody_else_does(self, app: Flask) -> None:
        assert panel(Browser(app, "approver").get("/admin/").text, "release") == ""

    def test_where_nothing_can_be_saved_it_says_what_has_to_run(self, app: Flask) -> None:
        db.session.execute(text("UPDATE alembic_version SET version_num = '20200101_0000'"))
        db.session.commit()
        releasing.forget()
        try:
            told = panel(Browser(app, "admin").get("/admin/").text, "release")
        finally:
            releasing.forget()
        assert "run_migrations.py upgrade" in told


def test_the_oldest_that_wait_are_shown_and_the_rest_is_one_click_away(app: Flask) -> None:
    numbers = [change_set(status="proposed", applied_at=None).id for _ in range(12)]
    told = panel(Browser(app).get("/admin/").text, "waiting")
    assert [int(number) for number in re.findall(r">#(\d+) ", told)] == numbers[:10]
    assert "flt0_status_is=proposed" in told


class TestStaleIndicators:
    """Indicators that do not follow what is stored."""

    def test_they_are_told_while_a_row_written_outside_is_newer(self, app: Flask) -> None:
        factories.statement(total_assets=5)
        db.session.commit()
        browser = Browser(app)
        assert not panel(browser.get("/admin/").text, "stale-indicators")
        db.session.execute(text("UPDATE financial_indicators SET computed_at = now() - interval '1 hour'"))
        db.session.execute(text("SET LOCAL app.change_set_id = ''"))
        db.session.execute(text("UPDATE financial_statements SET total_assets = 6"))
        db.session.commit()
        told = panel(browser.get("/admin/").text, "stale-indicators")
        assert "Indicators of 1 statement do not follow" in told
        assert "stockcode recalculate" in told

    def test_a_large_change_is_told_until_the_job_has_followed_it(self, app: Flask) -> None:
        lately = datetime.now(UTC)
        change_set(table_name="financial_statements", counts={"updated": 501}, applied_at=lately)
        assert "A large change has just been written" in panel(
            Browser(app).get("/admin/").text, "stale-indicators"
        )
