"""A figure that breaks a rule says so beside its field before it is saved, stands in the queue, and is mended there."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.ways import address_of_first_row, of_first_row
from tests.installation import Installation

pytestmark = pytest.mark.browser
FICTIONAL = "/admin/statements/?search=9Y0X"
OF_ASSETS = "[data-field=total_assets] .found"
QUEUE = "/admin/quality/?flt0_rule_is=B2&search=9Y0X"
ENGLISH = "Total assets 63,400 million yen differs from Total liabilities + Net assets"
JAPANESE = "資産合計 63,400 百万円は、負債合計と純資産合計の和"


def type_liabilities(page: Page, text: str) -> None:
    """Type a figure into the statement's form, and leave the field."""
    page.locator("[name=total_liabilities]").fill(text)
    page.locator("[name=current_liabilities]").focus()


def save(page: Page) -> None:
    page.keyboard.press("Control+s")
    expect(page.locator("[data-flash=good]")).to_be_visible()


def test_a_figure_that_breaks_a_rule_is_told_before_it_is_saved_accepted_and_mended(
    page: Page, open_page: OpenPage, installation: Installation
) -> None:
    installation.sign_in(page)
    form = address_of_first_row(FICTIONAL, "/statements/edit/", page)
    page.goto(form)
    sound = page.locator("[name=total_liabilities]").input_value()
    type_liabilities(page, "99,999")
    said = page.locator(OF_ASSETS)
    expect(said).to_contain_text(JAPANESE)
    expect(said.locator("li.review .badge")).to_have_text("要確認")
    expect(page.locator("[name=total_assets]")).to_have_attribute("aria-describedby", "total_assets-found")
    expect(page.locator("[data-found]")).to_contain_text(JAPANESE)
    type_liabilities(page, sound)
    expect(said).to_have_count(0)
    expect(page.locator("[name=total_assets]")).not_to_have_attribute(
        "aria-describedby", "total_assets-found"
    )

    english = open_page(locale="en-US")
    installation.sign_in(english)
    english.goto(form)
    type_liabilities(english, "99,999")
    expect(english.locator(OF_ASSETS)).to_contain_text(ENGLISH)
    # What is grave is another colour and another word.
    english.locator("[name=liabilities_and_net_assets]").fill("1")
    english.locator("[name=net_assets]").focus()
    expect(english.locator(f"{OF_ASSETS} li.blocks .badge")).to_have_text("Grave")
    english.close()

    type_liabilities(page, "99,999")
    save(page)
    of_first_row(QUEUE, "/quality/details/", page)
    queue = page.url
    expect(page.locator("h1")).to_contain_text(JAPANESE)
    page.locator("[name=waived_until]").fill("2099-12-31")
    page.locator("[name=reason]").fill("開示のとおり")
    page.locator("button[value=waive]").click()
    page.goto(QUEUE)
    expect(page.locator("tbody tr").first).to_contain_text("容認")

    page.goto(form)
    type_liabilities(page, sound)
    save(page)
    page.goto(QUEUE)
    expect(page.locator("tbody tr").first).to_contain_text("解消")
    page.goto(queue)
    expect(page.locator("h1")).to_contain_text(JAPANESE)
