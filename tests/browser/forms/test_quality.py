"""The queue of findings in a browser: by keyboard from a sentence into its field, and to a decision on all of them."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.installation import Installation

pytestmark = pytest.mark.browser
QUALITY = "/admin/quality/?flt0_table_name_is=financial_statements"


def test_a_finding_leads_into_its_field_and_all_that_the_list_finds_to_one_decision(
    page: Page, installation: Installation
) -> None:
    installation.sign_in(page)
    page.goto(QUALITY)
    way = page.locator("tbody a[href*='/edit/?id=']").first
    field = re.sub(r".*#", "", way.get_attribute("href") or "")
    way.focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"#{field}")).to_be_focused()
    expect(page.locator(f"#{field}")).to_be_in_viewport()
    page.goto(QUALITY)
    page.keyboard.press("j")
    page.keyboard.press("x")
    all_of_them = page.locator("[data-bulk-bar] a[href*='/quality/all/']")
    number = page.locator("tbody tr").count()
    all_of_them.focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text(str(number))
    expect(page.locator("[name=reason_of_list] option")).to_have_count(7)
    expect(page.locator("[name=seen]")).to_have_value(re.compile("^[0-9a-f]{64}$"))
