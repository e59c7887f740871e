"""Views that are saved, shared and begun with; colours that go with a person from browser to browser."""

import itertools
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.test_keyboard import tab_to
from tests.browser.ways import COMPANIES
from tests.installation import Installation

pytestmark = pytest.mark.browser
MENU = "details[data-content] > summary"
ASKED = "?search=電機&order=-name_ja&columns=ticker_symbol,name_ja,capital_stock&unit=million"
GROUND = "getComputedStyle(document.body).backgroundColor"
NEW_USER = "/admin/users/new/"
DARK = "rgb(15, 19, 24)"
_numbers = itertools.count(1)

Visit = Callable[..., Page]


@pytest.fixture
def visit(open_page: OpenPage) -> Visit:
    """Opens a page in a browser of its own, as a person does who comes to another desk."""

    def come(somebody: Installation | None, **options: Any) -> Page:
        page = open_page(**options)
        if somebody is not None:
            somebody.sign_in_anew(page)
        return page

    return come


@pytest.fixture
def newcomer(installation: Installation, open_page: OpenPage) -> Callable[[str], Installation]:
    """Makes somebody whom no other test knows."""
    page = open_page()
    installation.sign_in(page)
    administrators = page.request

    def welcome(role: str) -> Installation:
        somebody = Installation(
            installation.address, f"{role}-{next(_numbers)}@views.example", "a password of theirs"
        )
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', administrators.get(NEW_USER).text())
        assert token is not None
        person = {
            "email": somebody.email,
            "name": f"試験 {role}",
            "role": role,
            "password": somebody.password,
        }
        form = person | {"csrf_token": token[1], "is_active": "1"}
        answer = administrators.post(NEW_USER, form=form, max_redirects=0)
        assert answer.status == 302, answer.text()
        return somebody

    return welcome


def open_menu(page: Page) -> None:
    tab_to(page, MENU)
    page.keyboard.press("Enter")
    expect(page.locator("#view-name")).to_be_visible()


def test_a_view_is_saved_and_shared_by_keyboard_and_another_person_begins_with_it(
    visit: Visit, newcomer: Callable[[str], Installation]
) -> None:
    first, second = newcomer("steward"), newcomer("viewer")
    name = "電機の資本金"
    page = visit(first)
    page.goto(f"{COMPANIES}{ASKED}")
    page.keyboard.press("v")
    expect(page.locator("#view-name")).to_be_visible()
    tab_to(page, "#view-name")
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    page.wait_for_url("**view=*")
    expect(page.locator(MENU)).to_contain_text(name)
    open_menu(page)
    tab_to(page, ".views button[name=is_shared]")
    page.keyboard.press("Enter")
    expect(page.locator("[data-flash=good]")).to_be_visible()
    expect(page.locator(MENU)).to_contain_text(name)

    other = visit(second)
    other.keyboard.press("Control+k")
    other.keyboard.type(name)
    expect(other.locator("#palette [role=option]").first).to_contain_text(name)
    other.keyboard.press("Enter")
    other.wait_for_url("**view=*")
    expect(other.locator(MENU)).to_contain_text(name)
    expect(other.locator("thead th")).to_have_count(3)
    expect(other.locator("thead")).to_contain_text("百万円")
    open_menu(other)
    expect(other.locator(".views button[name=is_shared]")).to_have_count(0)
    tab_to(other, ".views button[name=is_start]")
    other.keyboard.press("Enter")
    expect(other.locator("[data-flash=good]")).to_be_visible()

    fresh = visit(None)
    fresh.goto("/")
    fresh.locator("#email").fill(second.email)
    fresh.locator("#password").fill(second.password)
    fresh.keyboard.press("Enter")
    fresh.wait_for_url("**view=*")
    expect(fresh.locator(MENU)).to_contain_text(name)
    expect(fresh.locator("#search")).to_have_value("電機")
    fresh.goto("/admin/")
    expect(fresh.locator("h1")).to_have_text("ホーム")


def test_a_list_that_moved_away_from_its_view_is_kept_in_its_place(
    visit: Visit, newcomer: Callable[[str], Installation]
) -> None:
    page = visit(newcomer("viewer"))
    page.goto(f"{COMPANIES}{ASKED}")
    page.locator(MENU).click()
    page.locator("#view-name").fill("動くビュー")
    page.keyboard.press("Enter")
    page.wait_for_url("**view=*")
    page.locator("#search").fill("株式会社")
    page.keyboard.press("Enter")
    expect(page.locator(f"{MENU} .badge")).to_have_text("変更あり")
    page.locator(MENU).click()
    page.locator(".views form[action*=overwrite] button").click()
    expect(page.locator("[data-flash=good]")).to_be_visible()
    expect(page.locator(f"{MENU} .badge")).to_have_count(0)
    expect(page.locator("#search")).to_have_value("株式会社")


def test_a_menu_that_cannot_be_fetched_says_so_and_tries_again(
    visit: Visit, newcomer: Callable[[str], Installation]
) -> None:
    page = visit(newcomer("viewer"))
    page.goto(COMPANIES)
    page.route("**/admin/views/of/**", lambda route: route.abort())
    page.locator(MENU).click()
    expect(page.locator(".views [role=alert]")).to_be_visible()
    expect(page.locator(".views a[href$='?screen=companies']")).to_be_visible()
    page.unroute("**/admin/views/of/**")
    page.locator(MENU).click()
    page.locator(MENU).click()
    expect(page.locator("#view-name")).to_be_visible()
    expect(page.locator(".views [role=alert]")).to_have_count(0)


def test_colours_and_row_height_go_with_a_person_to_a_fresh_browser(
    visit: Visit, newcomer: Callable[[str], Installation]
) -> None:
    somebody = newcomer("viewer")
    page = visit(somebody, color_scheme="light")
    for setting, value in (("theme", "dark"), ("density", "compact")):
        page.locator(".who summary").click()
        with page.expect_response("**/account/settings") as answer:
            page.locator(f".who button[name={setting}][value={value}]").click()
        assert answer.value.status == 204
        page.keyboard.press("Escape")
    assert page.evaluate(GROUND) == DARK

    fresh = visit(None, color_scheme="light")
    fresh.goto("/login")
    assert fresh.evaluate(GROUND) != DARK
    somebody.sign_in_anew(fresh)
    answered = fresh.goto(COMPANIES)
    assert answered is not None
    start = re.search(r"<html[^>]*>", answered.text())
    assert start is not None
    assert 'data-theme="dark"' in start[0]  # with the first byte, so that nothing flashes
    assert 'data-density="compact"' in start[0]
    assert fresh.evaluate(GROUND) == DARK
    fresh.locator(".who summary").click()
    expect(fresh.locator(".who button[name=theme][value=dark]")).to_have_attribute("aria-pressed", "true")
    fresh.locator("[data-signs-out] button").click()
    fresh.wait_for_url("**/login")
    assert fresh.evaluate(GROUND) == DARK


def test_a_choice_that_cannot_be_kept_holds_on_the_page_and_says_so(
    visit: Visit, newcomer: Callable[[str], Installation]
) -> None:
    page = visit(newcomer("viewer"), color_scheme="light")
    page.context.clear_cookies(name="session")
    page.locator(".who summary").click()
    page.locator(".who button[name=theme][value=dark]").click()
    expect(page.locator(".who [role=status]")).to_contain_text("このページ")
    assert page.evaluate(GROUND) == DARK


def test_without_script_colours_are_chosen_and_views_saved(
    visit: Visit, newcomer: Callable[[str], Installation]
) -> None:
    page = visit(newcomer("viewer"), java_script_enabled=False, color_scheme="light")
    page.goto(f"{COMPANIES}{ASKED}")
    page.locator(".who summary").click()
    page.locator(".who button[name=theme][value=dark]").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("#search")).to_have_value("電機")
    page.locator(MENU).click()
    page.locator(".views a[href*=save]").click()
    page.locator("#name").fill("台本なし")
    page.locator("main button.go").click()
    page.wait_for_url("**view=*")
    expect(page.locator(MENU)).to_contain_text("台本なし")


def test_a_password_is_shown_on_wish_and_sent_as_one(
    visit: Visit, newcomer: Callable[[str], Installation]
) -> None:
    somebody = newcomer("viewer")
    page = visit(somebody)
    page.locator(".who summary").click()
    page.locator(".who a[href*=password]").click()
    page.locator("#present").fill(somebody.password)
    page.locator("#new").fill("another password of theirs")
    page.locator("[data-reveals=new]").click()
    expect(page.locator("#new")).to_have_attribute("type", "text")
    expect(page.locator("#present")).to_have_attribute("type", "password")
    page.locator("main button.go").click()
    expect(page.locator("[data-flash=good]")).to_be_visible()
    Installation(somebody.address, somebody.email, "another password of theirs").sign_in_anew(visit(None))
