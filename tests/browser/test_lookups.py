"""References chosen by typing: what the server finds can be chosen, by keyboard, mouse, touch and IME."""

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.test_cells import forget
from tests.browser.test_saving import COMPANIES, SAVE, open_form
from tests.browser.ways import wait_for_draft
from tests.installation import Installation

pytestmark = pytest.mark.browser
OPTION = ".lookup [data-selectable]:visible"
NOTE = ".lookup [role=option][aria-disabled=true]:visible"
QUESTIONS = re.compile("/ajax/lookup/")
TOUCH = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture(autouse=True)
def signed_in(page: Page, installation: Installation) -> None:
    installation.sign_in(page)


def industry(page: Page) -> Locator:
    return page.get_by_role("combobox", name="33業種")


def key(page: Page) -> Locator:
    return page.locator("[name=industry_code]")


def test_what_the_server_finds_by_another_name_is_offered(page: Page) -> None:
    page.goto("/admin/statements/new/")
    company = page.get_by_role("combobox", name="企業")
    company.press_sequentially("Nintendo")
    expect(page.locator(OPTION)).to_have_count(1)
    expect(page.locator(OPTION)).to_contain_text("任天堂")
    company.press("Enter")
    expect(company).to_have_accessible_description(re.compile("任天堂"))
    expect(page.locator("[name=company_id]")).to_have_value(re.compile(r"\d+"))


def test_the_arrow_opens_the_list_and_escape_leaves_what_was_chosen(page: Page) -> None:
    open_form(page, "7974")
    before = key(page).input_value()
    industry(page).press("ArrowDown")
    expect(page.locator(OPTION).nth(5)).to_be_visible()
    expect(industry(page)).to_have_attribute("aria-expanded", "true")
    industry(page).press("ArrowDown")
    industry(page).press("Escape")
    expect(page.locator(OPTION)).to_have_count(0)
    expect(key(page)).to_have_value(before)
    expect(page.locator("[data-changes]")).to_be_empty()


def test_enter_waits_for_the_answer_to_what_was_typed(page: Page) -> None:
    open_form(page, "7974")
    before = key(page).input_value()
    industry(page).press("ArrowDown")
    expect(page.locator(OPTION).nth(5)).to_be_visible()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(QUESTIONS, hold)
    industry(page).press_sequentially("7050")
    industry(page).press("Enter")
    expect(key(page)).to_have_value(before)
    page.wait_for_timeout(400)
    expect(key(page)).to_have_value(before)
    for route in held:
        route.continue_()
    expect(page.locator(OPTION)).to_have_count(1)
    industry(page).press("Enter")
    expect(key(page)).to_have_value("7050")
    assert "/edit/" in page.url


def test_a_question_that_a_later_one_overtakes_is_given_up(page: Page) -> None:
    open_form(page, "7974")
    page.route(re.compile("query=3650"), lambda route: None)  # never answered
    with page.expect_request(re.compile("query=3650")) as asked:
        industry(page).fill("3650")
    with page.expect_event("requestfailed", lambda request: request == asked.value):
        industry(page).fill("7050")
    expect(page.locator(OPTION)).to_have_text(re.compile("7050"))
    expect(page.locator(NOTE)).to_have_count(0)


def test_the_enter_of_a_conversion_chooses_nothing(page: Page) -> None:
    open_form(page, "7974")
    before = key(page).input_value()
    industry(page).press_sequentially("銀")
    expect(page.locator(OPTION).first).to_be_visible()
    industry(page).dispatch_event("keydown", {"key": "Enter", "keyCode": 229, "isComposing": True})
    expect(page.locator(OPTION).first).to_be_visible()
    expect(key(page)).to_have_value(before)


def test_a_failed_look_up_says_so_and_keeps_what_was_chosen(page: Page, complaints: list[str]) -> None:
    open_form(page, "7974")
    before = key(page).input_value()
    page.route(QUESTIONS, lambda route: route.abort())
    industry(page).press_sequentially("銀")
    expect(page.locator(NOTE)).to_have_text("検索できませんでした。もう一度お試しください。")
    forget(complaints, "ERR_FAILED")
    page.unroute(QUESTIONS)
    industry(page).fill("ぬ")
    expect(page.locator(NOTE)).to_have_text("条件に合うものがありません。")
    industry(page).press("Enter")
    industry(page).press("Tab")
    expect(key(page)).to_have_value(before)
    expect(industry(page)).to_have_value("")


@pytest.mark.parametrize("page", [{}, TOUCH], indirect=True, ids=["mouse", "touch"])
def test_a_reference_is_taken_away_by_its_button(page: Page) -> None:
    open_form(page, "7974")
    clear = page.locator(".lookup", has=key(page)).get_by_role("button", name="クリア")
    box = clear.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 24
    clear.click()
    expect(key(page)).to_have_value("")
    expect(clear).to_be_hidden()
    expect(page.locator("[data-field=industry_code] .was")).to_contain_text("その他製品")


def test_a_draft_brings_a_reference_back_with_its_name(page: Page) -> None:
    open_form(page, "7974")
    address = page.url
    industry(page).press_sequentially("7050")
    expect(page.locator(OPTION)).to_have_count(1)
    industry(page).press("Enter")
    wait_for_draft(page)
    page.goto(COMPANIES)
    page.goto(address)
    expect(industry(page)).to_have_accessible_description(re.compile("その他製品"))
    page.get_by_role("button", name="復元する").click()
    expect(industry(page)).to_have_accessible_description(re.compile("銀行業"))
    expect(key(page)).to_have_value("7050")


@pytest.mark.parametrize("page", [{"java_script_enabled": False}], indirect=True, ids=["no-script"])
def test_without_script_a_name_that_names_one_record_is_enough(page: Page) -> None:
    open_form(page, "9Y1X")
    page.locator("[name=industry_code-name]").fill("銀行業")
    page.locator(SAVE).click()
    expect(page.locator("[data-flash=good]").first).to_be_visible()
    open_form(page, "9Y1X")
    expect(page.locator("[name=industry_code-name]")).to_have_value(re.compile("銀行業"))
