"""Where the gathered real files are, for the tests that are marked real_data."""

import os
from pathlib import Path

import pytest

BESIDE_THE_REPOSITORY = Path(__file__).parents[3] / "shared" / "data"


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real files; skips, saying where it looked, on a machine that has none."""
    folder = Path(os.environ.get("STOCKCODE_REAL_DATA") or BESIDE_THE_REPOSITORY)
    if not folder.is_dir():
        pytest.skip(f"no real data in {folder}; STOCKCODE_REAL_DATA may name another folder")
    return folder
