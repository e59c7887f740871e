"""Without the files that `npm run build` places nothing is served; what to run is one line."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import bundles
from webapp import placed
from webapp.settings import EXIT_CONFIGURATION

ROOT = Path(__file__).parents[1]
SETTINGS = {
    "DATABASE_URL": "postgresql://nobody@localhost/nothing",
    "SECRET_KEY": "k" * 32,
    "APP_ENV": "local",
}


def served(code: Path) -> subprocess.CompletedProcess[str]:
    """What loading wsgi.py as a server does, in a folder of the code, ends with."""
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", "import wsgi; print(wsgi.app.name)"],
        cwd=code,
        env=environment | SETTINGS,
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_is_missing_is_named_with_what_to_run(tmp_path: Path) -> None:
    assert placed.lacking() is None
    sentence = placed.lacking(tmp_path)
    assert sentence is not None
    for name in (
        "vendor/tom-select.js",
        "built/shell.js",
        "built/list.js",
        "built/form.js",
        "built/cells.js",
        "built/admin.css",
    ):
        assert name in sentence
    assert "Run: make setup" in sentence


@pytest.mark.long
def test_a_server_without_them_ends_as_with_a_wrong_setting(tmp_path: Path) -> None:
    leave = shutil.ignore_patterns("__pycache__", "vendor", "built")
    shutil.copytree(ROOT / "webapp", tmp_path / "webapp", ignore=leave)
    for name in ("templates", "migrations"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=leave)
    for name in ("wsgi.py", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    done = served(tmp_path)
    assert done.returncode == EXIT_CONFIGURATION
    assert done.stderr == f"stockcode: {placed.lacking(tmp_path)}\n"

    for folder in ("vendor", "built"):
        shutil.copytree(placed.STATIC / folder, tmp_path / "webapp" / "static" / folder)
    done = served(tmp_path)
    assert (done.returncode, done.stdout) == (0, "webapp\n"), done.stderr


@pytest.mark.parametrize("source", ["js/form/numbers.js", "css/form.css"])
def test_a_source_that_is_newer_than_its_bundle_stops_the_tests_that_a_browser_runs(
    tmp_path: Path, source: str
) -> None:
    for folder in bundles.SOURCES:
        shutil.copytree(placed.STATIC / folder, tmp_path / folder)
    (tmp_path / "built").mkdir()
    for name in placed.BUNDLES:
        (tmp_path / name).touch()
    assert bundles.outdated(tmp_path) is None
    later = (tmp_path / placed.BUNDLES[0]).stat().st_mtime + 1
    os.utime(tmp_path / source, (later, later))
    assert str(bundles.outdated(tmp_path)).endswith("Run: npm run build (or: make setup)")
