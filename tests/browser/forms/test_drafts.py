"""What was typed and is not saved: it comes back as far as it was changed, and takes back nothing of anybody else's."""

import re
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import OpenPage
from tests.browser.ways import COMPANIES, of_first_row, wait_for_draft
from tests.installation import Installation

pytestmark = pytest.mark.browser
SAVE = ".save .btn.go"
GOOD = "[data-flash=good]"
RESTORE = "復元する"
NOTICE = "[data-drafts]"


@pytest.fixture(autouse=True)
def signed_in(page: Page, installation: Installation) -> None:
    installation.sign_in(page)


def open_form(page: Page, code: str) -> str:
    of_first_row(f"{COMPANIES}?search={code}", "/companies/edit/", page)
    return page.url


def begin(page: Page, code: str, **typed: str) -> str:
    """Type into a company's form, and leave it; its address."""
    form = open_form(page, code)
    for name, text in typed.items():
        page.locator(f"[name={name}]").fill(text)
    wait_for_draft(page)
    page.goto("/admin/")
    return form


def save_elsewhere(other: Page, installation: Installation, form: str, **typed: str) -> None:
    """Somebody else opens the same form and saves these fields."""
    installation.sign_in(other)
    other.goto(form)
    for name, text in typed.items():
        other.locator(f"[name={name}]").fill(text)
    other.locator(SAVE).click()
    expect(other.locator(GOOD)).to_be_visible()


def drafts(page: Page) -> list[str]:
    kept: list[str] = page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('draft:'))")
    return kept


def expect_drafts(page: Page, number: int) -> None:
    """A page forgets what was saved as soon as its script runs, which may be after its first words are seen."""
    until = time.monotonic() + 10
    while len(drafts(page)) != number and time.monotonic() < until:
        page.wait_for_timeout(50)
    assert len(drafts(page)) == number


def test_a_restored_draft_takes_back_nothing_that_somebody_else_has_saved(
    page: Page, open_page: OpenPage, installation: Installation
) -> None:
    form = begin(page, "6762", name_en="Mine, restored")
    theirs = {"head_office_address": "相手が直した住所", "capital_stock": "32,641,976,313"}
    save_elsewhere(open_page(), installation, form, **theirs)
    page.goto(form)
    page.get_by_role("button", name=RESTORE).click()
    expect(page.locator("[name=name_en]")).to_have_value("Mine, restored")
    expect(page.locator(".changes")).to_have_text("1 項目を変更")
    page.locator(SAVE).click()
    expect(page.locator(GOOD).or_(page.locator(".conflicts")).first).to_be_visible()
    if page.locator(".conflicts").is_visible():
        page.locator(SAVE).click()
        expect(page.locator(GOOD)).to_be_visible()
    page.goto(form)
    for name, text in theirs.items() | {("name_en", "Mine, restored")}:
        expect(page.locator(f"[name={name}]")).to_have_value(text)
    expect_drafts(page, 0)


def test_of_a_field_that_both_changed_a_restored_draft_asks(
    page: Page, open_page: OpenPage, installation: Installation, complaints: list[str]
) -> None:
    form = begin(page, "6702", name_en="Mine")
    save_elsewhere(open_page(), installation, form, name_en="Theirs")
    page.goto(form)
    expect(page.locator("main")).to_contain_text("その後、このデータは変更されています")
    page.get_by_role("button", name=RESTORE).click()
    page.locator(SAVE).click()
    expect(page.locator("[data-choice=name_en] [value=mine]")).to_have_attribute("aria-pressed", "true")
    # Left there, it is still kept, and asks again.
    page.goto("/admin/")
    page.goto(form)
    expect(page.locator("[name=name_en]")).to_have_value("Theirs")
    page.get_by_role("button", name=RESTORE).click()
    page.locator(SAVE).click()
    expect(page.locator(".conflicts")).to_be_visible()
    page.locator("[data-choice=name_en] [value=theirs]").click()
    page.locator(SAVE).click()
    expect(page.locator("[data-flash]").first).to_be_visible()
    expect_drafts(page, 0)
    complaints[:] = [one for one in complaints if "409" not in one]


def test_a_draft_whose_save_failed_outlives_the_save_of_another_record(page: Page) -> None:
    form = open_form(page, "9Y0X")
    page.locator("[name=description]").fill("届かなかった説明")

    def lose(route: Route) -> None:
        if route.request.method == "POST":
            route.fulfill(status=503, content_type="text/html", body="<title>503</title>")
        else:
            route.continue_()

    page.route("**/companies/edit/**", lose)
    page.locator(SAVE).click()
    expect(page).to_have_title("503")
    page.unroute("**/companies/edit/**")
    open_form(page, "9Y1X")
    page.locator("[name=description]").fill("届いた説明")
    page.locator(SAVE).click()
    expect(page.locator(GOOD)).to_be_visible()
    expect_drafts(page, 1)
    # It is offered here already, and leads to its form.
    page.locator(NOTICE).get_by_role("link").click()
    page.get_by_role("button", name=RESTORE).click()
    expect(page.locator("[name=description]")).to_have_value("届かなかった説明")
    page.locator(SAVE).click()
    expect(page.locator(GOOD)).to_be_visible()
    expect_drafts(page, 0)
    assert page.url != form


def test_after_a_session_that_ended_what_was_typed_is_offered_wherever_one_lands(
    page: Page, installation: Installation
) -> None:
    form = open_form(page, "6370")
    page.locator("[name=description]").fill("サインインの前に入力")
    page.context.clear_cookies(name=re.compile("session"))
    with page.expect_navigation():
        page.locator(SAVE).click()
    installation.sign_in_anew(page)
    expect(page.locator(f"{NOTICE} a")).to_have_attribute("href", form.removeprefix(installation.address))
    page.goto(COMPANIES)
    page.locator(NOTICE).get_by_role("button", name="破棄").click()
    expect(page.locator(NOTICE)).to_have_count(0)
    expect_drafts(page, 0)


@pytest.mark.parametrize("page", [{"timezone_id": "America/New_York"}], indirect=True, ids=["New York"])
def test_the_offer_leaves_the_form_its_room_and_says_the_time_of_japan(page: Page) -> None:
    form = begin(page, "6370", description="時刻と幅")
    page.goto(form)
    offer = page.locator("main .notice").filter(has=page.get_by_role("button", name=RESTORE))
    said = re.search(r"\d{4}/\d\d/\d\d \d\d:\d\d", offer.inner_text())
    assert said is not None
    moment = datetime.strptime(said[0], "%Y/%m/%d %H:%M").replace(tzinfo=timezone(timedelta(hours=9)))
    assert abs(moment - datetime.now(UTC)) < timedelta(minutes=3)
    beside = page.locator("form[data-guard]").bounding_box()
    offer.get_by_role("button", name="破棄する").click()
    alone = page.locator("form[data-guard]").bounding_box()
    assert beside is not None
    assert alone is not None
    assert beside["width"] == alone["width"] > 600


def test_what_is_typed_beside_an_offer_loses_neither(page: Page) -> None:
    form = begin(page, "6797", description="先に入力")
    page.goto(form)
    page.locator("[name=website_url]").fill("https://example.co.jp/")
    page.wait_for_timeout(600)
    page.goto("/admin/")
    page.goto(form)
    page.get_by_role("button", name=RESTORE).click()
    expect(page.locator("[name=description]")).to_have_value("先に入力")
    expect(page.locator("[name=website_url]")).to_have_value("https://example.co.jp/")
