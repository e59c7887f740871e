"""Whoever types faster than the server answers loses no key to it, and no key becomes another command."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_cell_keys import EDITOR, LIST, cell, field
from tests.installation import Installation

pytestmark = pytest.mark.browser
# What the next desk has, and what a train has.
LATENCIES = (80, 300)


@pytest.fixture(autouse=True)
def signed_in(page: Page, installation: Installation) -> None:
    installation.sign_in(page)


def slow_down(page: Page, milliseconds: int) -> None:
    """Let every answer take so much longer from now on."""
    conditions = {"offline": False, "latency": milliseconds, "downloadThroughput": -1, "uploadThroughput": -1}
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", conditions)


def press(page: Page, *keys: str) -> None:
    """Keys by their names, and text between them, without a pause."""
    for one in keys:
        if one in ("Tab", "Enter", "Escape", "ArrowDown", "F2", "Control+a", "Control+s"):
            page.keyboard.press(one)
        else:
            page.keyboard.type(one)


def expect_nothing_else_done(page: Page) -> None:
    """No letter became a command to the list: nothing chosen, no other page, no drawer."""
    assert LIST in page.url
    expect(page.locator("tbody [name=rowid]:checked")).to_have_count(0)
    expect(page.locator("dialog[open]")).to_have_count(0)


@pytest.mark.parametrize("latency", LATENCIES)
def test_what_is_typed_before_its_cell_is_there_stands_in_it(page: Page, latency: int) -> None:
    page.goto(f"{LIST}&search=9Y0X")
    row = page.locator("tbody tr").first
    stock = cell(page, 2).inner_text()
    slow_down(page, latency)
    # The first cell, whose script has yet to come; then two more, one of which is passed.
    press(page, f"i{latency}株式会社", "Tab", f"Example & Co., Ltd. {latency}", "Tab", "Tab")
    expect(cell(page, 0)).to_have_text(f"{latency}株式会社", timeout=15_000)
    expect(cell(page, 1)).to_have_text(f"Example & Co., Ltd. {latency}")
    expect(cell(page, 2)).to_have_text(stock)
    expect_nothing_else_done(page)
    expect(page.locator(EDITOR)).to_have_count(0)
    expect(row.locator("td:focus")).to_have_count(1)
    page.reload()
    expect(cell(page, 1)).to_have_text(f"Example & Co., Ltd. {latency}")


def test_keys_that_are_pressed_while_a_cell_is_saved_wait_for_it(page: Page) -> None:
    page.goto(f"{LIST}&order=edinet_code")
    slow_down(page, 300)
    names = [cell(page, 1, row).inner_text() for row in range(3)]
    # Enter leads to the cell below, where i begins; Escape gives it up, and the arrow leads further down.
    press(page, "i", "Tab", "Xample Inc.", "Enter", "ixpen", "Escape", "ArrowDown", "F2", "Kept Inc.")
    expect(cell(page, 1)).to_have_text("Xample Inc.", timeout=15_000)
    expect(field(page, "name_en")).to_have_value("Kept Inc.", timeout=15_000)
    expect(cell(page, 1, 2).locator(EDITOR)).to_have_count(1)
    expect(cell(page, 1, 1)).to_have_text(names[1])
    expect_nothing_else_done(page)
    page.keyboard.press("Escape")
    expect(cell(page, 1, 2)).to_have_text(names[2])
    page.keyboard.press("u")
    expect(page.locator("[data-flash=good]")).to_be_visible()
    expect(cell(page, 1)).to_have_text(names[0])


def test_text_for_the_next_cell_waits_while_the_one_before_is_refused(
    page: Page, complaints: list[str]
) -> None:
    page.goto(f"{LIST}&search=9Y1X")
    slow_down(page, 80)
    page.keyboard.press("i")
    expect(field(page, "name_ja")).to_be_focused()
    page.keyboard.press("Control+a")
    press(page, " ", "Tab", "Held")
    expect(page.locator(f"{EDITOR} [role=alert]")).not_to_be_empty()
    expect(field(page, "name_ja")).to_be_focused()
    page.keyboard.type("待つ株式会社")
    page.keyboard.press("Tab")
    expect(field(page, "name_en")).to_have_value("Held")
    page.keyboard.press("Escape")
    assert [one for one in complaints if "422" not in one] == []
    complaints.clear()


def test_whoever_clicks_elsewhere_while_a_cell_is_on_its_way_stays_there(page: Page) -> None:
    page.goto(LIST)
    slow_down(page, 300)
    page.keyboard.press("i")
    page.locator("#search").click()
    page.keyboard.type("jx")
    page.wait_for_timeout(900)
    expect(page.locator("#search")).to_have_value("jx")
    expect(page.locator("#search")).to_be_focused()
    expect(page.locator(EDITOR)).to_have_count(0)


def test_a_conversion_that_is_under_way_is_carried_into_its_cell(page: Page) -> None:
    page.goto(f"{LIST}&search=9Y1X")
    session = page.context.new_cdp_session(page)
    slow_down(page, 300)
    page.keyboard.press("i")
    session.send("Input.imeSetComposition", {"text": "にほん", "selectionStart": 3, "selectionEnd": 3})
    page.wait_for_timeout(900)
    expect(page.locator(EDITOR)).to_have_count(0)
    session.send("Input.insertText", {"text": "日本"})
    expect(field(page, "name_ja")).to_have_value("日本")
    page.keyboard.press("Escape")


def test_arrows_lead_from_cell_to_cell_and_a_key_begins_where_one_is(page: Page) -> None:
    page.goto(LIST)
    page.keyboard.press("j")
    for key in ("ArrowRight", "ArrowDown", "ArrowDown", "ArrowUp", "ArrowRight", "ArrowLeft"):
        page.keyboard.press(key)
    expect(cell(page, 1, 1)).to_be_focused()
    for key in ("i", "F2", "Enter"):
        page.keyboard.press(key)
        expect(field(page, "name_en")).to_be_focused()
        expect(cell(page, 1, 1).locator(EDITOR)).to_have_count(1)
        page.keyboard.press("Escape")
        expect(cell(page, 1, 1)).to_be_focused()
    # A click is a place, too.
    cell(page, 2, 3).click()
    expect(page.locator("#peek")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("i")
    expect(cell(page, 2, 3).locator(EDITOR)).to_have_count(1)
    page.keyboard.press("Escape")
