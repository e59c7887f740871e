"""A steward's work without a mouse: by keyboard alone in both languages, and by touch on a telephone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.installation import Installation

pytestmark = pytest.mark.browser
COMPANIES = {"ja": "企業", "en": "Companies"}
SAVE = {"ja": "保存", "en": "Save"}
SIGN_OUT = {"ja": "サインアウト", "en": "Sign out"}
# Nobody needs more presses of Tab than that to cross a form.
FAR = 80
AT = "(what) => document.activeElement.matches(what)"
TELEPHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def tab_to(page: Page, what: str) -> None:
    """Press Tab until a control has the focus, and the focus can be seen."""
    for _press in range(FAR):
        page.keyboard.press("Tab")
        if page.evaluate(AT, what):
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
            return
    pytest.fail(f"{what} cannot be reached by Tab")


def type_over(page: Page, text: str) -> None:
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def sign_in_by_keyboard(page: Page, installation: Installation) -> None:
    page.goto("/admin/")
    expect(page.locator("#email")).to_be_focused()
    page.keyboard.type(installation.email)
    page.keyboard.press("Tab")
    page.keyboard.type(installation.password)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{installation.address}/admin/")


@pytest.mark.parametrize(
    ("page", "language", "code"),
    [({"locale": "ja-JP"}, "ja", "6702"), ({"locale": "en-US"}, "en", "6703")],
    indirect=["page"],
    ids=["ja", "en"],
)
def test_a_steward_corrects_a_company_by_keyboard_alone(
    page: Page, installation: Installation, language: str, code: str
) -> None:
    sign_in_by_keyboard(page, installation)
    page.keyboard.press("Control+k")
    page.keyboard.type(COMPANIES[language])
    expect(page.locator("#palette [role=option]").first).to_contain_text(COMPANIES[language])
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/companies/")
    page.keyboard.press("/")
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    page.wait_for_url("**search=**")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.keyboard.press("j")
    page.keyboard.press("e")
    page.wait_for_url("**/edit/**")

    tab_to(page, "[name=name_en]")
    name = f"Corrected by keyboard in {language}"
    type_over(page, name)
    tab_to(page, "[name=change_reason]")
    page.keyboard.type("as filed")
    tab_to(page, ".save .btn.go")
    expect(page.locator(":focus")).to_have_text(SAVE[language])
    page.keyboard.press("Enter")
    expect(page.locator("[data-flash=good]")).to_be_visible()
    expect(page.locator("main")).to_contain_text(name)

    tab_to(page, ".who summary")
    page.keyboard.press("Enter")
    tab_to(page, "[data-signs-out] button")
    expect(page.locator(":focus")).to_contain_text(SIGN_OUT[language])
    page.keyboard.press("Enter")
    page.wait_for_url("**/login**")


def test_the_first_row_is_six_tabs_away(page: Page, installation: Installation) -> None:
    installation.sign_in(page)
    page.goto("/admin/companies/")
    presses = 0
    for key in ("Tab", "Tab", "Enter", "Tab", "Tab", "Tab", "Tab"):
        page.keyboard.press(key)
        presses += key == "Tab"
        if page.evaluate(AT, "tbody tr:first-child [data-edit]"):
            break
    assert page.evaluate(AT, "tbody tr:first-child [data-edit]")
    assert presses <= 6


@pytest.mark.parametrize("page", [TELEPHONE], indirect=True, ids=["390px"])
def test_a_steward_corrects_a_company_by_touch(page: Page, installation: Installation) -> None:
    page.goto("/admin/")
    page.locator("#email").tap()
    page.keyboard.type(installation.email)
    page.locator("#password").tap()
    page.keyboard.type(installation.password)
    page.locator("button.go").tap()
    page.wait_for_url(f"{installation.address}/admin/")

    page.locator("[popovertarget=side]").tap()
    page.locator("#side a", has_text=COMPANIES["ja"]).tap()
    page.wait_for_url("**/admin/companies/")
    page.locator("#search").tap()
    page.keyboard.type("6762")
    page.keyboard.press("Enter")  # the telephone's own keyboard has this key
    page.wait_for_url("**search=**")
    page.locator("tbody tr [data-edit]").tap()
    page.wait_for_url("**/edit/**")

    page.locator("[name=name_en]").tap()
    type_over(page, "Corrected by touch")
    page.locator(".save .btn.go").tap()
    expect(page.locator("[data-flash=good]")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Corrected by touch")

    page.locator(".who summary").tap()
    page.locator("[data-signs-out] button").tap()
    page.wait_for_url(re.compile("/login"))
