"""What a list of 50 companies costs on a cold cache: requests, and bytes as they are sent."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Response, expect

from tests.browser import ways
from tests.browser.imports.keys import COMPARING
from tests.files.builders import company, edinet_csv
from tests.installation import Installation

pytestmark = pytest.mark.browser
ROWS = 50
MOST_REQUESTS = 8
MOST_BYTES = 45_000


def a_list() -> bytes:
    """So many new companies, as EDINET lists them."""
    rows = [
        company(
            {
                "提出者名": f"予算試験第{number}株式会社",
                "提出者名（英字）": f"Budget Trial No. {number} Co., Ltd.",
                "証券コード": f"9A{number:02}0",
            },
            code=f"E99{number:03}",
        )
        for number in range(ROWS)
    ]
    return edinet_csv(*rows)


@pytest.fixture
def full_page(page: Page, installation: Installation) -> Iterator[Page]:
    """Somebody's who finds a page of the list full; afterwards it is undone, since other tests are quicker with few."""
    installation.sign_in(page)
    ways.bring(page, "budget.csv", a_list())
    page.locator("#reason").fill("a list of fifty")
    page.locator("#reason").press("Enter")
    expect(page.locator("[data-flash=good]")).to_be_visible(timeout=COMPARING)
    preview = page.url
    yield page
    page.goto(preview)
    page.locator("[aria-labelledby=undo-title] [data-key=u]").click()
    expect(page.locator("[data-flash=good]")).to_be_visible(timeout=COMPARING)


def test_a_list_of_50_companies_keeps_to_its_budget(full_page: Page) -> None:
    page = full_page
    received: list[Response] = []

    def note(response: Response) -> None:
        received.append(response)

    page.on("response", note)
    cold = page.context.new_cdp_session(page)
    cold.send("Network.setCacheDisabled", {"cacheDisabled": True})
    # The panel of filters stands open where there is room, and asks for its counts then.
    for width, are_counted in ((1280, False), (1600, True)):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto("about:blank")
        received.clear()
        page.goto("/admin/companies/", wait_until="networkidle")
        expect(page.locator("tbody tr")).to_have_count(ROWS)

        # As sent, compressed; also of what the browser keeps for ever and does not ask for again.
        said = {one.url: int(one.headers["content-length"]) for one in received}
        assert all(one.ok for one in received)
        assert len(received) <= MOST_REQUESTS, said
        assert any(url.endswith("/built/admin.css") for url in said)
        assert any("/facets/" in url for url in said) == are_counted
        assert sum(said.values()) <= MOST_BYTES, said
