"""A figure is mended, return on equity moves with it, and its page shows why: in both languages."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.ways import address_of_first_row
from tests.installation import Installation

pytestmark = pytest.mark.browser
FICTIONAL = "/admin/statements/?search=9Y0X"
PROFIT = "[name=profit_attributable_to_owners]"
MOVES = "section[aria-labelledby=moves-title]"


def test_a_mended_figure_moves_return_on_equity_whose_page_shows_why(
    page: Page, open_page: OpenPage, installation: Installation
) -> None:
    installation.sign_in(page)
    page.goto(address_of_first_row(FICTIONAL, "/statements/edit/", page))
    sound = page.locator(PROFIT).input_value()
    page.locator(PROFIT).fill("1,234")
    page.locator("[name=comprehensive_income]").focus()
    # Before it is saved, beside the field.
    expect(page.locator("[data-field=profit_attributable_to_owners] .found")).to_contain_text("財務指標")
    page.keyboard.press("Control+s")
    said = page.locator("[data-flash=info]", has_text="変わった財務指標")
    expect(said).to_contain_text("→")
    page.goto("/admin/change-sets/")
    page.locator("table.grid tbody a[href*='/change-sets/details/']").first.click()
    moved = page.locator(MOVES).get_by_role("link", name="自己資本利益率（ROE）").first
    moved.click()
    expect(page.locator("h1")).to_have_text("自己資本利益率（ROE）")
    expect(page.locator("section[aria-labelledby=formula-title]")).to_contain_text("1,234,000,000 ÷")
    expect(page.locator("svg.chart")).to_be_visible()

    english = open_page(locale="en-US")
    installation.sign_in(english)
    english.goto(page.url)
    expect(english.locator("h1")).to_have_text("Return on equity")
    expect(english.locator("section[aria-labelledby=formula-title]")).to_contain_text("1,234,000,000 ÷")
    english.close()

    page.goto(address_of_first_row(FICTIONAL, "/statements/edit/", page))
    page.locator(PROFIT).fill(sound)
    page.keyboard.press("Control+s")
    expect(page.locator("[data-flash=good]")).to_be_visible()
