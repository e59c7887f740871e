"""One form is one change, whatever becomes of it on the way; and what was saved is undone by a key."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.ways import COMPANIES
from tests.installation import Installation

pytestmark = pytest.mark.browser
WITHOUT_SCRIPT = {"java_script_enabled": False}
# Chromium shows it where nothing has answered.
BROWSERS_OWN_PAGE = "chrome-error://chromewebdata/"
SAVE = ".save .btn.go"
# Sends the form as it stands, so many times at once, and says where each answer led.
SEND = """(times) => {
    const form = document.querySelector('form[data-guard]');
    const send = () => fetch(location.href, {method: 'POST', body: new FormData(form)}).then((answer) => answer.url);
    return Promise.all(Array.from({length: times}, send));
}"""


@pytest.fixture(autouse=True)
def signed_in(page: Page, installation: Installation) -> None:
    installation.sign_in(page)


def open_form(page: Page, code: str) -> None:
    page.goto(f"{COMPANIES}?search={code}")
    link = page.locator("tbody tr [data-edit]").first.get_attribute("href")
    assert link is not None
    page.goto(link)


def said(page: Page) -> list[str]:
    """The numbers of the change sets that the messages on this page are about."""
    return re.findall(r"#(\d+)", " ".join(page.locator("[data-flash=good] p").all_inner_texts()))


def change_sets(page: Page) -> list[str]:
    """Whatever change sets there are, by another request than the page's own."""
    text = page.request.get("/admin/change-sets/?page_size=200").text()
    return sorted(set(re.findall(r"/change-sets/details/\?id=(\d+)", text)))


@pytest.mark.parametrize("page", [{}, WITHOUT_SCRIPT], indirect=True, ids=["script", "no-script"])
def test_a_double_click_on_save_is_one_change(page: Page) -> None:
    before = change_sets(page)
    open_form(page, "6762")
    page.locator("[name=name_en]").fill(f"Clicked twice {len(before)}")
    page.locator(SAVE).dblclick()
    expect(page.locator("[data-flash=good]").first).to_be_visible()
    assert len(set(said(page))) == 1
    assert len(change_sets(page)) == len(before) + 1


@pytest.mark.parametrize("page", [{}, WITHOUT_SCRIPT], indirect=True, ids=["script", "no-script"])
def test_a_double_click_on_save_makes_one_record(page: Page) -> None:
    before = change_sets(page)
    page.goto(f"{COMPANIES}new/")
    page.locator("[name=name_ja]").fill(f"二度押し{len(before)}株式会社")
    page.locator(SAVE).dblclick()
    expect(page.locator("[data-flash=good]").first).to_be_visible()
    assert len(change_sets(page)) == len(before) + 1
    page.goto(f"{COMPANIES}?search=二度押し{len(before)}")
    expect(page.locator("tbody tr")).to_have_count(1)


@pytest.mark.parametrize("is_new", [False, True], ids=["edit", "create"])
def test_a_form_that_arrives_three_times_in_the_same_moment_is_one_change(page: Page, is_new: bool) -> None:
    before = change_sets(page)
    if is_new:
        page.goto(f"{COMPANIES}new/")
        page.locator("[name=name_ja]").fill("同時株式会社")
    else:
        open_form(page, "6702")
        page.locator("[name=name_en]").fill("At the same moment")
    answers = page.evaluate(SEND, 3)
    assert {re.sub(r".*/admin", "/admin", answer) for answer in answers} <= {
        COMPANIES,
        f"{COMPANIES}?search=6702",
    }
    assert len(change_sets(page)) == len(before) + 1


@pytest.mark.parametrize("is_new", [False, True], ids=["edit", "create"])
def test_back_and_save_again_is_still_one_change(page: Page, is_new: bool) -> None:
    if is_new:
        page.goto(f"{COMPANIES}new/")
        page.locator("[name=name_ja]").fill("戻って保存株式会社")
    else:
        open_form(page, "6703")
        page.locator("[name=name_en]").fill("Back and again")
    before = change_sets(page)
    page.locator(SAVE).click()
    expect(page.locator("[data-flash=good]")).to_be_visible()
    first = said(page)
    page.go_back()
    page.wait_for_url(re.compile("/(new|edit)/"))
    page.locator(SAVE).click()
    expect(page.locator("[data-flash=good]").first).to_contain_text("すでに")
    assert said(page) == first
    assert len(change_sets(page)) == len(before) + 1


@pytest.mark.parametrize("is_new", [False, True], ids=["edit", "create"])
def test_a_form_whose_answer_got_lost_is_sent_again_by_a_reload_and_is_still_one_change(
    page: Page, is_new: bool
) -> None:
    before = change_sets(page)
    if is_new:
        page.goto(f"{COMPANIES}new/")
        page.locator("[name=name_ja]").fill("再送信株式会社")
    else:
        open_form(page, "6703")
        page.locator("[name=name_en]").fill("Sent again by a reload")
    lost: list[str] = []

    def lose(route: Route) -> None:
        if route.request.method != "POST" or lost:
            route.continue_()
            return
        lost.append(route.fetch(max_redirects=0).headers["location"])
        route.abort("connectionreset")

    page.route(re.compile("/(new|edit)/"), lose)
    with page.expect_event("requestfailed"):
        page.locator(SAVE).click(no_wait_after=True)
    expect(page).to_have_url(BROWSERS_OWN_PAGE)
    assert len(change_sets(page)) == len(before) + 1
    page.reload()
    expect(page.locator("[data-flash=good]").last).to_contain_text("すでに")
    assert page.url.endswith(lost[0])
    assert len(change_sets(page)) == len(before) + 1


def test_going_back_to_correct_what_was_saved_is_another_change(page: Page) -> None:
    open_form(page, "6702")
    page.locator("[name=name_en]").fill("Mistyped")
    page.locator(SAVE).click()
    expect(page.locator("[data-flash=good]")).to_be_visible()
    first = said(page)
    page.go_back()
    page.wait_for_url("**/edit/**")
    page.locator("[name=name_en]").fill("Corrected")
    page.locator(SAVE).click()
    expect(page.locator("[data-flash=good]")).to_be_visible()
    assert said(page) != first
    expect(page.locator("tbody")).to_contain_text("Corrected")


def test_going_back_to_a_new_record_and_changing_it_is_asked_about(page: Page) -> None:
    before = change_sets(page)
    page.goto(f"{COMPANIES}new/")
    page.locator("[name=name_ja]").fill("新規後株式会社")
    page.locator(SAVE).click()
    expect(page.locator("[data-flash=good]")).to_be_visible()
    page.go_back()
    page.wait_for_url("**/new/")
    page.locator("[name=name_ja]").fill("新規前株式会社")
    page.locator(SAVE).click()
    expect(page.locator("#errors a")).to_contain_text("#")
    expect(page.locator("[name=name_ja]")).to_have_value("新規前株式会社")
    assert len(change_sets(page)) == len(before) + 1
    page.locator(SAVE).click()
    expect(page.locator("[data-flash=good]").first).to_be_visible()
    assert len(change_sets(page)) == len(before) + 2


def test_one_record_after_another_is_added_by_keyboard(page: Page) -> None:
    before = change_sets(page)
    page.goto(f"{COMPANIES}new/")
    for number in range(3):
        page.locator("[name=name_ja]").fill(f"連続{number}株式会社")
        page.locator("[name=_add_another]").press("Enter")
        expect(page.locator("[name=name_ja]")).to_have_value("")
        expect(page.locator("[data-flash=good]").first).to_be_visible()
    assert len(change_sets(page)) == len(before) + 3


def test_of_what_two_people_changed_each_field_is_chosen(page: Page) -> None:
    open_form(page, "6762")
    other = page.context.new_page()
    other.goto(page.url)
    page.locator("[name=name_en]").fill("Mine")
    page.locator("[name=head_office_address]").fill("私の住所")
    page.get_by_role("combobox", name="33業種").press("Backspace")
    other.locator("[name=name_en]").fill("Theirs")
    other.locator("[name=head_office_address]").fill("相手の住所")
    industry = other.get_by_role("combobox", name="33業種")
    industry.fill("その他製品")
    other.locator(".lookup [role=option]:visible").first.click()
    other.locator(SAVE).click()
    expect(other.locator("[data-flash=good]")).to_be_visible()
    theirs = industry_of(other)
    other.close()

    page.locator(SAVE).click()
    choice = page.locator("[data-choice=name_en]")
    mine, stored = choice.locator("[value=mine]"), choice.locator("[value=theirs]")
    expect(mine).to_have_attribute("aria-pressed", "true")
    for press, held in ((stored, "Theirs"), (mine, "Mine"), (stored, "Theirs")):
        press.focus()
        page.keyboard.press("Enter")
        expect(page.locator("[name=name_en]")).to_have_value(held)
        expect(press).to_have_attribute("aria-pressed", "true")
    page.locator("[data-choice=industry_code] [value=theirs]").click()
    expect(page.locator("[data-choice=industry_code] [value=theirs]")).to_have_attribute(
        "aria-pressed", "true"
    )
    described = expect(page.get_by_role("combobox", name="33業種"))
    described.to_have_accessible_description(re.compile("その他製品"))
    page.locator(SAVE).click()
    expect(page.locator("[data-flash=good]")).to_be_visible()
    open_form(page, "6762")
    expect(page.locator("[name=name_en]")).to_have_value("Theirs")
    expect(page.locator("[name=head_office_address]")).to_have_value("私の住所")
    assert page.locator("[name=industry_code]").input_value() == theirs


def industry_of(page: Page) -> str:
    open_form(page, "6762")
    return page.locator("[name=industry_code]").input_value()


def undo_by_key(page: Page) -> None:
    """Press u, once the script listens."""
    expect(page.locator("[data-opens=palette]").first).to_be_visible()
    page.keyboard.press("u")


def test_what_was_saved_is_undone_and_redone_by_a_key(page: Page) -> None:
    open_form(page, "6702")
    before = page.locator("[name=name_en]").input_value()
    page.locator("[name=name_en]").fill("Wrong by mistake")
    page.keyboard.press("Control+s")
    expect(page.locator("tbody")).to_contain_text("Wrong by mistake")
    undo_by_key(page)
    expect(page.locator("[data-flash=good]")).to_contain_text("元に戻しました")
    expect(page.locator("tbody")).to_contain_text(before)
    # The first press of Tab in the content reaches the button.
    page.locator("#main").focus()
    page.keyboard.press("Tab")
    expect(page.locator("[data-flash=good] button")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("tbody")).to_contain_text("Wrong by mistake")
    undo_by_key(page)
    expect(page.locator("tbody")).to_contain_text(before)
