"""The pages as a reader meets them in Chromium, with script and without."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.chromium import Chromium

pytestmark = pytest.mark.browser
LIST, EDIT = "/admin/companies/", "/admin/companies/edit/?id=1"
PAGES = (
    "/admin/",
    LIST,
    f"{LIST}?flt01_1=1&search=任&sort=1",
    f"{LIST}?search=zzz",
    "/admin/companies/new/",
    EDIT,
    f"{EDIT}&conflict=1",
    "/admin/companies/details/?id=1",
    "/admin/companies/delete-confirm/?id=1",
    "/admin/sets/",
    "/login",
    "/error",
)
NARROW = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


CONTEXTS = [{}, NARROW, {"locale": "en"}, {"color_scheme": "dark"}]
NAMELESS = """() => [...document.querySelectorAll('a, button, summary, input:not([type=hidden]), select, textarea')]
    .filter((at) => at.checkVisibility())
    .filter((at) => !(at.labels?.length || at.ariaLabel || at.textContent.trim() || at.title))
    .map((at) => at.outerHTML)"""


@pytest.mark.parametrize("page", CONTEXTS, indirect=True)
def test_pages_keep_to_the_policy_and_to_their_width_and_name_their_controls(page: Page) -> None:
    for path in PAGES:
        page.goto(path)
        assert page.locator("h1").count() == 1, path
        assert page.locator("main").count() == 1, path
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
        assert page.evaluate(NAMELESS) == [], path


@pytest.mark.parametrize("language", ["ja", "en"])
def test_pages_speak_the_language_asked_for(sample_app: Flask, language: str) -> None:
    client = sample_app.test_client()
    for path in PAGES:
        answer = client.get(path, headers={"Accept-Language": language}).text
        assert f'<html lang="{language}">' in answer, path


def test_markup_in_a_name_stays_text(page: Page) -> None:
    page.goto(LIST)
    expect(page.locator("tbody tr").nth(2)).to_contain_text("株式会社<script>例</script>")


def test_the_first_row_is_six_tabs_away(page: Page) -> None:
    page.goto(LIST)
    for key in ("Tab", "Tab", "Enter", "Tab", "Tab"):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement.matches('tbody tr:first-child [data-edit]')")


def test_rows_are_walked_chosen_and_opened_by_keyboard(page: Page) -> None:
    page.goto(LIST)
    for key in "jjkx":
        page.keyboard.press(key)
    expect(page.locator("tbody tr").first.locator("[name=rowid]")).to_be_checked()
    expect(page.locator("[data-bulk-count]")).to_have_text("1 件を選択中")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/details/\?id=2"))


def test_a_shortcut_key_is_only_a_letter_while_somebody_types(page: Page) -> None:
    page.goto(LIST)
    page.keyboard.press("/")
    page.keyboard.type("jx?e")
    expect(page.locator("#search")).to_have_value("jx?e")
    expect(page).to_have_url(re.compile(f"{LIST}$"))


def test_selected_rows_are_asked_about_before_they_are_deleted(page: Page) -> None:
    page.goto(LIST)
    page.locator("[name=rowid]").nth(0).check()
    page.locator("[name=rowid]").nth(2).click(modifiers=["Shift"])
    expect(page.locator("[data-bulk-count]")).to_have_text("3 件を選択中")
    page.locator(".bulk button[value=delete]").click()
    expect(page.locator("h1")).to_have_text("3 件を削除しますか？")


def test_a_filter_applies_at_once_and_its_chip_takes_it_away(page: Page) -> None:
    page.goto(f"{LIST}?search=会社")
    page.locator("[data-toggles=filters]").click()
    page.get_by_role("checkbox", name="はい").click()
    expect(page.locator(".chips")).to_contain_text("上場 等しい はい")
    assert "flt" in page.url
    assert "search=" in page.url
    expect(page.get_by_role("checkbox", name="はい")).to_be_focused()
    page.locator(".chip", has_text="等しい").click()
    expect(page.locator(".chip", has_text="等しい")).to_have_count(0)
    assert "flt" not in page.url


def test_the_palette_leads_to_any_screen(page: Page) -> None:
    page.goto(LIST)
    page.keyboard.press("Control+k")
    page.keyboard.type("変更")
    expect(page.locator("#palette [role=option]")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/admin/sets/"))


def test_a_row_is_looked_at_beside_its_list(page: Page) -> None:
    page.goto(LIST)
    page.keyboard.press("j")
    page.keyboard.press("p")
    expect(page.locator("#peek")).to_contain_text("Nintendo Co., Ltd.")
    page.keyboard.press("Escape")
    expect(page.locator("#peek")).to_be_hidden()


def test_the_theme_is_there_with_the_first_paint_of_the_next_page(page: Page) -> None:
    page.goto(LIST)
    page.locator(".who summary").click()
    with page.expect_response("**/account/settings"):
        page.get_by_role("button", name="ダーク").click()
    answer = page.goto("/admin/")
    assert answer is not None
    assert 'data-theme="dark"' in answer.text()


def test_a_changed_field_says_what_it_was(page: Page) -> None:
    page.goto(EDIT)
    page.locator("#name_en").fill("Nintendo")
    expect(page.locator("[data-field=name_en]")).to_contain_text("変更前: Nintendo Co., Ltd.")
    expect(page.locator(".changes")).to_have_text("1 項目を変更")
    page.locator("[name=change_reason]").fill("届出による")  # is no field of the record
    expect(page.locator(".changes")).to_have_text("1 項目を変更")
    page.locator("#name_en").fill("Nintendo Co., Ltd.")
    expect(page.locator(".changes")).to_have_text("")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1,234", ""),
        ("1234", "= 1,234 円"),
        ("１２３４", "= 1,234 円"),
        ("△5", "= ▲5 円"),
        ("(5)", "= ▲5 円"),
        ("-(5)", "数値として読み取れません。"),
        ("1.5", "数値として読み取れません。"),
        ("12a", "数値として読み取れません。"),
    ],
)
def test_a_number_field_shows_what_it_understood(page: Page, typed: str, read: str) -> None:
    page.goto(EDIT)
    page.locator("#profit").fill(typed)
    expect(page.locator("output")).to_have_text(read)


def test_a_reference_is_chosen_by_keyboard_and_nonsense_goes_back(page: Page) -> None:
    page.goto(EDIT)
    field = page.get_by_role("combobox", name="業種")
    field.press_sequentially("電")
    expect(page.get_by_role("option", name="電気機器")).to_be_visible()
    field.press("ArrowDown")
    field.press("ArrowUp")
    field.press("Enter")
    expect(page.locator("[name=industry]")).to_have_value("3650")
    field.fill("なにか")
    field.press("Escape")
    field.press("Tab")
    expect(field).to_have_value("")
    expect(field).to_have_accessible_description("電気機器")
    expect(page.locator("[name=industry]")).to_have_value("3650")


def test_errors_are_summed_up_at_the_top_with_links_to_their_fields(page: Page) -> None:
    page.goto(EDIT)
    page.locator("#name_ja").fill("")
    page.keyboard.press("Control+s")
    expect(page.locator("#errors")).to_be_focused()
    page.locator("#errors a").click()
    expect(page.locator("#name_ja")).to_be_focused()
    expect(page.locator("[data-field=name_ja]")).to_contain_text("変更前: 任天堂株式会社")
    expect(page.locator("#name_ja")).to_have_attribute("aria-invalid", "true")


def test_what_was_typed_comes_back_after_a_crash_and_is_forgotten_once_stored(page: Page) -> None:
    page.goto(EDIT)
    page.locator("#name_en").fill("Nintendo")
    page.wait_for_timeout(600)  # the draft is kept once the typing has paused
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/admin/")
    page.goto(EDIT)
    page.get_by_role("button", name="復元する").click()
    expect(page.locator("#name_en")).to_have_value("Nintendo")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator("[data-flash=good]")).to_be_visible()
    # The script that forgets it may run a moment after the page is seen, but no later than that.
    page.wait_for_load_state()
    assert page.evaluate("Object.keys(localStorage)") == []


def test_leaving_with_unsaved_work_is_asked_about(page: Page) -> None:
    page.goto(EDIT)
    page.locator("#name_en").press_sequentially("!")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("/admin/")
    assert asked == ["beforeunload"]


def test_without_script_one_can_filter_edit_and_delete(chromium: Chromium, address: str) -> None:
    page = chromium.open(locale="ja", java_script_enabled=False, base_url=address)
    page.set_viewport_size({"width": 1600, "height": 900})
    page.goto(LIST)
    page.get_by_role("checkbox", name="いいえ").check()
    page.get_by_role("button", name="適用").click()
    expect(page.locator("#count")).to_have_text("20 件")
    page.locator("[name=rowid]").first.check()
    page.locator(".bulk button[value=delete]").click()
    page.get_by_role("button", name="削除", exact=True).click()
    page.goto(EDIT)
    page.locator("#name_en").fill("Nintendo")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator("[data-flash=good]")).to_be_visible()
    chromium.close(page.context)
