"""The palette opens what was typed, however fast it was."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.cells.test_cell_latency import slow_down
from tests.browser.ways import COMPANIES
from tests.installation import Installation

pytestmark = pytest.mark.browser
OPTION = "#palette [role=option]"


def test_what_is_pasted_and_entered_at_once_opens_no_earlier_answer(
    page: Page, installation: Installation
) -> None:
    installation.sign_in(page)
    page.goto(COMPANIES)
    slow_down(page, 300)
    page.keyboard.press("Control+k")
    page.keyboard.insert_text("戻す用")
    expect(page.locator(OPTION).first).to_contain_text("編集して戻す用：表示のとおり（Excel）")
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("6702")
    expect(page.locator(OPTION).first).to_contain_text("6702")
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("任天堂")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("7974")
    page.wait_for_load_state()
    # Nor what the empty palette offers.
    page.keyboard.press("Control+k")
    page.keyboard.insert_text("企業")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{COMPANIES}")
