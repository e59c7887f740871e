"""A click is heeded wherever it is made, with a real mouse that presses before it releases."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.ways import COMPANIES, menu, open_panel
from tests.installation import Installation

pytestmark = pytest.mark.browser
# A person's finger is that long on the button.
PRESS = 120


@pytest.fixture(autouse=True)
def signed_in(page: Page, installation: Installation) -> None:
    installation.sign_in(page)


def press(page: Page, what: Locator) -> None:
    """Press and release a button of the mouse over the middle of an element, as slowly as people do."""
    what.scroll_into_view_if_needed()
    box = what.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.wait_for_timeout(PRESS)
    page.mouse.up()


def test_the_words_of_a_box_in_a_menu_tick_it_and_leave_the_menu_open(page: Page) -> None:
    for form in ("columns", "sorting"):
        menu(COMPANIES, f":has(.{form})", "input", page)
        value = page.locator(f"form.{form} [type=checkbox]:not(:checked)").first.get_attribute("value")
        press(page, page.locator(f"form.{form} label").filter(has=page.locator(f"[value='{value}']")))
        expect(page.locator(f"form.{form} [type=checkbox][value='{value}']")).to_be_checked()
        expect(page.locator(f"details[open] form.{form}")).to_be_visible()
        page.mouse.click(5, 300)
        expect(page.locator("main details.menu[open]")).to_have_count(0)


def test_text_marked_in_a_menu_or_dialog_out_of_its_edge_leaves_it_open(page: Page) -> None:
    menu(COMPANIES, "[data-content]", "[data-views]", page)
    box = page.locator("#view-name").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(700, 600)
    page.mouse.up()
    expect(page.locator("#view-name")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    box = page.locator("#palette input").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 50, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(20, 700)
    page.mouse.up()
    expect(page.locator("#palette")).to_be_visible()
    page.mouse.click(20, 700)
    expect(page.locator("#palette")).not_to_be_visible()


def test_a_click_that_ends_typing_in_the_panel_is_not_lost_to_it(page: Page) -> None:
    page.goto(COMPANIES)
    open_panel(page)
    part = page.locator("#filters details:has(.ops input[type=text])").first
    if part.get_attribute("open") is None:
        part.locator("summary").click()
    typed = part.locator(".ops input[type=text]").first
    typed.press_sequentially("7")
    press(page, page.locator("tbody tr a.name").first)
    page.wait_for_url("**/companies/details/**")
    page.goto(COMPANIES)
    open_panel(page)
    if part.get_attribute("open") is None:
        part.locator("summary").click()
    typed.press_sequentially("7")
    tick = page.locator("#filters .facet label").first
    name = tick.locator("input").get_attribute("name") or ""
    press(page, tick.locator("span").first)
    page.wait_for_url(re.compile(re.escape(name.split("_", 1)[1])))
    assert "=7" in page.url
