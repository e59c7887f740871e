"""make screenshots: the README's pictures, taken of a fresh installation with the seed in it."""

import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.conftest import CHROMIUM
from tests.installation import Installation, first_run

FOLDER = Path(__file__).parents[1] / ".github" / "screenshots"


@dataclass(frozen=True, slots=True)
class Picture:
    """One page, as one reader sees it."""

    name: str
    path: str
    language: str
    theme: str

    @property
    def file(self) -> Path:
        return FOLDER / f"{self.name}-{self.language}-{self.theme}.png"


PICTURES = (
    Picture("companies", "/admin/companies/", "ja", "light"),
    Picture("companies", "/admin/companies/", "en", "dark"),
    Picture("change-set", "/admin/change-sets/details/?id=1", "ja", "light"),
)


def main() -> None:
    program = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if program is None:
        sys.exit("No Chromium here: apt-get install chromium")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        first_run(Path(folder) / "var") as installation,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for picture in PICTURES:
            _take(browser, installation, picture)
            sys.stdout.write(f"{picture.file}\n")
        browser.close()


def _take(browser: Browser, installation: Installation, picture: Picture) -> None:
    context = browser.new_context(
        base_url=installation.address,
        locale=picture.language,
        color_scheme="dark" if picture.theme == "dark" else "light",
        viewport={"width": 1440, "height": 900},
    )
    page = context.new_page()
    installation.sign_in(page)
    page.goto(picture.path, wait_until="networkidle")
    page.screenshot(path=picture.file)
    context.close()


if __name__ == "__main__":
    main()
