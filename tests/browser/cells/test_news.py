"""News of a saved cell: they cover nothing, go by themselves, and their key undoes as long as the page is there."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_cell_keys import LIST, cell, field
from tests.installation import Installation

pytestmark = pytest.mark.browser
SIZES = ((1280, 800), (1440, 900), (1920, 1080), (390, 844), (950, 700))
TOAST = ".toast [role=status]"
# Controls that can be seen, and cannot be clicked in their middle.
COVERED = """(transient) => [
    ...document.querySelectorAll('a, button, input:not([type=hidden]), select, summary')
].filter((one) => {
    const {left, top, width, height} = one.getBoundingClientRect();
    const [x, y] = [left + width / 2, top + height / 2];
    // The page itself goes under its bar.
    const edge = one.closest('.bar') ? 0 : document.querySelector('.bar').getBoundingClientRect().bottom;
    const isInSight = x >= 0 && y >= edge && x <= innerWidth && y <= innerHeight;
    if (!one.checkVisibility({visibilityProperty: true}) || !width || !isInSight) return false;
    const at = document.elementFromPoint(x, y);
    return !(one.contains(at) || at?.contains(one)) && !!at?.closest(transient);
}).map((one) => one.outerHTML)"""


@pytest.fixture(autouse=True)
def signed_in(page: Page, installation: Installation) -> None:
    installation.sign_in(page)


def save_a_cell(page: Page, name: str) -> None:
    page.keyboard.press("i")
    expect(field(page, "name_ja")).to_be_focused()
    page.keyboard.press("Tab")
    expect(field(page, "name_en")).to_be_focused()
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    expect(cell(page, 1)).to_have_text(name)
    expect(page.locator(TOAST)).not_to_be_empty()


def covered_by(page: Page, transient: str) -> list[str]:
    """What it covers at the top and at the end of the page."""
    covered = []
    for place in (0, 99_999):
        page.evaluate("(y) => scrollTo(0, y)", place)
        covered += page.evaluate(COVERED, transient)
    return covered


def test_news_cover_no_control_and_move_nothing_in_the_list(page: Page) -> None:
    page.goto(LIST)
    save_a_cell(page, "Covers nothing")
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert covered_by(page, ".toast") == [], width
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.set_viewport_size({"width": 1280, "height": 800})
    shown = page.locator("main .foot").bounding_box()
    page.keyboard.press("Escape")
    expect(page.locator(TOAST)).to_be_empty()
    assert page.locator("main .foot").bounding_box() == shown
    page.keyboard.press("u")
    expect(page.locator("[data-flash=good]")).to_be_visible()


@pytest.mark.parametrize("page", [{"viewport": {"width": 390, "height": 844}}], indirect=True, ids=["390px"])
def test_on_a_telephone_the_bar_of_chosen_rows_leaves_room_for_the_pages(page: Page) -> None:
    page.goto(LIST)
    page.locator("[name=rowid]").first.check()
    expect(page.locator("[data-bulk-bar]")).to_be_visible()
    page.evaluate("scrollTo(0, 99_999)")
    at_end = page.locator("main .foot").bounding_box()
    bar = page.locator("[data-bulk-bar]").bounding_box()
    assert at_end is not None
    assert bar is not None
    assert at_end["y"] + at_end["height"] <= bar["y"]


def test_news_go_after_a_time_unless_somebody_is_at_them(page: Page) -> None:
    page.clock.install()
    page.goto(LIST)
    before = cell(page, 1).inner_text()
    save_a_cell(page, "Gone after a time")
    page.locator(TOAST).hover()
    page.clock.run_for(60_000)
    expect(page.locator(TOAST)).not_to_be_empty()
    page.mouse.move(5, 500)
    page.clock.run_for(5_000)
    page.locator(".toast [data-key=u]").focus()
    page.clock.run_for(60_000)
    expect(page.locator(TOAST)).not_to_be_empty()
    page.locator("#search").focus()
    page.clock.run_for(20_000)
    expect(page.locator(TOAST)).to_be_empty()
    page.locator("#main").focus()
    page.keyboard.press("u")
    expect(page.locator("[data-flash=good]")).to_be_visible()
    expect(cell(page, 1)).to_have_text(before)


def test_closed_news_give_the_focus_back(page: Page) -> None:
    page.goto(LIST)
    save_a_cell(page, "Closed by hand")
    below = cell(page, 1, 1)
    expect(below).to_be_focused()
    close = page.locator(".toast").get_by_role("button", name="閉じる")
    close.focus()
    page.keyboard.press("Enter")
    expect(page.locator(TOAST)).to_be_empty()
    expect(below).to_be_focused()
