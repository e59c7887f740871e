"""A steward's first day: sign in, find Nintendo three ways, correct its English name, see what was changed."""

import pytest
from playwright.sync_api import Page, expect

from tests.installation import Installation

pytestmark = pytest.mark.browser


def search(page: Page, words: str) -> None:
    page.goto("/admin/companies/")
    page.locator("input#search").fill(words)
    page.locator("input#search").press("Enter")
    page.wait_for_url("**search=**")


def test_a_steward_finds_nintendo_corrects_it_and_sees_the_change_set(
    page: Page, installation: Installation
) -> None:
    installation.sign_in(page)
    for words in ("任天堂", "7974", "nintendo", "ﾆﾝﾃﾝﾄﾞｳ"):
        search(page, words)
        rows = page.locator("tbody tr")
        expect(rows).to_have_count(1)
        expect(rows.first).to_contain_text("任天堂株式会社")

    page.locator("tbody tr a[href*='/edit/']").first.click()
    name = page.locator("input[name=name_en]")
    before = name.input_value()
    assert before == "Nintendo Co., Ltd."
    name.fill("Nintendo Company, Limited")
    page.locator("[name=change_reason]").fill("as in the annual report")
    page.locator("form[method=post] button[type=submit]:visible", has_text="保存").first.click()
    expect(page.locator("body")).to_contain_text("Nintendo Company, Limited")

    page.goto("/admin/change-sets/")
    page.locator("tbody tr a[href*='/details/']").first.click()
    main = page.locator("main")
    for words in (
        "任天堂株式会社",
        before,
        "Nintendo Company, Limited",
        "as in the annual report",
        "英文商号",
    ):
        expect(main).to_contain_text(words)
