"""What a list of 50 companies costs on a cold cache: requests, and bytes as they are sent."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Response, expect

from tests.installation import Installation, first_run

pytestmark = pytest.mark.browser
ROWS = 50
MOST_REQUESTS = 8
MOST_BYTES = 45_000


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One of its own: the other tests are quicker with few companies."""
    with first_run(tmp_path_factory.mktemp("budget") / "var") as running:
        yield running


def fill(page: Page) -> None:
    """Add companies through the form, until a page of the list is full."""
    page.goto("/admin/companies/new/")
    token = page.locator("form.record [name=csrf_token]").get_attribute("value")
    given = {"csrf_token": token or "", "listing_status": "listed", "filer_type": "内国法人・組合"}
    for number in range(ROWS):
        company = {
            "ticker_symbol": f"9A{number:02}",
            "edinet_code": f"E99{number:03}",
            "name_ja": f"予算試験第{number}株式会社",
            "name_en": f"Budget Trial No. {number} Co., Ltd.",
        }
        form: dict[str, str | float | bool] = {**given, **company}
        stored = page.request.post("/admin/companies/new/", form=form, max_redirects=0)
        assert stored.status == 302, stored.text()


def test_a_list_of_50_companies_keeps_to_its_budget(page: Page, installation: Installation) -> None:
    installation.sign_in(page)
    fill(page)
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
