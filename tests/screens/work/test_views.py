"""The screens of saved views: their address, their menu over a list, and whose they are."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories, people
from tests.screens.browsing import Browser, statements
from webapp import db
from webapp.models.saved_view import SavedView
from webapp.models.user import User
from webapp.services.lists import saved_views

pytestmark = pytest.mark.usefixtures("connection")
VIEWS = "/admin/views/"
SAVE = f"{VIEWS}save/companies/"
QUERY = {"search": "試験", "page_size": "20", "columns": "name_ja,capital_stock", "unit": "million"}


def save(browser: Browser, name: str = "資本金", **more: str) -> int:
    """Save a list of companies; the view's number."""
    answer = browser.post(SAVE, {"name": name, **more}, **QUERY)
    assert answer.status_code == 303, answer.text
    return int(query_of(answer.location)["view"][0])


def stored(number: int) -> tuple[str, bool]:
    """The name of a view, and whether it is shared."""
    db.session.expire_all()
    kept = db.session.get_one(SavedView, number)
    return kept.name, kept.is_shared


def follow(browser: Browser, address: str) -> str:
    return browser.client.get(address, headers={"Accept-Language": browser.language}).text


def query_of(address: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(address).query)


def test_a_list_is_saved_and_its_address_shows_it_again(app: Flask) -> None:
    factories.company()
    browser = Browser(app)
    answer = browser.post(SAVE, {"name": "資本金"}, **QUERY, after="x", page="3", nonsense="1")
    kept = db.session.scalars(select(SavedView)).one()
    assert (kept.screen, kept.name, kept.owner_id) == ("companies", "資本金", browser.user_id)
    number = kept.id
    opened = browser.get(f"{VIEWS}{number}/")
    assert opened.status_code == 302
    assert opened.location == answer.location
    assert urlsplit(opened.location).path == "/admin/companies/"
    asked = query_of(opened.location)
    assert asked.pop("view") == [str(number)]
    assert {name: value for name, (value,) in asked.items()} == QUERY
    page = follow(browser, opened.location)
    assert "資本金" in menu(page)
    assert "changed" not in menu(page)


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"columns": "name_ja,capital_stock"},
        {"columns": "name_ja,capital_stock", "page_size": "20", "order": "-name_ja"},
        {"unit": "million"},
        {"search": "a&b=c 100%", "unit": "thousand", "page_size": "20"},
    ],
)
def test_a_view_that_is_just_opened_is_not_changed_whatever_it_keeps(
    app: Flask, asked: dict[str, str]
) -> None:
    browser = Browser(app)
    answer = browser.post(SAVE, {"name": "just so"}, **asked)
    assert "changed" not in menu(follow(browser, answer.location))
    number = query_of(answer.location)["view"][0]
    assert "Overwrite" not in browser.get(f"{VIEWS}of/companies/", view=number, **asked).text


def test_the_unit_that_only_this_browser_has_chosen_is_kept_too(app: Flask) -> None:
    browser = Browser(app)
    browser.get("/admin/companies/", columns="name_ja,capital_stock", unit="million")
    answer = browser.post(SAVE, {"name": "in millions"}, columns="name_ja,capital_stock")
    assert query_of(answer.location)["unit"] == ["million"]
    other = Browser(app)
    assert "million yen" in other.client.get(answer.location, headers={"Accept-Language": "en"}).text


def test_every_condition_is_kept_with_its_group_and_every_level_of_the_order(app: Flask) -> None:
    asked = {
        "flt0_listing_status_is": "listed",
        "flt1_listing_status_is": "delisted",
        "flt2.a_market_division_is": "PRIME",
        "flt3.a_name_en_is": "a,b & c",
        "order": "-market_division,name_ja",
    }
    browser = Browser(app)
    answer = browser.post(SAVE, {"name": "conditions"}, **asked)
    kept = query_of(answer.location)
    shown = browser.client.get(answer.location, headers={"Accept-Language": "en"}).text
    for value in ("listed", "delisted", "PRIME"):
        assert [value] in kept.values()
    assert kept["order"] == ["-market_division,name_ja"]
    assert len([name for name in kept if name.startswith("flt")]) == len(
        [name for name in query_of("?" + unescape(saved_query(shown))) if name.startswith("flt")]
    )
    assert "changed" not in menu(shown)


def saved_query(page: str) -> str:
    """The query that a list would save now."""
    found = re.search(r'href="/admin/views/save/companies/\?([^"]*)"', page)
    assert found is not None
    return found[1]


def menu(page: str) -> str:
    """What the menu of views says before it is opened."""
    start = page.index("data-content=")
    return page[page.index("<summary", start) : page.index("</summary>", start)]


def test_a_list_that_has_moved_away_from_its_view_says_so(app: Flask) -> None:
    factories.company(name_ja="別の会社")
    browser = Browser(app)
    kept = save(browser)
    page = browser.get("/admin/companies/", search="別", view=kept).text
    assert "資本金" in menu(page)
    assert "changed" in menu(page)
    # Every other address of the list still knows where it came from.
    assert f"view={kept}" in page[page.index("<thead") : page.index("</thead")]


def test_a_place_in_a_list_is_no_change_of_its_view(app: Flask) -> None:
    browser = Browser(app)
    kept = save(browser)
    assert "changed" not in menu(browser.get("/admin/companies/", **QUERY, view=kept, last="1").text)


@pytest.mark.parametrize("number", ["0", "abc", "9" * 30, "-1", "1.0"])
def test_a_view_that_is_none_is_nothing_to_a_list(app: Flask, number: str) -> None:
    page = Browser(app).get("/admin/companies/", view=number)
    assert page.status_code == 200
    assert "Views" in menu(page.text)


def test_a_list_asks_once_more_only_where_its_address_names_a_view(app: Flask) -> None:
    browser = Browser(app)
    kept = save(browser)
    factories.company()
    with statements() as usual:
        browser.get("/admin/companies/")
    with statements() as named:
        browser.get("/admin/companies/", view=kept)
    assert not [one for one in usual if "saved_views" in one]
    assert len(named) == len(usual) + 1


def test_a_view_of_another_screen_or_person_does_not_name_a_list(app: Flask) -> None:
    browser = Browser(app)
    kept = save(browser)
    assert "資本金" not in menu(browser.get("/admin/prices/", view=kept).text)
    assert "資本金" not in menu(Browser(app, "admin").get("/admin/companies/", view=kept).text)


def test_the_menu_shows_own_and_shared_views_of_this_list(app: Flask) -> None:
    owner, other = Browser(app), Browser(app, "viewer")
    save(owner, "mine alone")
    kept = save(owner, "for all", is_shared="1")
    content = other.get(f"{VIEWS}of/companies/", **QUERY, view=kept).text
    assert "for all" in content
    assert owner.user_name in content
    assert "mine alone" not in content
    assert "Overwrite" not in content
    assert "Make it my start page" in content
    assert "mine alone" in owner.get(f"{VIEWS}of/companies/").text
    assert "for all" not in owner.get(f"{VIEWS}of/prices/").text
    with statements() as seen:
        other.get(f"{VIEWS}of/companies/", view=kept)
    assert len(seen) == 1 or all("FROM saved_views" not in one for one in seen[1:])


def test_the_menu_offers_to_overwrite_only_what_has_changed(app: Flask) -> None:
    browser = Browser(app)
    kept = save(browser)
    address = f"{VIEWS}of/companies/"
    assert "Overwrite" not in browser.get(address, **QUERY, view=kept).text
    assert "Overwrite" in browser.get(address, search="別", view=kept).text
    answer = browser.post(f"{VIEWS}{kept}/overwrite/", {}, search="別", after="x")
    assert answer.status_code == 303
    assert query_of(answer.location)["search"] == ["別"]
    assert "after" not in answer.location
    assert "changed" not in menu(follow(browser, answer.location))


def test_what_is_done_in_the_menu_leads_back_to_the_same_list_and_view(app: Flask) -> None:
    browser = Browser(app)
    kept = save(browser)
    content = browser.get(f"{VIEWS}of/companies/", search="別", view=kept).text
    back = re.search(r'name="url" value="([^"]*)"', content)
    assert back is not None
    for part, sent in (("share/", {"is_shared": "1"}), ("start/", {"is_start": "1"})):
        answer = browser.post(f"{VIEWS}{kept}/{part}", {**sent, "url": unescape(back[1])})
        assert answer.location.startswith("/admin/companies/")
        asked = query_of(answer.location)
        assert (asked["search"], asked["view"]) == (["別"], [str(kept)])


def test_a_bad_name_comes_back_with_its_reason_and_what_was_typed(app: Flask) -> None:
    browser = Browser(app)
    save(browser)
    for name, reason in (("", "is needed"), ("資本金", "already a view of yours"), ("a" * 81, "at most 80")):
        answer = browser.post(SAVE, {"name": name, "is_shared": "1"}, **QUERY)
        assert answer.status_code == 422
        assert reason in answer.text
        assert f'value="{name}"' in answer.text
        assert re.search(r'name="is_shared"[^>]*checked', answer.text)
    assert len(db.session.scalars(select(SavedView)).all()) == 1


def test_a_view_can_be_saved_without_script(app: Flask) -> None:
    browser = Browser(app)
    page = browser.get("/admin/companies/", **QUERY).text
    address = re.search(r'href="(/admin/views/save/companies/[^"]*)"', page)
    assert address is not None
    assert "Save the view" in follow(browser, address[1].replace("&amp;", "&"))


def test_a_screen_that_the_reader_may_not_see_has_no_views_for_them(app: Flask) -> None:
    admin, steward = Browser(app, "admin"), Browser(app)
    kept = factories.saved_view(admin.user_id, screen="users", name="people", query="", is_shared=True)
    number = kept.id
    db.session.commit()
    assert admin.get(f"{VIEWS}{number}/").location == f"/admin/users/?view={number}"
    assert steward.get(f"{VIEWS}{number}/").status_code == 404
    assert "people" not in steward.get(VIEWS).text
    for path in (f"{VIEWS}of/users/", f"{VIEWS}save/users/", f"{VIEWS}of/nowhere/"):
        assert steward.get(path).status_code == 404
    assert steward.post(f"{VIEWS}save/users/", {"name": "x"}).status_code == 404
    assert steward.post(f"{VIEWS}{number}/start/", {"is_start": "1"}).status_code == 404
    assert "people" not in steward.get("/admin/find/", query="people").text


@pytest.mark.parametrize("number", ["0", "abc", "9" * 30, "-1", "1.0", "%01"])
def test_an_address_of_no_view_says_so(app: Flask, number: str) -> None:
    browser = Browser(app)
    for part in ("", "edit/"):
        answer = browser.get(f"{VIEWS}{number}/{part}")
        assert answer.status_code == 404
        assert "does not exist" in answer.text
    for part in ("edit/", "overwrite/", "share/", "start/", "delete/"):
        answer = browser.post(f"{VIEWS}{number}/{part}", {"name": "x", "is_start": "1"})
        assert answer.status_code == 404
    assert "does not exist" not in browser.get(VIEWS).text


def test_the_page_of_all_views_shows_own_and_shared_ones(app: Flask) -> None:
    owner, other = Browser(app), Browser(app, "viewer")
    save(owner, "mine alone")
    kept = save(owner, "for all", is_shared="1")
    for browser, seen in ((owner, True), (other, False)):
        page = browser.get(VIEWS).text
        assert "for all" in page
        assert ("mine alone" in page) is seen
        assert (f"{VIEWS}{kept}/edit/" in page) is seen
    # The main menu has it all the same.
    assert "for all" not in owner.get(VIEWS, screen="prices").text.partition("<main")[2]
    assert "for all" in owner.get(VIEWS, screen="no such").text
    assert "まだありません" in Browser(app, language="ja").get(VIEWS, screen="prices").text


def test_a_view_is_renamed_shared_and_made_the_start_page_in_its_form(app: Flask) -> None:
    browser = Browser(app)
    kept = save(browser)
    address = f"{VIEWS}{kept}/edit/"
    assert browser.get(address).status_code == 200
    sent = {"name": "new", "is_shared": "1", "is_start": "1"}
    assert browser.post(address, sent).location == VIEWS
    assert stored(kept) == ("new", True)
    assert browser.get("/").location == f"{VIEWS}{kept}/"
    browser.post(address, {"name": "new"})
    assert stored(kept) == ("new", False)
    assert browser.get("/").location == "/admin/"
    assert browser.post(address, {"name": " "}).status_code == 422


def test_an_administrator_may_unshare_and_delete_what_others_share_but_not_rename_it(app: Flask) -> None:
    owner, admin = Browser(app), Browser(app, "admin")
    number = kept = save(owner, is_shared="1")
    page = admin.get(f"{VIEWS}{number}/edit/").text
    assert 'name="is_shared"' in page
    assert 'id="name"' not in page
    admin.post(f"{VIEWS}{number}/edit/", {"name": "taken over"})
    assert stored(kept) == ("資本金", False)
    assert admin.get(f"{VIEWS}{number}/").status_code == 404
    owner.post(f"{VIEWS}{number}/share/", {"is_shared": "1"})
    assert admin.post(f"{VIEWS}{number}/delete/", {}).location == VIEWS
    assert db.session.scalar(select(SavedView.id)) is None


def test_what_is_somebody_elses_is_refused(app: Flask) -> None:
    kept = save(Browser(app), is_shared="1")
    other = Browser(app, "approver")
    for part in ("edit/", "overwrite/", "delete/", "share/"):
        sent = {"name": "mine", "is_shared": "0"}
        assert other.post(f"{VIEWS}{kept}/{part}", sent).status_code == 403
    assert stored(kept) == ("資本金", True)


def test_a_start_page_comes_after_signing_in_and_at_the_bare_address(app: Flask) -> None:
    browser = Browser(app)
    kept = save(browser, is_start="1")
    address = f"{VIEWS}{kept}/"
    user = db.session.get_one(User, browser.user_id)
    client = app.test_client()
    sent = {"email": user.email, "password": people.PASSWORD, "csrf_token": people.csrf_token(client)}
    assert client.post("/login", data=sent).location == address
    assert client.get("/").location == address
    assert client.get("/login").location == address
    assert client.get("/login?next=/admin/prices/").location == "/admin/prices/"
    assert client.get("/admin/").status_code == 200
    assert 'href="/admin/"' in client.get("/admin/").text


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/%5cevil.example\\"])
def test_nobody_is_sent_to_another_site(app: Flask, target: str) -> None:
    browser = Browser(app)
    kept = save(browser)
    assert browser.post(f"{VIEWS}{kept}/start/", {"is_start": "1", "url": target}).location == VIEWS
    page = browser.get(f"{VIEWS}{kept}/edit/", url=target).text
    assert f'name="url" value="{VIEWS}"' in page
    assert not re.search(r'(href|action)="[^"?]*evil', page)


@pytest.mark.parametrize(
    "query",
    [{"search": "a\x00"}, {"_x": "1"}, {"endpoint": "x"}, {"values": "x"}, {"flt0_company_is": "\x07"}],
)
def test_what_no_list_would_take_is_not_kept(app: Flask, query: dict[str, str]) -> None:
    browser = Browser(app)
    assert browser.post(SAVE, {"name": "x"}, **query).status_code == 400
    assert db.session.scalar(select(SavedView.id)) is None


def test_a_query_that_is_too_long_is_refused_in_words(app: Flask) -> None:
    long = {f"flt{place}_listing_status_is": "listed" for place in range(200)}
    answer = Browser(app).post(SAVE, {"name": "x"}, **long)
    assert answer.status_code in (303, 422)
    assert len(db.session.scalar(select(SavedView.query)) or "") <= 4000


def test_nobody_has_more_than_a_hundred(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved_views, "MOST_OF_A_PERSON", 1)
    browser = Browser(app)
    save(browser)
    answer = browser.post(SAVE, {"name": "one more"})
    assert answer.status_code == 422
    assert "already 1 views" in answer.text


def test_the_palette_finds_views(app: Flask) -> None:
    browser = Browser(app)
    kept = save(browser, "資本金の大きい順")
    assert [f"{VIEWS}{kept}/", "資本金の大きい順", "Saved views · Companies"] in browser.get(
        "/admin/find/", query="資本金"
    ).json
    assert Browser(app).get("/admin/find/", query="資本金").json == []
