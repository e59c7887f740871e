"""Lighthouse gives accessibility and best practices its full score: a list and a form, in both themes."""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright

from tests.browser.places import PLACES
from tests.chromium import program
from tests.installation import Installation

pytestmark = pytest.mark.browser
SCRIPT = Path(__file__).with_name("judging.mjs")
PACKAGE = Path(__file__).parents[3] / "node_modules" / "lighthouse"
CATEGORIES = ("accessibility", "best-practices")
# Chromium's own numbers for what a page is told of the reader's wish.
THEMES = {"light": 1, "dark": 0}
LOOKED_AT = ("companies", "statement-form")
# No time is measured here, so a page is judged as soon as it is quiet, and not some seconds later.
QUIET = {
    f"{name}Ms": 200
    for name in ("pauseAfterFcp", "pauseAfterLoad", "networkQuietThreshold", "cpuQuietThreshold")
}
FLAGS = {"onlyCategories": CATEGORIES, "disableFullPageScreenshot": True, "logLevel": "error", **QUIET}
# Fewer audits with a weight than that, and Lighthouse has not looked.
LEAST_AUDITS = 20
Report = dict[str, Any]


def _node() -> str:
    """The one that `make setup` put beside Python where the machine's own is too old; then the machine's."""
    beside = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    node = shutil.which("node", path=beside)
    if node is None or not PACKAGE.exists():
        pytest.fail("Lighthouse is not there: make setup installs it")
    return node


@contextmanager
def browser_of(playwright: Playwright, theme: str) -> Iterator[int]:
    """A browser of a reader who wishes that theme; the port at which Lighthouse drives it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    flags = ["--no-sandbox", f"--remote-debugging-port={port}"]
    flags.append(f"--blink-settings=preferredColorScheme={THEMES[theme]}")
    browser = playwright.chromium.launch(executable_path=program(), args=flags)
    try:
        yield port
    finally:
        browser.close()


def judged(pages: list[dict[str, Any]], cookie: str, folder: Path) -> list[Report]:
    """What Lighthouse says of each page, as whoever has that cookie sees it."""
    flags = {**FLAGS, "extraHeaders": {"Cookie": cookie, "Accept-Language": "ja"}}
    given = folder / "pages.json"
    given.write_text(json.dumps({"flags": flags, "pages": pages}))
    # Nothing of the caller's: a proxy or a setting of theirs would change what is measured.
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    done = subprocess.run(
        [_node(), SCRIPT, given], capture_output=True, text=True, env=environment, timeout=240, check=False
    )
    assert done.returncode == 0, done.stderr
    reports: list[Report] = json.loads(done.stdout)
    return reports


def faults(report: Report, address: str) -> list[str]:
    """The audits that cost a category its full score; the report must be of the page that was asked for."""
    assert report["finalDisplayedUrl"] == address
    assert report["runWarnings"] == []
    found = []
    for name in CATEGORIES:
        category = report["categories"][name]
        audits = [report["audits"][one["id"]] for one in category["auditRefs"] if one["weight"]]
        judged = [one for one in audits if one["score"] is not None]
        found += [
            f"{name} {category['score']}: {one['id']}: {one['title']}" for one in judged if one["score"] < 1
        ]
        assert found or category["score"] == 1
    every = [one["score"] for one in report["audits"].values() if one["score"] is not None]
    assert len(every) >= LEAST_AUDITS
    return found


@pytest.mark.long
def test_lighthouse_gives_the_full_score(
    page: Page, playwright: Playwright, installation: Installation, tmp_path: Path
) -> None:
    installation.sign_in(page)
    addresses = []
    for place in LOOKED_AT:
        PLACES[place](page)
        addresses.append(page.url)
    cookie = "; ".join(f"{one['name']}={one['value']}" for one in page.context.cookies())
    with ExitStack() as browsers:
        ports = {theme: browsers.enter_context(browser_of(playwright, theme)) for theme in THEMES}
        seen = [(theme, address) for theme in THEMES for address in addresses]
        pages = [{"address": address, "port": ports[theme]} for theme, address in seen]
        reports = judged(pages, cookie, tmp_path)
    found = {
        f"{theme} {address}": objections
        for (theme, address), report in zip(seen, reports, strict=True)
        if (objections := faults(report, address))
    }
    assert found == {}


def test_a_lower_score_names_the_audits_that_failed() -> None:
    passed = {f"passed-{number}": {"id": f"passed-{number}", "score": 1} for number in range(LEAST_AUDITS)}
    failed = {"label": {"id": "label", "title": "Inputs have no label", "score": 0}}
    references = [{"id": name, "weight": 1} for name in passed | failed]
    report = {
        "finalDisplayedUrl": "http://localhost/",
        "runWarnings": [],
        "audits": passed | failed,
        "categories": {
            "accessibility": {"score": 0.9, "auditRefs": references},
            "best-practices": {"score": 1, "auditRefs": references[:-1]},
        },
    }
    assert faults(report, "http://localhost/") == ["accessibility 0.9: label: Inputs have no label"]
