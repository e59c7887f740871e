"""The main menu holds the saved views of whoever looks at it, and asks nothing more for them."""

import re

import pytest
from flask import Flask

from tests.screens.browsing import Browser, statements
from webapp import db
from webapp.services.lists import saved_views
from webapp.services.lists.saved_views import Asker, NewView

pytestmark = pytest.mark.usefixtures("connection")
HOME = "/admin/change-sets/"


def keep(browser: Browser, role: str, screen: str, name: str, *, is_shared: bool = False) -> int:
    number = saved_views.save(Asker(browser.user_id, role), NewView(screen, name, "", is_shared=is_shared)).id
    db.session.commit()
    return int(number)


def in_sidebar(browser: Browser) -> list[str]:
    side = re.search(r'<nav class="side".*?</nav>', browser.get(HOME).text, re.DOTALL)
    assert side is not None
    return re.findall(r'data-view[^>]*title="([^"]*)"', side[0])


def test_ones_own_views_stand_there_first_then_what_others_share(app: Flask) -> None:
    steward, admin = Browser(app), Browser(app, "admin")
    with statements() as before:
        assert in_sidebar(steward) == []
    keep(steward, "steward", "companies", "Own <b>")
    keep(steward, "steward", "companies", "Another of mine")
    keep(admin, "admin", "companies", "A shared one", is_shared=True)
    keep(admin, "admin", "companies", "Nobody else's")
    keep(admin, "admin", "users", "Of a closed list", is_shared=True)
    with statements() as after:
        assert in_sidebar(steward) == ["Another of mine", "Own &lt;b&gt;", "A shared one"]
    assert len(after) == len(before)
    assert "Of a closed list" in in_sidebar(admin)


def test_the_view_that_is_shown_is_marked_in_the_menu(app: Flask) -> None:
    steward = Browser(app)
    number = keep(steward, "steward", "companies", "Mine")
    link = re.compile(r'<a href="/admin/views/\d+/" data-view aria-current="true"')
    assert link.search(steward.get("/admin/companies/", view=number).text)
    assert not link.search(steward.get("/admin/companies/").text)


def test_pages_that_are_no_lists_stand_beside_the_lists_that_they_are_about(app: Flask) -> None:
    page = Browser(app).get(HOME).text
    places = [
        page.index(f'href="/admin/{path}/"') for path in ("coverage", "imports/new", "imports", "views")
    ]
    assert places == sorted(places)
    between = page[places[1] : places[2]]
    assert between.count("<a ") == 1
