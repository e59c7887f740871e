"""A steward's work without a mouse: by keyboard alone in both languages, and by touch on a telephone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.installation import Installation

pytestmark = pytest.mark.browser
COMPANIES = {"ja": "企業", "en": "Companies"}
CHANGE_SETS = {"ja": "変更セット", "en": "Change sets"}
SAVE = {"ja": "保存", "en": "Save"}
UNDO = {"ja": "元に戻す", "en": "Undo"}
SIGN_OUT = {"ja": "サインアウト", "en": "Sign out"}
# Nobody needs more presses of Tab than that to cross a form.
FAR = 80
UNDOING = "tbody tr:first-child a[href*='/details/']"
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


def go_by_palette(page: Page, screen: str, address: str) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type(screen)
    expect(page.locator("#palette [role=option]").first).to_contain_text(screen)
    page.keyboard.press("Enter")
    page.wait_for_url(address)


def expect_both(page: Page) -> None:
    """The newest change sets are what undid the correction, and the correction."""
    rows = page.locator("tbody tr")
    expect(rows.nth(1)).to_contain_text("as filed")
    number = (rows.nth(1).locator("a[href*='/details/']").first.get_attribute("href") or "").partition("id=")[
        2
    ]
    assert number
    expect(rows.nth(0)).to_contain_text(f"#{number}")


def expect_turned_back(page: Page, before: str, name: str) -> None:
    """The value of before is back, and no former name is left, which the correction had kept by itself."""
    page.wait_for_url("**/change-sets/details/**")
    records = page.locator("main .items > tbody")
    expect(records).to_have_count(2)
    company, former = records.nth(0), records.nth(1)
    expect(company.locator(".badge.update")).to_have_count(1)
    expect(company.locator("tr")).to_have_count(1)
    expect(company.locator("td").nth(1)).to_have_text(name)
    expect(company.locator("td").nth(2)).to_have_text(before)
    expect(former.locator("th[scope]")).to_contain_text(before)
    expect(former.locator(".badge.delete")).to_have_count(1)
    expect(
        former.locator("td:nth-last-child(2)", has_text=re.compile(f"^{re.escape(before)}$"))
    ).to_have_count(1)
    expect(former.locator("td:last-child")).to_have_text(["—"] * former.locator("tr").count())


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
def test_a_steward_corrects_a_company_and_undoes_it_by_keyboard_alone(
    page: Page, installation: Installation, language: str, code: str
) -> None:
    sign_in_by_keyboard(page, installation)
    go_by_palette(page, COMPANIES[language], "**/admin/companies/")
    page.keyboard.press("/")
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    page.wait_for_url("**search=**")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.keyboard.press("j")
    page.keyboard.press("e")
    page.wait_for_url("**/edit/**")

    tab_to(page, "[name=name_en]")
    before = page.locator("[name=name_en]").input_value()
    name = f"Corrected by keyboard in {language}"
    type_over(page, name)
    tab_to(page, "[name=change_reason]")
    page.keyboard.type("as filed")
    tab_to(page, ".save .btn.go")
    expect(page.locator(":focus")).to_have_text(SAVE[language])
    page.keyboard.press("Enter")
    expect(page.locator("[data-flash=good]")).to_be_visible()
    expect(page.locator("tbody tr")).to_contain_text(name)

    undo = page.locator("[data-flash=good] [data-key=u]")
    expect(undo).to_have_text(UNDO[language])
    page.wait_for_load_state()
    page.keyboard.press("u")
    expect(page.locator("tbody tr")).to_contain_text(before)
    page.reload()
    expect(page.locator("tbody tr")).to_contain_text(before)
    go_by_palette(page, CHANGE_SETS[language], "**/admin/change-sets/")
    expect_both(page)
    tab_to(page, UNDOING)
    page.keyboard.press("Enter")
    expect_turned_back(page, before, name)

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
def test_a_steward_corrects_a_company_and_undoes_it_by_touch(page: Page, installation: Installation) -> None:
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

    before = page.locator("[name=name_en]").input_value()
    page.locator("[name=name_en]").tap()
    type_over(page, "Corrected by touch")
    page.locator("[name=change_reason]").tap()
    page.keyboard.type("as filed")
    page.locator(".save .btn.go").tap()
    expect(page.locator("[data-flash=good]")).to_be_visible()
    expect(page.locator("tbody tr")).to_contain_text("Corrected by touch")

    page.locator("[data-flash=good] [data-key=u]").tap()
    expect(page.locator("tbody tr")).to_contain_text(before)
    page.reload()
    expect(page.locator("tbody tr")).to_contain_text(before)
    page.locator("[popovertarget=side]").tap()
    page.locator("#side a", has_text=CHANGE_SETS["ja"]).tap()
    page.wait_for_url("**/admin/change-sets/")
    expect_both(page)
    page.locator(UNDOING).first.tap()
    expect_turned_back(page, before, "Corrected by touch")

    page.locator(".who summary").tap()
    page.locator("[data-signs-out] button").tap()
    page.wait_for_url(re.compile("/login"))
