"""One installation for all, and pages in it; whatever the browser complains of fails the test."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import ConsoleMessage, Page

from tests.browser.axe import AXE
from tests.chromium import Chromium
from tests.conftest import BROWSER
from tests.installation import Installation, run_on_a_copy

# Reports of the Content-Security-Policy, also of what the console keeps to itself.
LISTEN = """addEventListener('securitypolicyviolation', (event) =>
    reportBreach(`${event.effectiveDirective} refused ${event.blockedURI} at ${location}`), true)"""
STEWARDS: dict[str, Any] = {"locale": "ja-JP", "viewport": {"width": 1280, "height": 800}}
OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def installation(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Installation]:
    """This worker's own; with several of them the first run is made once, in the folder above all of theirs."""
    folder = tmp_path_factory.getbasetemp()
    beginning = (folder.parent if hasattr(request.config, "workerinput") else folder) / "begun"
    with run_on_a_copy(beginning, tmp_path_factory.mktemp("first-day") / "var") as running:
        yield running


@pytest.fixture(scope="session")
def axe() -> str:
    if not AXE.exists():
        pytest.skip("NO AXE-CORE: make setup installs it")
    return AXE.read_text()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser has complained of while this test ran: errors, warnings, breaches of the policy."""
    return []


@pytest.fixture
def open_page(
    chromium: Chromium, installation: Installation, request: pytest.FixtureRequest
) -> Iterator[OpenPage]:
    """Opens a page in a context of its own, as a person does who comes to another desk."""
    pages: list[Page] = []

    def come(**options: Any) -> Page:
        pages.append(chromium.open(**({"base_url": installation.address} | STEWARDS | options)))
        return pages[-1]

    known = len(chromium.notes)
    yield come
    for page in pages:
        chromium.close(page.context)
    request.node.user_properties += [(BROWSER, note) for note in chromium.notes[known:]]


@pytest.fixture
def page(
    chromium: Chromium, open_page: OpenPage, request: pytest.FixtureRequest, complaints: list[str]
) -> Iterator[Page]:
    """A Japanese steward's page, or as the test's parameter wants it."""
    page = open_page(**getattr(request, "param", {}))
    page.context.expose_binding("reportBreach", lambda _source, breach: complaints.append(breach))
    page.context.add_init_script(LISTEN)

    def note(said: ConsoleMessage) -> None:
        # That the page itself is an error page is for the test to judge.
        is_its_status = said.text.startswith("Failed to load resource") and said.location["url"] == page.url
        if said.type in ("error", "warning") and not is_its_status:
            complaints.append(said.text)

    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: dialog.accept())
    yield page
    chromium.close(page.context)
    assert complaints == []
