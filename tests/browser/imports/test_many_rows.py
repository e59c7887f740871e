"""Many rows edited at once, by keyboard: selected ones, and all that match."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.imports.keys import press
from tests.browser.ways import UNDO
from tests.installation import Installation

pytestmark = pytest.mark.browser
PRICES = "/admin/prices/"


@pytest.fixture(autouse=True)
def signed_in(page: Page, installation: Installation) -> None:
    installation.sign_in(page)


def undo(page: Page) -> None:
    """Take back what was just written."""
    press(page.locator(UNDO))
    expect(page.locator("[data-flash=good]")).to_contain_text("元に戻しました")


def test_a_field_is_set_on_20_selected_rows_and_on_all_that_match_and_taken_back(page: Page) -> None:
    page.goto(f"{PRICES}?columns=traded_on,data_source")
    for _row in range(20):
        page.keyboard.press("j")
        page.keyboard.press("x")
    expect(page.locator("[data-bulk-count]")).to_have_text("20 件を選択中")
    edit_data_source(page, page.locator("[data-bulk-bar] [name=bulk-rows]"), "20 件が変わります。")
    expect(page.locator("[data-flash=good]")).to_be_visible()
    expect(page.locator("tbody td", has_text="ブラウザの試験")).to_have_count(20)
    undo(page)
    page.goto(f"{PRICES}?columns=traded_on,data_source")
    page.keyboard.press("j")
    page.keyboard.press("x")
    edit_data_source(page, page.locator("[data-bulk-bar] a"), re.compile(r"[0-9]{3} 件が変わります。"))
    expect(page.locator("tbody td", has_text="ブラウザの試験")).to_have_count(50)
    undo(page)


def edit_data_source(page: Page, way: Locator, counted: Any) -> None:
    """From a list through the preview of another source to the list with it."""
    press(way)
    page.locator("[name=bulk-field][value=data_source]").press("Space")
    press(page.locator("[name=bulk-step][value=choose]"))
    page.locator("[name=data_source]").press_sequentially("ブラウザの試験")
    page.locator("[name=data_source]").press("Enter")
    expect(page.locator("#preview [role=status]")).to_contain_text(counted)
    expect(page.locator("#preview tbody tr").first).to_contain_text("ブラウザの試験")
    page.locator("[name=change_reason]").press_sequentially("試験")
    press(page.locator("[name=bulk-step][value=write]"))
