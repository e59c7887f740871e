"""Without the front-end packages' files nothing is served; what to run is one line."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from webapp import vendored
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
    assert vendored.lacking() is None
    sentence = vendored.lacking(tmp_path)
    assert sentence is not None
    assert "tom-select.js" in sentence
    assert "Run: make setup" in sentence


def test_a_server_without_them_ends_as_with_a_wrong_setting(tmp_path: Path) -> None:
    leave = shutil.ignore_patterns("__pycache__", "vendor")
    shutil.copytree(ROOT / "webapp", tmp_path / "webapp", ignore=leave)
    for name in ("templates", "migrations"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=leave)
    for name in ("wsgi.py", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    done = served(tmp_path)
    assert done.returncode == EXIT_CONFIGURATION
    assert done.stderr == f"stockcode: {vendored.lacking(tmp_path)}\n"

    shutil.copytree(vendored.PLACE, tmp_path / "webapp" / "static" / "vendor")
    done = served(tmp_path)
    assert (done.returncode, done.stdout) == (0, "webapp\n"), done.stderr
