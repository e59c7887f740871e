"""A filing is imported, its statement read, and a figure followed to its line and back: by the keyboard alone."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.filings import ways
from tests.browser.filings.ways import FILED
from tests.browser.imports.keys import file_dialog
from tests.browser.ways import UPLOADS
from tests.installation import Installation

pytestmark = pytest.mark.browser
# The sentence of the line, and the names of both ends, in each language.
SAID = {
    "ja-JP": ("行目の値です", "売上高", "元の数値へ戻る"),
    "en-US": ("of the filing says", "Revenue", "Back to the figure"),
}


def press(control: Locator) -> None:
    control.focus()
    control.press("Enter")


def bring(page: Page) -> None:
    """Choose the filing in the dialog that the keyboard opens, look at what it would do, and write it."""
    page.goto(UPLOADS)
    file = {"name": f"{FILED}.zip", "mimeType": "application/zip", "buffer": ways.report()}
    file_dialog(page).set_files([file])
    page.locator("#files").press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/preview/**")
    press(page.locator("button[value=write]"))
    expect(page.locator("[data-flash=good]")).to_be_visible()


@pytest.mark.parametrize("page", [{"locale": language} for language in SAID], indirect=True, ids=list(SAID))
def test_a_figure_is_followed_to_its_line_and_back_by_keyboard(
    page: Page, installation: Installation
) -> None:
    installation.sign_in(page)
    if not page.request.get(f"{ways.FACTS}?id={FILED}").ok:
        bring(page)
    page.goto(f"/admin/statements/?search={FILED}")
    press(page.locator("tbody a[href*='/statements/details/']").first)
    page.wait_for_url("**/statements/details/**")
    press(page.locator("#figure-revenue"))
    here = page.locator("tr.here")
    expect(here).to_be_focused()
    expect(here).to_be_in_viewport()
    expect(here).to_contain_text("1,434,365,000,000")
    sentence, label, back = SAID[str(page.evaluate("navigator.language"))]
    expect(page.locator(".notice.trace")).to_contain_text(sentence)
    expect(page.locator("[data-key=b]")).to_contain_text(back)
    expect(here.get_by_role("link", name=label)).to_be_visible()
    page.keyboard.press("b")
    page.wait_for_url("**/statements/details/**")
    expect(page.locator("#figure-revenue")).to_be_focused()
