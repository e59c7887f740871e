"""make screenshots: pictures of every screen in both themes and both languages, and the README's three of them."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.places import PLACES, VISITORS_PLACES, correct_nintendo
from tests.browser.ways import Way
from tests.chromium import program
from tests.installation import Installation, first_run

ROOT = Path(__file__).parents[1]
ALL = ROOT / "var" / "screenshots"
SHOWN = ROOT / ".github" / "screenshots"
THEMES = ("light", "dark")
LANGUAGES = {"ja": "ja-JP", "en": "en-US"}
SIZE = {"width": 1280, "height": 800}
# What README.md shows.
CHOSEN = ("companies-filtered-ja-light", "statement-form-changed-ja-dark", "change-set-details-en-light")
COLOURS = 128
FORGET_DRAFTS = """for (const key of Object.keys(localStorage)) {
    if (key.startsWith('draft:')) localStorage.removeItem(key);
}"""


def main(only: list[str]) -> None:
    """Take the pictures whose place is named, or all of them."""
    unknown = set(only) - set(PLACES) - set(VISITORS_PLACES)
    if unknown:
        known = ", ".join((*VISITORS_PLACES, *PLACES))
        sys.exit(f"No such place: {', '.join(sorted(unknown))}. There are: {known}.")
    path = program()
    if path is None:
        sys.exit("No Chromium here: apt-get install chromium")
    ALL.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as home,
        first_run(Path(home) / "var") as there,
        sync_playwright() as play,
    ):
        is_first = True
        for language, locale in LANGUAGES.items():
            # Dates to type are written as the browser's own language has them, which it takes from here.
            spoken = {"LANGUAGE": language, "LC_ALL": f"{locale.replace('-', '_')}.UTF-8"}
            browser = play.chromium.launch(
                executable_path=path, args=["--no-sandbox"], env={**os.environ, **spoken}
            )
            for theme in THEMES:
                with _visiting(browser, there, language, theme) as page:
                    _take(page, VISITORS_PLACES, only, f"{language}-{theme}")
                    there.sign_in(page)
                    if is_first:
                        correct_nintendo(
                            page, "Nintendo Company, Limited", "2025年3月期 有価証券報告書の表紙による"
                        )
                        is_first = False
                    _take(page, PLACES, only, f"{language}-{theme}")
            browser.close()
    _show_some()


@contextmanager
def _visiting(browser: Browser, there: Installation, language: str, theme: str) -> Iterator[Page]:
    context = browser.new_context(
        locale=LANGUAGES[language],
        color_scheme="dark" if theme == "dark" else "light",
        viewport={"width": SIZE["width"], "height": SIZE["height"]},
        base_url=there.address,
        timezone_id="Asia/Tokyo",
        reduced_motion="reduce",
    )
    # What one picture shows half typed is no news to the next.
    context.add_init_script(FORGET_DRAFTS)
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    yield page
    context.close()


def _take(page: Page, places: dict[str, Way], only: list[str], kind: str) -> None:
    for place, go in places.items():
        if only and place not in only:
            continue
        go(page)
        # Scripts have run, and what they ask for has come.
        page.wait_for_load_state("networkidle")
        page.screenshot(path=ALL / f"{place}-{kind}.png", animations="disabled")
        print(f"{place}-{kind}")  # noqa: T201  # this is a command; its output is its progress


def _show_some() -> None:
    """The README's pictures with few colours: a clone carries every version of them for ever."""
    SHOWN.mkdir(parents=True, exist_ok=True)
    for name in CHOSEN:
        taken = ALL / f"{name}.png"
        if taken.exists():
            image = Image.open(taken).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
            image.save(SHOWN / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main(sys.argv[1:])
