"""Narrowing and sorting as readers do it: facets applied at once, groups by keyboard, several columns by Shift."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import OpenPage
from tests.installation import Installation

pytestmark = pytest.mark.browser

COMPANIES = "/admin/companies/"
WIDE: dict[str, Any] = {"locale": "en-US", "viewport": {"width": 1600, "height": 1000}}
TELEPHONE = {"locale": "en-US", "viewport": {"width": 390, "height": 844}, "has_touch": True}


def asked(page: Page) -> dict[str, list[str]]:
    """The query of the page's address."""
    return parse_qs(urlsplit(page.url).query)


def names(page: Page) -> list[str]:
    return page.locator("tbody a.name").all_inner_texts()


@pytest.mark.parametrize("page", [WIDE], indirect=True)
def test_a_ticked_value_narrows_at_once_and_keeps_the_focus(page: Page, installation: Installation) -> None:
    installation.sign_in(page)
    page.goto(COMPANIES)
    market = page.get_by_role("group", name="Market division")
    expect(market.locator("label", has_text="Standard").locator(".n")).to_have_text("1")
    before = len(names(page))
    market.get_by_label("Standard").focus()
    page.keyboard.press("Space")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(market.get_by_label("Standard")).to_be_focused()
    expect(page.get_by_role("status").filter(has_text="1 record")).to_have_count(1)
    # Its own counts stay as they were; another value adds to it.
    expect(market.locator("label", has_text="Prime").locator(".n")).to_have_text("5")
    market.get_by_label("Prime").check()
    expect(page.locator("tbody tr")).to_have_count(6)
    expect(page.locator(".chips .any")).to_contain_text("Market division: Prime")
    page.locator(".chips").get_by_text("Clear all").click()
    expect(page.locator("tbody tr")).to_have_count(before)


@pytest.mark.parametrize("page", [WIDE], indirect=True)
def test_records_of_a_short_list_are_ticked_by_their_names(page: Page, installation: Installation) -> None:
    installation.sign_in(page)
    page.goto(COMPANIES)
    page.locator("#filters summary", has_text="Industry").click()
    electric = page.get_by_role("group", name="Industry").get_by_label("3650")
    electric.check()
    expect(page.locator(".chips")).to_contain_text("Industry: 3650")
    expect(electric).to_be_checked()
    expect(electric).to_be_focused()
    # What was left by a change of the panel comes back as it was.
    page.go_back()
    expect(page.locator(".chip")).to_have_count(0)
    page.locator("#filters summary", has_text="Industry").click()
    expect(electric).not_to_be_checked()


@pytest.mark.parametrize("page", [WIDE], indirect=True)
def test_a_group_of_alternatives_is_built_by_keyboard(page: Page, installation: Installation) -> None:
    installation.sign_in(page)
    page.goto(COMPANIES)
    expect(page.locator(".facet .n").first).to_be_visible()
    page.get_by_role("button", name="Add a condition: any column").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Condition")).to_be_focused()
    page.keyboard.type("Securities code")
    page.keyboard.press("Tab")
    page.keyboard.type("7974")
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.get_by_label("Value")).to_be_focused()

    page.get_by_role("button", name="Or", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Condition").nth(1)).to_be_focused()
    page.keyboard.type("Market division")
    page.keyboard.press("Tab")
    page.keyboard.type("Standard")
    page.keyboard.press("Tab")
    expect(page.locator("tbody tr")).to_have_count(2)
    expect(page.locator(".chips .any")).to_contain_text("or")

    page.locator(".chip", has_text="Standard").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("button", name="Remove").last.click()
    expect(page.locator(".chip")).to_have_count(0)


@pytest.mark.parametrize("page", [WIDE], indirect=True)
@pytest.mark.parametrize("late", ["questions", "facets"])
def test_a_condition_has_its_focus_again_whatever_comes_last(
    page: Page, installation: Installation, late: str
) -> None:
    installation.sign_in(page)
    page.goto(COMPANIES)
    page.get_by_role("button", name="Add a condition: any column").press("Enter")
    expect(page.get_by_label("Condition")).to_be_focused()
    page.keyboard.type("Securities code")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Value")).to_be_focused()
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    page.route(re.compile(f"/{late}/"), hold)
    page.keyboard.type("7974")
    other = re.compile("/facets/" if late == "questions" else "/questions/")
    with page.expect_response(other):
        page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.wait_for_timeout(50)
    assert waiting
    for route in waiting:
        route.continue_()
    expect(page.get_by_label("Value")).to_be_focused()


@pytest.mark.parametrize("page", [WIDE], indirect=True)
def test_shift_and_a_click_sort_by_one_more_column(page: Page, installation: Installation) -> None:
    installation.sign_in(page)
    page.goto(COMPANIES)
    head = page.locator("thead")
    head.get_by_role("link", name="Market division").click()
    expect(head.locator("[aria-sort=ascending]")).to_contain_text("Market division")
    head.get_by_role("link", name="Name (ja)").click(modifiers=["Shift"])
    expect(head.locator("sup")).to_have_count(2)
    assert asked(page)["order"] == ["market_division,name_ja"]
    head.get_by_role("link", name="Name (ja)").press("Shift+Enter")
    expect(head.locator("th", has_text="Name (ja)").locator("use")).to_have_attribute(
        "href", re.compile("#down")
    )
    assert asked(page)["order"] == ["market_division,-name_ja"]
    shown = names(page)
    # The menu says the same, and goes on from there.
    page.locator("summary", has_text="Sort").click()
    levels = page.locator("select[name=order]")
    expect(levels.nth(1)).to_have_value("name_ja")
    page.locator("[name=down]").nth(1).uncheck()
    page.locator(".sorting").get_by_role("button", name="Apply").click()
    page.wait_for_url("**order=market_division%2Cname_ja")
    assert sorted(names(page)) == sorted(shown)
    assert names(page) != shown


@pytest.mark.parametrize("page", [TELEPHONE], indirect=True)
def test_the_panel_of_a_telephone_comes_back_open(page: Page, installation: Installation) -> None:
    installation.sign_in(page)
    page.goto(COMPANIES)
    page.locator("button.only-narrow[popovertarget=filters]").tap()
    page.get_by_role("group", name="Market division").get_by_label("Standard").tap()
    page.wait_for_url("**flt*")
    expect(page.locator("#filters")).to_be_visible()
    expect(page.get_by_role("group", name="Market division").get_by_label("Standard")).to_be_checked()


def test_without_script_values_are_ticked_groups_are_read_and_levels_are_chosen(
    open_page: OpenPage, installation: Installation
) -> None:
    plain = open_page(**WIDE, java_script_enabled=False)
    installation.sign_in(plain)
    plain.goto(f"{COMPANIES}?flt0.a_ticker_symbol_is=7974&flt1.a_market_division_is=STANDARD&order=-name_ja")
    expect(plain.locator("tbody tr")).to_have_count(2)
    expect(plain.locator("fieldset.any")).to_contain_text("Securities code: 7974")
    plain.get_by_role("group", name="Market division").get_by_label("Prime").check()
    plain.locator("#filters").get_by_role("button", name="Apply").click()
    expect(plain.locator("tbody tr")).to_have_count(1)
    assert asked(plain)["order"] == ["-name_ja"]
    plain.locator(".chip", has_text="Prime").click()
    plain.locator("summary", has_text="Sort").click()
    plain.locator("select[name=order]").nth(1).select_option("market_division")
    plain.locator("[name=down]").nth(1).check()
    plain.locator(".sorting").get_by_role("button", name="Apply").click()
    expect(plain.locator("thead sup")).to_have_count(2)
    assert asked(plain)["down"] == ["1", "2"]
