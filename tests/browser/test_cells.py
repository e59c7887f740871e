"""Cells edited in their list: by keyboard, with findings beside them, against somebody else's change, and with news."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.axe import objections
from tests.browser.conftest import OpenPage
from tests.installation import Installation

pytestmark = pytest.mark.browser
LIST = "/admin/companies/?search="
EDITOR = "form.cell"
CHANGED = {"ja": "変更セット", "en": "change set"}


def cell(page: Page, name: str, row: int = 0) -> Locator:
    """The cell of a column in one of the rows."""
    place = page.evaluate(
        "(name) => [...document.querySelectorAll('thead th')].findIndex((th) => th.dataset.cell === name)",
        name,
    )
    assert place >= 0, name
    return page.locator("tbody tr").nth(row).locator("td").nth(place)


def open_list(page: Page, installation: Installation, code: str) -> None:
    installation.sign_in(page)
    page.goto(f"{LIST}{code}")


def edit(page: Page, name: str, row: int = 0) -> Locator:
    """Double-click a cell, away from any link in it; its field."""
    cell(page, name, row).scroll_into_view_if_needed()
    box = cell(page, name, row).bounding_box()
    assert box is not None
    page.mouse.dblclick(box["x"] + box["width"] - 4, box["y"] + box["height"] / 2)
    field = page.locator(f"{EDITOR} :is(select, textarea, input:not([type=hidden])):visible").first
    expect(field).to_be_focused()
    return field


def version(page: Page, row: int = 0) -> int:
    return int(page.locator("tbody tr").nth(row).get_attribute("data-v") or "")


def forget(complaints: list[str], expected: str) -> None:
    """Take back what the browser says of answers that are no success, where the test is about them."""
    assert complaints
    assert [one for one in complaints if expected not in one] == []
    complaints.clear()


@pytest.mark.parametrize(
    ("page", "language", "code"),
    [({"locale": "ja-JP"}, "ja", "6370"), ({"locale": "en-US"}, "en", "6797")],
    indirect=["page"],
    ids=["ja", "en"],
)
def test_a_cell_is_edited_by_keyboard_alone(
    page: Page, installation: Installation, language: str, code: str
) -> None:
    open_list(page, installation, f"{code}&columns=ticker_symbol,name_ja,name_en,edinet_code")
    page.keyboard.press("j")
    page.keyboard.press("i")
    # It begins where one is: at the name of the row, which has the focus.
    expect(page.locator("#cell-name_ja")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.locator("#cell-ticker_symbol")).to_have_value(code)
    # Tab goes on to the next cells, and saves what was changed on the way.
    page.keyboard.press("Tab")
    expect(page.locator("#cell-name_ja")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#cell-name_en")).to_be_focused()
    before = version(page)
    page.keyboard.press("Control+a")
    page.keyboard.type(f"Edited in its cell <{language}>")
    page.keyboard.press("Tab")
    expect(page.locator("#cell-edinet_code")).to_be_focused()
    expect(cell(page, "name_en")).to_have_text(f"Edited in its cell <{language}>")
    assert version(page) == before + 1
    # Where one was is marked until the page is left.
    expect(page.locator("tbody tr.changed")).to_have_count(1)
    page.keyboard.press("Shift+Tab")
    expect(page.locator("#cell-name_en")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("Edited twice")
    page.keyboard.press("Enter")
    expect(cell(page, "name_en")).to_have_text("Edited twice")
    expect(cell(page, "name_en")).to_be_focused()
    expect(page.locator(".toast [role=status]")).to_contain_text(CHANGED[language])
    # The cell that has the focus is edited again; Escape leaves it as it is.
    page.keyboard.press("F2")
    expect(page.locator("#cell-name_en")).to_be_focused()
    page.keyboard.type("never kept")
    page.keyboard.press("Escape")
    expect(page.locator(EDITOR)).to_have_count(0)
    expect(cell(page, "name_en")).to_be_focused()
    page.reload()
    expect(cell(page, "name_en")).to_have_text("Edited twice")
    expect(page.locator("tbody tr.changed")).to_have_count(0)


def test_a_finding_stands_beside_its_cell_and_what_was_typed_stays(
    page: Page, installation: Installation, axe: str, complaints: list[str]
) -> None:
    open_list(page, installation, "6370")
    field = edit(page, "edinet_code")
    field.fill("E0")
    field.press("Enter")
    said = page.locator(f"{EDITOR} [role=alert]")
    expect(said).not_to_be_empty()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-describedby", re.compile("cell-edinet_code-said"))
    expect(field).to_have_value("E0")
    assert objections(page, axe) == []
    field.press("Escape")
    expect(cell(page, "edinet_code")).to_have_text("E01573")
    forget(complaints, "422")


@pytest.mark.parametrize(
    "page",
    [
        {},
        {"viewport": {"width": 390, "height": 844}},
    ],
    indirect=True,
    ids=["desk", "390px"],
)
def test_axe_objects_to_no_editor(page: Page, installation: Installation, axe: str) -> None:
    open_list(page, installation, "6370")
    found = []
    for name in ("name_ja", "listing_status", "industry", "fiscal_year_end_month"):
        field = edit(page, name)
        found += [f"{name}: {one}" for one in objections(page, axe)]
        field.press("Escape")
    assert found == []


def test_enter_that_ends_a_conversion_does_not_save(page: Page, installation: Installation) -> None:
    open_list(page, installation, "6370")
    field = edit(page, "name_en")
    field.fill("変換中")
    field.dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    field.dispatch_event("keydown", {"key": "Escape", "isComposing": True})
    field.dispatch_event("keydown", {"key": "Tab", "keyCode": 229})
    expect(field).to_have_value("変換中")
    expect(page.locator(".toast p")).to_be_empty()
    field.press("Escape")


def test_a_reference_is_chosen_in_its_cell(page: Page, installation: Installation) -> None:
    open_list(page, installation, "9Y0X")
    field = edit(page, "industry")
    field.press_sequentially("3650")
    option = page.locator(f"{EDITOR} [role=option][data-selectable]")
    expect(option).to_have_count(1)
    field.press("Enter")
    expect(page.locator(EDITOR)).to_have_count(1)
    field.press("Enter")
    expect(page.locator(EDITOR)).to_have_count(0)
    expect(cell(page, "industry")).to_contain_text("電気機器")


def test_a_click_elsewhere_saves_and_an_unchanged_cell_closes(page: Page, installation: Installation) -> None:
    open_list(page, installation, "9Y0X")
    edit(page, "name_en")
    page.locator("h1").click()
    expect(page.locator(EDITOR)).to_have_count(0)
    expect(page.locator(".toast p")).to_be_empty()
    edit(page, "name_en").fill("Saved by a click")
    page.locator("h1").click()
    expect(cell(page, "name_en")).to_have_text("Saved by a click")
    expect(page.locator("#peek")).not_to_be_visible()


def test_somebody_elses_change_is_shown_and_can_be_kept_or_replaced(
    page: Page, open_page: OpenPage, installation: Installation, axe: str, complaints: list[str]
) -> None:
    open_list(page, installation, "9Y1X")
    other = open_page()
    open_list(other, installation, "9Y1X")
    for theirs, press, left in (("Theirs", "Escape", "Theirs"), ("Theirs again", "Enter", "Mine")):
        field = edit(other, "name_en")
        field.fill(theirs)
        field.press("Enter")
        expect(cell(other, "name_en")).to_have_text(theirs)

        field = edit(page, "name_en")
        field.fill("Mine")
        field.press("Enter")
        expect(page.locator(f"{EDITOR} [role=alert] ins")).to_have_text(theirs)
        expect(field).to_have_value("Mine")
        assert objections(page, axe) == []
        field.press(press)
        expect(page.locator(EDITOR)).to_have_count(0)
        expect(cell(page, "name_en")).to_have_text(left)
        other.reload()
        expect(cell(other, "name_en")).to_have_text(left)
    forget(complaints, "409")


# What comes instead of an answer (nothing for None), what the reader is told, what the browser notes.
OUTAGES: dict[str, tuple[dict[str, Any] | None, str, str]] = {
    "offline": (None, "入力した内容は残っています", "ERR_FAILED"),
    "broken": ({"status": 500, "body": "<h1>no"}, "入力した内容は残っています", "500"),
    "signed out": (
        {"status": 401, "json": {"error": {"message": "サインインを。"}}},
        "サインインを。",
        "401",
    ),
}


@pytest.mark.parametrize("outage", OUTAGES)
def test_what_was_typed_stays_when_it_cannot_be_saved(
    page: Page, installation: Installation, complaints: list[str], outage: str
) -> None:
    answer, told, noted = OUTAGES[outage]
    open_list(page, installation, "9Y0X")
    field = edit(page, "name_en")
    field.fill(f"Not lost when {outage}")

    def refuse(route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
        elif answer is None:
            route.abort()
        else:
            route.fulfill(**answer)

    page.route("**/cell/**", refuse)
    field.press("Enter")
    expect(page.locator(f"{EDITOR} [role=alert]")).to_contain_text(told)
    expect(field).to_have_value(f"Not lost when {outage}")
    expect(field).to_be_focused()
    forget(complaints, noted)
    page.unroute("**/cell/**")
    field.press("Enter")
    expect(cell(page, "name_en")).to_have_text(f"Not lost when {outage}")


def test_after_signing_in_beside_the_list_the_cell_can_be_saved(
    page: Page, installation: Installation, complaints: list[str]
) -> None:
    open_list(page, installation, "9Y0X")
    field = edit(page, "name_en")
    field.fill("Not lost when the session ends")
    page.context.clear_cookies(name=re.compile("session"))
    field.press("Enter")
    link = page.locator(f"{EDITOR} [role=alert]").get_by_role("link", name="サインイン")
    with page.expect_popup() as opened:
        link.click()
    installation.sign_in_anew(opened.value)
    opened.value.close()
    field.press("Enter")
    expect(cell(page, "name_en")).to_have_text("Not lost when the session ends")
    forget(complaints, "401")


def test_a_word_is_picked_and_a_long_text_gets_its_lines(page: Page, installation: Installation) -> None:
    open_list(page, installation, "9Y0X&columns=name_ja,has_consolidated,description")
    field = edit(page, "has_consolidated")
    field.select_option("1" if field.input_value() != "1" else "0")
    picked = field.evaluate("(select) => select.selectedOptions[0].text")
    field.press("Tab")
    field = page.locator(f"{EDITOR} textarea")
    expect(field).to_be_focused()
    expect(cell(page, "has_consolidated")).to_have_text(picked)
    field.fill("一行目")
    field.press("Shift+Enter")
    field.press_sequentially(f"二行目 {picked}")
    field.press("Enter")
    expect(page.locator(EDITOR)).to_have_count(0)
    edit(page, "description")
    expect(field).to_have_value(f"一行目\n二行目 {picked}")
    field.press("Escape")


def test_a_saved_cell_can_be_undone_from_its_notice(page: Page, installation: Installation) -> None:
    open_list(page, installation, "9Y1X")
    before = cell(page, "name_en").inner_text()
    field = edit(page, "name_en")
    field.fill("A slip of the hand")
    field.press("Enter")
    expect(cell(page, "name_en")).to_have_text("A slip of the hand")
    page.keyboard.press("u")
    expect(page.locator("[data-flash]").first).to_be_visible()
    assert re.search(r"search=9Y1X", page.url)
    expect(cell(page, "name_en")).to_have_text(before)
