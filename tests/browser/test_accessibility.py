"""axe-core finds nothing to object to (WCAG 2.2 AA): every screen and its states, both languages, both themes."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.places import LISTS, PLACES
from tests.installation import Installation

pytestmark = pytest.mark.browser
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOK = """(only) => axe.run(document, {
    resultTypes: ['violations'],
    runOnly: only ? {type: 'rule', values: only} : {type: 'tag', values: %s},
}).then(({violations}) => violations.flatMap((rule) =>
    rule.nodes.map((node) =>
        `${rule.id}: ${node.html.slice(0, 160)} [${node.any.map((one) => one.message).join(' ')}]`)))"""
# What looks different on a small screen.
NARROW = (
    *LISTS,
    "home",
    "company-details",
    "company-form-errors",
    "company-delete",
    "change-set-details",
    "palette",
)


@pytest.fixture(scope="module")
def axe() -> str:
    if not AXE.exists():
        pytest.skip("NO AXE-CORE: make setup installs it")
    return AXE.read_text()


def objections(page: Page, axe: str) -> list[str]:
    """What axe finds in the light theme, and what the dark one adds: colours are all that differ."""
    size = page.viewport_size
    assert size is not None
    # The whole page at once: what a sticky bar half covers would be called too small a target.
    whole = int(page.evaluate("document.documentElement.scrollHeight"))
    page.set_viewport_size({"width": size["width"], "height": max(size["height"], whole)})
    # Nothing fades in, so that colours are there at once.
    page.emulate_media(reduced_motion="reduce", color_scheme="light")
    page.evaluate(axe)
    look = LOOK % TAGS
    found = page.evaluate(look)
    page.emulate_media(color_scheme="dark")
    found += page.evaluate(look, ["color-contrast"])
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(size)
    return [f"{page.url}: {one}" for one in found]


@pytest.mark.parametrize("page", [{"locale": "ja-JP"}, {"locale": "en-US"}], indirect=True, ids=["ja", "en"])
def test_axe_objects_to_nothing(page: Page, installation: Installation, axe: str) -> None:
    page.goto("/login")
    found = objections(page, axe)
    installation.sign_in(page)
    for place, go in PLACES.items():
        go(page)
        found += [f"{place}: {one}" for one in objections(page, axe)]
    assert found == []


@pytest.mark.parametrize(
    "page", [{"locale": "ja-JP", "viewport": {"width": 390, "height": 844}}], indirect=True, ids=["390px"]
)
def test_axe_objects_to_nothing_on_a_telephone(page: Page, installation: Installation, axe: str) -> None:
    installation.sign_in(page)
    found = []
    for place in NARROW:
        PLACES[place](page)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, place
        found += [f"{place}: {one}" for one in objections(page, axe)]
    assert found == []


def test_axe_would_object(browser: Browser, axe: str) -> None:
    page = browser.new_page()
    page.set_content(
        "<html lang='en'><title>t</title><main><h1>t</h1><input><p style='color:#ccc'>faint</p></main>"
    )
    found = " ".join(objections(page, axe))
    page.close()
    assert "label: <input>" in found
    assert "color-contrast" in found
