"""Lighthouse gives accessibility and best practices its full score: a list and a form, in both themes."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.places import PLACES
from tests.chromium import program
from tests.installation import Installation

pytestmark = pytest.mark.browser
PROGRAM = Path(__file__).parents[2] / "node_modules" / "lighthouse" / "cli" / "index.js"
CATEGORIES = ("accessibility", "best-practices")
# Chromium's own numbers for what a page is told of the reader's wish.
THEMES = {"light": 1, "dark": 0}
OPTIONS = (
    f"--only-categories={','.join(CATEGORIES)}",
    "--output=json",
    "--preset=desktop",
    "--quiet",
    "--disable-full-page-screenshot",
    "--no-enable-error-reporting",
)
# Fewer audits with a weight than that, and Lighthouse has not looked.
LEAST_AUDITS = 20
Look = Callable[[str, str], list[str]]


def _node() -> str:
    """The one that `make setup` put beside Python where the machine's own is too old; then the machine's."""
    beside = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    node = shutil.which("node", path=beside)
    if node is None or not PROGRAM.exists():
        pytest.skip("NO LIGHTHOUSE: make setup installs it")
    return node


@pytest.fixture
def look(page: Page, installation: Installation, tmp_path: Path) -> Look:
    """Judges an address, as the signed-in steward sees it, in a theme."""
    chromium = program()
    node = _node()
    assert chromium is not None
    installation.sign_in(page)
    headers = tmp_path / "headers.json"
    cookies = "; ".join(f"{one['name']}={one['value']}" for one in page.context.cookies())
    headers.write_text(json.dumps({"Cookie": cookies, "Accept-Language": "ja"}))
    # Nothing of the caller's: a profile, a proxy or a setting of theirs would change what is measured.
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "CHROME_PATH": chromium}

    def judge(address: str, theme: str) -> list[str]:
        chrome = f"--headless=new --no-sandbox --blink-settings=preferredColorScheme={THEMES[theme]}"
        given = (address, *OPTIONS, f"--chrome-flags={chrome}", f"--extra-headers={headers}")
        done = subprocess.run(
            [node, PROGRAM, *given], capture_output=True, text=True, env=environment, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr
        return faults(json.loads(done.stdout), address)

    return judge


def faults(report: dict[str, Any], address: str) -> list[str]:
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
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("place", ["companies", "statement-form"])
def test_lighthouse_gives_the_full_score(page: Page, look: Look, place: str, theme: str) -> None:
    PLACES[place](page)
    assert look(page.url, theme) == []


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
