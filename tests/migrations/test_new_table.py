"""A new table is written in three places, as the README says: model, screen, and the revision generated from them."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from tests.migrations import new_table
from tests.migrations.projects import ROOT

pytestmark = [pytest.mark.release, pytest.mark.long]

COPIED = ("migrations", "webapp", "templates", "pyproject.toml")


def test_a_table_in_three_places_is_released_listed_written_and_remembered(
    tmp_path: Path, migrated_database: Callable[[], URL]
) -> None:
    for name in COPIED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    for path, source in new_table.FILES.items():
        (tmp_path / path).write_text(source, encoding="utf-8")
    environ = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join((str(tmp_path), str(ROOT))),
        "DATABASE_URL": migrated_database().render_as_string(hide_password=False),
        "APP_ENV": "local",
    }

    done = subprocess.run(
        [sys.executable, "-m", "tests.migrations.new_table"],
        cwd=tmp_path,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert [exit_code for _command, exit_code, _said in told["ended"]] == [0] * len(new_table.COMMANDS), told
    assert told["screen"] == {
        "empty list": 200,
        "new": 302,
        "edited": 302,
        "list": [200, True, True],
        "refused": [200, True],
        "history": [200, True],
    }
    assert told["versions"] == [new_table.NEW["name_en"]]
    (written,) = (tmp_path / "migrations" / "versions").glob("*_create_auditors.py")
    # Nothing in it is left to do by hand.
    assert "TODO" not in written.read_text(encoding="utf-8")
