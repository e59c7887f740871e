"""What axe-core finds on a page, in both themes."""

from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Rows are alike: ten of them tell as much as fifty, in a fifth of the time.
LOOK = """(only) => axe.run({exclude: ['tbody tr:nth-child(n + 11)']}, {
    resultTypes: ['violations'],
    runOnly: only ? {type: 'rule', values: only} : {type: 'tag', values: %s},
}).then(({violations}) => violations.flatMap((rule) =>
    rule.nodes.map((node) =>
        `${rule.id}: ${node.html.slice(0, 160)} [${node.any.map((one) => one.message).join(' ')}]`)))"""


def objections(page: Page, axe: str) -> list[str]:
    """What axe finds in the light theme, and what the dark one adds: colours are all that differ."""
    size = page.viewport_size
    assert size is not None
    # With its style: a page that was only just asked for may be here without.
    page.wait_for_load_state()
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
