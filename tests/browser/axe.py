"""What axe-core finds on a page, in both themes."""

from pathlib import Path

from playwright.sync_api import Page, ViewportSize

DRAWN = Path(__file__).with_name("drawn.js").read_text()
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
LOOK = """(rules) => axe.run(document, {
    resultTypes: ['violations'],
    selectors: false,
    runOnly: rules
        ? {type: 'rule', values: rules}
        : {type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']},
}).then(({violations}) => violations.flatMap((rule) =>
    rule.nodes.map((node) =>
        `${rule.id}: ${node.html.slice(0, 160)} [${node.any.map((one) => one.message).join(' ')}]`)))"""


def objections(page: Page, axe: str, *others: ViewportSize) -> list[str]:
    """What axe finds as the page stands, and at other sizes of its window."""
    size = page.viewport_size
    assert size is not None
    # With its style: a page that was only just asked for may be here without.
    page.wait_for_load_state()
    # Straight to the browser, and once a document: its half megabyte costs as much on the way as it does there.
    if not page.evaluate("'drawn' in window"):
        straight = page.context.new_cdp_session(page)
        straight.send("Runtime.evaluate", {"expression": f"{axe};{DRAWN};0"})
        straight.detach()
    found = []
    for one in (size, *others):
        page.set_viewport_size(one)
        found += [f"{page.url}: {one['width']}px: {said}" for said in _at(page, one)]
    page.set_viewport_size(size)
    found += [f"{page.url}: two have the id {one}" for one in page.evaluate("drawn.sharedIds()")]
    return found


def _at(page: Page, size: ViewportSize) -> list[str]:
    """What axe finds in the light theme, and what the dark one adds: colours are all that differ."""
    # The whole page at once: what a sticky bar half covers would be called too small a target.
    whole = int(page.evaluate("document.documentElement.scrollHeight"))
    page.set_viewport_size({"width": size["width"], "height": max(size["height"], whole)})
    # Nothing fades in, so that colours are there at once.
    page.emulate_media(reduced_motion="reduce", color_scheme="light")
    found: list[str] = page.evaluate(f"() => {{ window.putBack = drawn.takeAway(); return ({LOOK})(); }}")
    page.emulate_media(color_scheme="dark")
    found += page.evaluate(f"() => ({LOOK})(['color-contrast']).finally(putBack)")
    page.emulate_media(color_scheme="light")
    return found
