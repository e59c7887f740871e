"""A list as it is worked with: rows walked, chosen, looked at and deleted, by keyboard, by mouse and without script."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.ways import COMPANIES
from tests.installation import Installation

pytestmark = pytest.mark.browser
WITHOUT_SCRIPT = {"java_script_enabled": False, "viewport": {"width": 1600, "height": 900}}


@pytest.fixture(autouse=True)
def signed_in(page: Page, installation: Installation) -> None:
    installation.sign_in(page)


def test_rows_are_walked_chosen_and_opened_by_keyboard(page: Page) -> None:
    page.goto(COMPANIES)
    for key in "jjkx":
        page.keyboard.press(key)
    rows = page.locator("tbody tr")
    expect(rows.first.locator("[name=rowid]")).to_be_checked()
    expect(page.locator("[data-bulk-count]")).to_have_text("1 件を選択中")
    second = rows.nth(1).locator("[name=rowid]").get_attribute("value")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/details/\?id={second}\b"))


def test_a_shortcut_key_is_only_a_letter_while_somebody_types(page: Page) -> None:
    page.goto(COMPANIES)
    page.keyboard.press("/")
    page.keyboard.type("jx?e")
    expect(page.locator("#search")).to_have_value("jx?e")
    expect(page).to_have_url(re.compile(f"{COMPANIES}$"))
    expect(page.locator("tbody [name=rowid]:checked")).to_have_count(0)


def test_selected_rows_are_asked_about_before_they_are_deleted(page: Page) -> None:
    page.goto(COMPANIES)
    page.locator("[name=rowid]").nth(0).check()
    page.locator("[name=rowid]").nth(2).click(modifiers=["Shift"])
    expect(page.locator("[data-bulk-count]")).to_have_text("3 件を選択中")
    page.locator(".bulk button[value=delete]").click()
    expect(page.locator("h1")).to_contain_text("3 件")
    expect(page.locator("form input[name=confirmed]")).to_have_count(1)


def test_what_to_do_with_selected_rows_never_covers_the_head_of_the_table(page: Page) -> None:
    page.goto(COMPANIES)
    bar, head = page.locator("[data-bulk-bar]"), page.locator("[data-all]")
    rows = page.locator("[name=rowid]")
    head.check()
    rows.last.uncheck()
    for width, is_below in ((1280, False), (940, True), (1280, False)):
        page.set_viewport_size({"width": width, "height": 800})
        expect(bar).to_have_class("bulk over below" if is_below else "bulk over")
        head.click(trial=True, timeout=5000)
        over, table = bar.bounding_box(), page.locator(".wrap").bounding_box()
        assert over is not None
        assert table is not None
        assert (over["y"] >= table["y"] + table["height"] - 1) is is_below
        rows.last.click(trial=True, timeout=5000)


def test_a_filter_keeps_what_was_searched_and_its_chip_takes_it_away_alone(page: Page) -> None:
    page.goto(f"{COMPANIES}?search=株式会社")
    page.locator("[data-toggles=filters]").click()
    page.get_by_role("group", name="市場区分").get_by_label("スタンダード").check()
    chip = page.locator(".chip", has_text="スタンダード")
    expect(chip).to_be_visible()
    assert "flt" in page.url
    assert "search=" in page.url
    chip.click()
    expect(chip).to_have_count(0)
    assert "flt" not in page.url
    expect(page.locator("#search")).to_have_value("株式会社")


def test_a_row_is_looked_at_beside_its_list(page: Page) -> None:
    page.goto(f"{COMPANIES}?search=7974")
    page.keyboard.press("j")
    page.keyboard.press("p")
    expect(page.locator("#peek")).to_contain_text("任天堂株式会社")
    page.keyboard.press("Escape")
    expect(page.locator("#peek")).to_be_hidden()
    expect(page).to_have_url(re.compile("search=7974"))


def test_without_script_a_selected_row_is_deleted(page: Page, open_page: OpenPage) -> None:
    page.goto(f"{COMPANIES}new/")
    page.locator("[name=name_ja]").fill("台本なし削除株式会社")
    page.keyboard.press("Control+s")
    expect(page.locator("[data-flash=good]")).to_be_visible()
    plain = open_page(**WITHOUT_SCRIPT, storage_state=page.context.storage_state())
    plain.goto(f"{COMPANIES}?search=台本なし削除")
    expect(plain.locator("tbody tr")).to_have_count(1)
    plain.locator("[name=rowid]").first.check()
    plain.locator(".bulk button[value=delete]").click()
    plain.get_by_role("button", name="削除", exact=True).click()
    expect(plain.locator("[data-flash=good]").first).to_be_visible()
    plain.goto(f"{COMPANIES}?search=台本なし削除")
    expect(plain.locator("tbody tr")).to_have_count(0)


@pytest.mark.parametrize("page", [{"viewport": {"width": 1440, "height": 900}}], indirect=True)
def test_at_1440_pixels_no_name_pushes_a_column_out_and_digits_stand_under_their_head(page: Page) -> None:
    page.goto(
        f"{COMPANIES}?columns=ticker_symbol,name_ja,listing_status,market_division,industry,capital_stock"
    )
    name = page.locator("tbody .name").first
    name.evaluate("name => { name.textContent = 'ＦＵＬＬ　ＷＩＤＴＨ　ＨＯＬＤＩＮＧＳ　'.repeat(4) }")
    room = "box => box.scrollWidth - box.clientWidth"
    assert page.locator(".wrap").evaluate(room) <= 0
    label = page.locator("thead th.num a").evaluate(
        "link => { const range = document.createRange(); range.selectNodeContents(link);"
        " return range.getBoundingClientRect().right }"
    )
    digits = page.locator("tbody td.num", has_text=re.compile("[0-9]")).first.evaluate(
        "cell => { const range = document.createRange(); range.selectNodeContents(cell);"
        " return range.getBoundingClientRect().right }"
    )
    assert abs(label - digits) < 2
    page.goto(COMPANIES)
    assert page.locator(".wrap").evaluate(room) <= 0
    # Of statements in yen the figures are in view, of change sets who made them, when and why.
    for path, name in (("statements", "資産合計|Total assets"), ("change-sets", "理由|Reason")):
        page.goto(f"/admin/{path}/")
        head = page.locator("thead th", has_text=re.compile(name))
        right = "box => box.getBoundingClientRect().right"
        assert head.evaluate(right) <= page.locator(".wrap").evaluate(right), name
