"""One installation for all, and a page in it; whatever the browser complains of fails the test."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.installation import Installation, first_run

# Reports of the Content-Security-Policy, also of what the console keeps to itself.
LISTEN = """addEventListener('securitypolicyviolation', (event) =>
    reportBreach(`${event.effectiveDirective} refused ${event.blockedURI} at ${location}`), true)"""


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with first_run(tmp_path_factory.mktemp("first-day") / "var") as running:
        yield running


@pytest.fixture
def complaints() -> list[str]:
    """What the browser has complained of while this test ran: errors, warnings, breaches of the policy."""
    return []


@pytest.fixture
def page(
    browser: Browser, installation: Installation, request: pytest.FixtureRequest, complaints: list[str]
) -> Iterator[Page]:
    """A Japanese steward's page, or as the test's parameter wants it."""
    options: dict[str, Any] = {"locale": "ja-JP", "viewport": {"width": 1280, "height": 800}}
    context = browser.new_context(base_url=installation.address, **(options | getattr(request, "param", {})))
    context.expose_binding("reportBreach", lambda _source, breach: complaints.append(breach))
    context.add_init_script(LISTEN)
    page = context.new_page()

    def note(said: ConsoleMessage) -> None:
        # That the page itself is an error page is for the test to judge.
        is_its_status = said.text.startswith("Failed to load resource") and said.location["url"] == page.url
        if said.type in ("error", "warning") and not is_its_status:
            complaints.append(said.text)

    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: dialog.accept())
    yield page
    context.close()
    assert complaints == []
