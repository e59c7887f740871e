"""WCAG 2.2 AA, by axe-core and by what it does not look at: every screen and state, in both themes.

What axe looks at is the same in both languages, so English gets what differs: its lang, its widths and its words.
"""

from collections.abc import Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize

from tests.browser.axe import objections
from tests.browser.conftest import OpenPage
from tests.browser.places import LISTS, PLACES, VISITORS_PLACES
from tests.browser.ways import Way
from tests.installation import Installation

pytestmark = pytest.mark.browser
LOOKS = Path(__file__).with_name("looks.js").read_text()
# 1280 pixels at 200 %, a telephone, and 1280 pixels at 400 %.
ZOOMED: tuple[ViewportSize, ...] = (
    {"width": 640, "height": 512},
    {"width": 390, "height": 844},
    {"width": 320, "height": 640},
)
TELEPHONE: ViewportSize = {"width": 390, "height": 844}
# What looks different on a small screen; then what of it a telephone reaches in another way: the panel opens over the
# list, the table is scrolled to the cell. All the others are the same where a window is made so narrow.
NARROW = (
    *LISTS,
    "home",
    "companies-filters",
    "companies-group",
    "companies-order",
    "companies-cell",
    "companies-view",
    "companies-bulk",
    "companies-bulk-preview",
    "companies-paste-preview",
    "company-saved",
    "company-conflict",
    "uploads",
    "upload-preview",
    "views",
    "view-form-errors",
    "password-refused",
    "company-details",
    "statement-details",
    "company-form-errors",
    "company-delete",
    "change-set-details",
    "filing-facts",
    "filing-difference",
    "indicator-formula",
    "palette",
)
OF_A_TELEPHONE = ("companies-filters", "companies-group", "companies-cell")


PARTS = 10
ENGLISH = pytest.mark.parametrize("page", [{"locale": "en-US"}], indirect=True, ids=["en"])


def oversights(page: Page) -> list[str]:
    """What axe does not look at. It moves the focus, so it comes last."""
    page.emulate_media(reduced_motion="reduce")
    page.evaluate(LOOKS)
    found = page.evaluate("[...looks.structure(), ...looks.motion()]") + sideways(page)
    page.keyboard.press("Shift")
    found += page.evaluate("looks.focus()")
    return [f"{page.url}: {one}" for one in found]


def sideways(page: Page) -> list[str]:
    """What does not fit on a small screen."""
    size = page.viewport_size
    assert size is not None
    found = []
    for zoomed in ZOOMED:
        page.set_viewport_size(zoomed)
        found += [f"{zoomed['width']}px: {one}" for one in page.evaluate("looks.sideways()")]
    page.set_viewport_size(size)
    return found


def mistakes_in_english(page: Page) -> list[str]:
    """What an English page has of its own to get wrong."""
    page.wait_for_load_state()
    page.emulate_media(reduced_motion="reduce")
    page.evaluate(LOOKS)
    found = page.evaluate("[...looks.structure(), ...looks.foreign()]") + sideways(page)
    if (spoken := page.locator("html").get_attribute("lang")) != "en":
        found.append(f"lang is {spoken}")
    return [f"{page.url}: {one}" for one in found]


def test_nobody_is_kept_out_before_signing_in(page: Page, axe: str) -> None:
    assert not (found := seen_in(VISITORS_PLACES, page, axe)), "\n".join(found)


def part_of(places: Mapping[str, Way], part: int) -> dict[str, Way]:
    """A part, so that no worker is left with the whole walk at the end; neighbours stay together."""
    first, end = (len(places) * one // PARTS for one in (part, part + 1))
    walked = dict(list(places.items())[first:end])
    assert walked
    return walked


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
def test_nobody_is_kept_out_of_a_screen(
    page: Page, installation: Installation, axe: str, complaints: list[str], part: int
) -> None:
    installation.sign_in(page)
    assert not (found := seen_in(part_of(PLACES, part), page, axe)), "\n".join(found)
    # The answer to a cell that is refused is an error, and the browser notes it.
    complaints[:] = [one for one in complaints if "status of 422" not in one]


@pytest.mark.parametrize("part", range(PARTS))
@ENGLISH
def test_a_screen_is_as_whole_in_english(
    page: Page, installation: Installation, complaints: list[str], part: int
) -> None:
    installation.sign_in(page)
    found = []
    for place, go in part_of(PLACES, part).items():
        go(page)
        found += [f"{place}: {one}" for one in mistakes_in_english(page)]
    assert not found, "\n".join(found)
    complaints[:] = [one for one in complaints if "status of 422" not in one]


@ENGLISH
def test_a_visitors_page_is_as_whole_in_english(page: Page) -> None:
    found = []
    for place, go in VISITORS_PLACES.items():
        go(page)
        found += [f"{place}: {one}" for one in mistakes_in_english(page)]
    assert not found, "\n".join(found)


def seen_in(places: Mapping[str, Way], page: Page, axe: str) -> list[str]:
    """What is found in some places."""
    found = []
    for place, go in places.items():
        go(page)
        sizes = [TELEPHONE] if place in NARROW and place not in OF_A_TELEPHONE else []
        found += [f"{place}: {one}" for one in objections(page, axe, *sizes) + oversights(page)]
    return found


@pytest.mark.parametrize("page", [{"locale": "ja-JP", "viewport": TELEPHONE}], indirect=True, ids=["390px"])
def test_axe_objects_to_nothing_on_a_telephone(page: Page, installation: Installation, axe: str) -> None:
    assert {*OF_A_TELEPHONE} < {*NARROW} < {*PLACES}
    installation.sign_in(page)
    found = []
    for place in OF_A_TELEPHONE:
        PLACES[place](page)
        found += [f"{place}: {one}" for one in objections(page, axe)]
    assert not found, "\n".join(found)


def test_axe_would_object(open_page: OpenPage, axe: str) -> None:
    page = open_page()
    page.set_content(
        "<html lang='en'><title>t</title><main><h1>t</h1><input><p style='color:#ccc'>faint</p></main>"
    )
    found = " ".join(objections(page, axe))
    assert "label: <input>" in found
    assert "color-contrast" in found


def test_of_rows_that_are_built_alike_axe_sees_enough_to_object(open_page: OpenPage, axe: str) -> None:
    page = open_page()
    faint, rows = "<td style='color:#ccc'>faint</td>", ["<td>Words</td><td>Others</td>"] * 30
    rows[17], rows[23] = f"{faint}<td>Others</td>", "<td>Words</td><td><input></td>"
    items = "<li>Words</li>" * 20 + "<li><button></button></li>" + "<li style='color:#ccc'>pale</li>" * 9
    page.set_content(
        f"<html lang='en'><title>t</title><main><h1>t</h1><table><tbody><tr>{'<tr>'.join(rows)}</table>"
        f"<table><tbody>{f'<tr>{faint}' * 30}</table><ul>{items}</ul><p id=x>Words<p id=x>Others</main>"
    )
    content = page.content()
    found = objections(page, axe)
    assert page.content() == content
    # In both themes, in the row of another kind, and in the first two and the last of those alike.
    assert sum("color-contrast: <td style" in one for one in found) == 2 * (1 + 3)
    assert sum("color-contrast: <li style" in one for one in found) == 2 * 3
    assert sum("label: <input>" in one for one in found) == 1
    assert sum("button-name: <button>" in one for one in found) == 1
    assert sum("two have the id x" in one for one in found) == 1


def test_what_axe_does_not_look_at_would_be_found(open_page: OpenPage) -> None:
    page = open_page()
    page.set_content(
        "<html lang='xx'><main></main><main><h1></h1><div style='width:500px'><button>Wide</button></div>"
        "<div style='width:50px;overflow:hidden'><button style='width:90px'>Cut</button></div>"
        "<a href='#x' style='outline:none'>Faceless</a><p style='transition:color 1s'>Fades</p>"
        "<button>保存</button><p style='position:fixed;inset:auto 0 0 0;height:100vh'>Covers</p></main>"
    )
    found = " ".join(mistakes_in_english(page) + oversights(page))
    assert "not said in English: <button>保存</button>" in found
    for fault in (
        "lang is xx",
        "h1 says nothing",
        "2 main",
        "no title",
        "moves: <p",
        "320px: scrolls sideways by",
        "cut off: <button style",
        "its focus cannot be seen: <a",
        "something covers it when it has the focus: <button>Wide",
    ):
        assert fault in found
