"""A statement as it was known on a day: the day chosen, the figure of then read, and left again, by keyboard alone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import ways
from tests.browser.conftest import OpenPage
from tests.installation import Installation
from tests.screens.browsing import fields

pytestmark = pytest.mark.browser
STATEMENTS, NEW = "/admin/statements/", "/admin/statements/new/"
OF_2023 = f"{STATEMENTS}?search=9Y0X&flt0_fiscal_year_end_on_to=2023-03-31"
# It was filed on 2023-06-28.
BETWEEN, RESTATED_ON = "2023-12-31", "2024-06-26"


def restate(page: Page) -> tuple[str, str, str]:
    """Restate a year of a fictional company a year later: the address of the revision, its revenue before and after."""
    first = ways.address_of_first_row(OF_2023, "/statements/edit/", page)
    filed = fields(page.request.get(first).text())
    before = filed["revenue"]
    after = f"{int(before.replace(',', '')) - 7:,}"
    changed = {"revenue": after, "revision_no": "1", "revision_type": "RES", "announced_on": RESTATED_ON}
    opened = {"save_token": fields(page.request.get(NEW).text())["save_token"], "row_version": ""}
    stored = page.request.post(NEW, form={**filed, **opened, **changed}, max_redirects=0)
    assert stored.status == 302, stored.text()
    rows = page.request.get(f"{OF_2023}&flt0_revision_type_is=RES").text().partition("<tbody")[2]
    link = re.search(r'href="(/admin/statements/details/\?id=[0-9]+)', rows)
    assert link is not None
    return link[1], before, after


def test_the_figure_of_an_earlier_day_is_read_and_left_again_by_keyboard(
    page: Page, open_page: OpenPage, installation: Installation
) -> None:
    installation.sign_in(page)
    address, before, after = restate(page)
    english = open_page(locale="en-US")
    installation.sign_in(english)
    said = {
        page: ("2023/12/31時点 — 閲覧専用", "現在の内容"),
        english: ("as known on 2023-12-31 — read-only", "What is stored today"),
    }
    for reader, (words, today) in said.items():
        reader.goto(address)
        income = reader.locator("section:has(#part-income) tbody td").first
        expect(income).to_have_text(after)
        day = reader.locator("[name=known_on]")
        day.fill(BETWEEN)
        day.press("Enter")
        expect(reader.locator(".known [role=status]")).to_have_text(words)
        expect(income).to_have_text(before)
        expect(reader.locator(".acts .btn")).to_have_count(0)
        expect(reader.locator(".chain [aria-current]")).to_have_count(1)
        reader.get_by_role("link", name=today).press("Enter")
        expect(income).to_have_text(after)
        expect(reader.locator(".acts [data-key=e]")).to_be_visible()
