"""A list on paper: A4 landscape, its heads on every sheet, no controls, and who printed it when."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.browser.places import PLACES
from tests.installation import Installation

pytestmark = pytest.mark.browser
A4_LANDSCAPE = (842, 595)
# Units and badges that are set larger than what they stand beside.
LARGER = """() => [...document.querySelectorAll(
    ':is(.grid, .facts, .figures) :is(.unit, .badge, .small)'
)].filter((one) => {
    const size = (of) => parseFloat(getComputedStyle(of).fontSize);
    return size(one) > size(one.parentElement);
}).map((one) => one.outerHTML)"""
CONTROLS = "button, input:not([type=hidden]), select, textarea, summary, .btn, [role=menuitem]"


def test_every_sheet_of_a_list_is_a4_landscape_and_has_the_heads(
    page: Page, installation: Installation
) -> None:
    installation.sign_in(page)
    PLACES["prices"](page)
    assert page.locator("tbody tr").count() >= 40
    paper = page.pdf(prefer_css_page_size=True)
    sheets = re.findall(rb"/MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]", paper)
    assert len(sheets) >= 2
    assert {(round(float(width)), round(float(height))) for width, height in sheets} == {A4_LANDSCAPE}
    # Chromium makes each link a link on paper too, so the links of the heads tell where heads are.
    heads = re.findall(rb"/URI \([^)]*[?&]order=-?(\w+)\)", paper)
    assert heads
    assert {name: heads.count(name) for name in heads} == dict.fromkeys(heads, len(sheets))


@pytest.mark.parametrize(
    "place",
    [
        "companies",
        "statements",
        "companies-filters",
        "company-details",
        "statement-known",
        "change-set-details",
    ],
)
def test_paper_has_no_controls_and_says_who_printed_it_when(
    page: Page, installation: Installation, place: str
) -> None:
    installation.sign_in(page)
    PLACES[place](page)
    assert page.locator(CONTROLS).locator("visible=true").count() > 0
    page.emulate_media(media="print")
    left = page.locator(CONTROLS).locator("visible=true")
    assert left.evaluate_all("all => all.map((one) => one.outerHTML.slice(0, 120))") == []
    printed = page.locator(".printed")
    expect(printed).to_be_visible()
    expect(printed).to_contain_text(installation.email)
    expect(printed).to_contain_text(datetime.now(ZoneInfo("Asia/Tokyo")).strftime("%Y/%m/%d"))
    expect(printed).to_contain_text(re.compile(r" \d\d:\d\d · "))
    assert page.evaluate(LARGER) == []


def test_a_statement_takes_no_more_than_two_sheets(page: Page, installation: Installation) -> None:
    installation.sign_in(page)
    PLACES["statement-details"](page)
    paper = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/MediaBox", paper)) <= 2
