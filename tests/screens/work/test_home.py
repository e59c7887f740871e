"""The start page."""

import pytest
from flask import Flask
from sqlalchemy import text

from tests import factories
from tests.house.sources import ROOT
from tests.screens.browsing import Browser, statements
from webapp import db
from webapp.label import Label
from webapp.models.change_set import ChangeSet
from webapp.models.company import Company
from webapp.screens.work import home
from webapp.screens.work.panel import Panel
from webapp.screens.work.panels import PANELS
from webapp.services.accounts import permissions
from webapp.services.changes import applying, approving, proposing
from webapp.services.changes.proposals import Wish

pytestmark = pytest.mark.usefixtures("connection")


def test_it_counts_records_and_shows_what_others_changed(app: Flask) -> None:
    factories.company()
    page = Browser(app).get("/admin/")
    assert page.status_code == 200
    assert "Companies" in page.text
    assert "Companies: Creation" in page.text
    assert "a test" in page.text


def test_a_panel_is_there_by_its_file_and_shown_to_those_who_have_its_right(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {path.stem for path in (ROOT / "webapp" / "screens" / "work" / "panels").glob("[a-z]*.py")}
    assert {panel.name.replace("-", "_") for panel in PANELS} == files
    facts = {"label": Label("札", "Tag"), "part": "today", "place": 1, "template": "home/records.html"}
    tag = Panel(name="tag", right=permissions.RELEASE, read=lambda _reader: {"tiles": []}, **facts)
    monkeypatch.setattr(home, "PANELS", (*PANELS, tag))
    assert 'id="home-tag"' in Browser(app, "admin").get("/admin/").text
    assert 'id="home-tag"' not in Browser(app, "approver").get("/admin/").text


def test_a_panel_with_nothing_to_say_is_left_out(app: Flask) -> None:
    assert 'id="home-own-changes"' not in Browser(app).get("/admin/").text


def test_until_the_first_list_is_imported_it_says_what_to_do_first(app: Flask) -> None:
    steward = Browser(app)
    page = steward.get("/admin/").text
    first, _rest = page.split("<main")[1].split('id="home-waiting"')
    assert 'href="/admin/imports/new/"' in first
    assert "import edinet-codes Edinetcode.zip" in first
    assert "import jpx-list data_j.xls" in first
    assert 'id="home-first-steps"' not in Browser(app, "viewer").get("/admin/").text
    applying.carry_out(
        proposing.propose([Wish(Company, "create", {"name_ja": "新会社"})], factories.intent("import"))
    )
    db.session.commit()
    assert 'id="home-first-steps"' not in steward.get("/admin/").text


def test_what_was_written_past_the_change_sets_is_told(app: Flask) -> None:
    factories.company(edinet_code="E00001")
    db.session.execute(text("UPDATE companies SET name_en = 'from psql'"))
    db.session.execute(
        text(
            "INSERT INTO companies (name_ja, name_ja_folded, listing_status) VALUES ('外', '外', 'unlisted')"
        )
    )
    db.session.commit()
    page = Browser(app).get("/admin/")
    assert "Written past the change sets" in page.text
    assert "Companies: 外" in page.text


def test_without_such_writes_nothing_is_told(app: Flask) -> None:
    factories.company()
    assert "Written past the change sets" not in Browser(app).get("/admin/").text


def test_what_waits_for_a_decision_is_listed(app: Flask) -> None:
    wanted = [Wish(Company, "create", {"name_ja": "待ち"})]
    factories.company()
    approving.submit(proposing.propose(wanted, factories.intent("create")))
    db.session.commit()
    assert "Nothing is waiting." not in Browser(app).get("/admin/").text


def propose(number: int) -> None:
    """Change sets that wait for a decision."""
    facts = {"kind": "edit", "table_name": "companies", "author_name": "a test", "digest": "0" * 64}
    db.session.add_all([ChangeSet(status="proposed", **facts) for _ in range(number)])
    db.session.commit()


@pytest.mark.parametrize(
    ("number", "language", "shown", "said"),
    [(3, "en", "3", "3 waiting"), (99, "ja", "99", "承認待ち 99 件"), (120, "en", "99+", "99+ waiting")],
)
def test_the_menu_counts_what_waits(app: Flask, number: int, language: str, shown: str, said: str) -> None:
    propose(number)
    page = Browser(app, "viewer", language).get("/admin/views/").text
    count = f'<span aria-hidden="true">{shown}</span><span class="sr">{said}</span>'
    assert f'<b class="count">{count}</b>' in page
    entry = page[page.index("/admin/change-sets/") : page.index(count)]
    assert "</a>" not in entry


def test_nothing_is_counted_where_nothing_waits(app: Flask) -> None:
    assert 'class="count"' not in Browser(app).get("/admin/views/").text


def test_the_count_costs_no_page_another_statement(app: Flask) -> None:
    browser = Browser(app)
    with statements() as before:
        browser.get("/admin/companies/")
    propose(1)
    with statements() as seen:
        assert 'class="count"' in browser.get("/admin/companies/").text
    assert len(seen) == len(before)


def test_its_statements_are_bounded(app: Flask) -> None:
    browser = Browser(app)
    with statements() as seen:
        browser.get("/admin/")
    assert len(seen) < 20
    assert all("count" not in one or "LIMIT" in one for one in seen)


def test_the_palette_finds_companies(app: Flask) -> None:
    number = factories.company(ticker_symbol="7974", name_ja="任天堂株式会社", listing_status="listed").id
    browser = Browser(app)
    found = browser.get("/admin/find/", query="任天堂").get_json()
    assert found == [[f"/admin/companies/details/?id={number}", "7974 任天堂株式会社", "Companies"]]
    for query in ("", "  ", "a\x01"):
        assert browser.get("/admin/find/", query=query).get_json() == []
