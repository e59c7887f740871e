"""What somebody does here who has no mouse, and what drops files for them."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from playwright.sync_api import FileChooser, Locator, Page, TimeoutError

from tests.browser.ways import UPLOADS
from tests.installation import Installation

# Milliseconds in which some thousand rows are compared on a machine that does much else.
COMPARING = 60_000
# Drops files, given as [name, bytes in base64], where a mouse would let go of them.
DROP = """(files) => {
    const carried = new DataTransfer();
    const bytes = (text) => Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0));
    for (const [name, text] of files) carried.items.add(new File([bytes(text)], name));
    document.querySelector('[data-drop-zone]').dispatchEvent(
        new DragEvent('drop', {dataTransfer: carried, bubbles: true, cancelable: true}));
}"""


def press(control: Locator) -> None:
    """As who has no mouse does."""
    control.focus()
    control.press("Enter")


def drop(page: Page, *files: tuple[str, bytes]) -> None:
    """Drop files, and see what comes of them: the preview of one, or the list of several."""
    page.goto(UPLOADS)
    with page.expect_navigation(timeout=COMPARING):
        let_go(page, *files)


def let_go(page: Page, *files: tuple[str, bytes]) -> None:
    """Drop them, whatever comes of it."""
    page.evaluate(DROP, [[name, base64.b64encode(content).decode()] for name, content in files])


@contextmanager
def held_up(installation: Installation, table: str) -> Iterator[None]:
    """Nobody writes the table meanwhile, so that what a worker does can be watched."""
    with psycopg.connect(installation.database_url) as connection:
        connection.execute(f"LOCK TABLE {table} IN SHARE MODE")  # type: ignore[arg-type]  # a name of ours
        yield


def file_dialog(page: Page) -> FileChooser:
    """What the keyboard opens on the input of files; asked once more where a script has just moved the focus."""
    files = page.locator("#files")
    try:
        with page.expect_file_chooser(timeout=5000) as chosen:
            files.press("Space")
    except TimeoutError:
        with page.expect_file_chooser() as chosen:
            files.press("Space")
    return chosen.value
