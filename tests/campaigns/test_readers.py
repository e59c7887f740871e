"""Thousands of spoiled files: every reader takes each or refuses it in time, and never breaks down on one.

A few with every test; `make fuzz` tries five thousand for each reader (FILES=…), or as many as go in MINUTES=…
The seed is in what a failure says: SEED=… tries the same again.
"""

import os
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.campaigns import spoiling
from tests.conftest import TOLD
from webapp.files.apart import calling
from webapp.files.rows import MasterList, WrongFile
from webapp.services.intake.kinds import KINDS

FILES = int(os.environ.get("FILES", "60"))
MINUTES = float(os.environ.get("MINUTES", "10"))
SEED = os.environ.get("SEED", date.today().isoformat())  # noqa: DTZ011 - a number, whatever the zone
SECONDS = 10
REAL = Path(os.environ.get("STOCKCODE_REAL_DATA") or Path(__file__).parents[3] / "shared" / "data")


@pytest.mark.timeout(0)
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_spoiled_file_breaks_a_reader(kind: str, record_property: Callable[[str, object], None]) -> None:
    folder = REAL if REAL.is_dir() else None
    end = time.monotonic() + MINUTES * 60 / len(KINDS)
    taken = tried = 0
    for number in range(FILES):
        name, content = spoiling.spoiled(kind, SEED, number, folder)
        began = time.monotonic()
        wrong = _broken_by(kind, name, content)
        if time.monotonic() - began > SECONDS:
            wrong = "took too long"
        assert wrong in (None, "refused"), f"{wrong}: {name} of {kind}, SEED={SEED} number {number}"
        taken, tried = taken + (wrong is None), number + 1
        if time.monotonic() > end:
            break
    record_property(TOLD, f"{tried:,} spoiled files tried, {taken:,} taken at least in part")


def _broken_by(kind: str, name: str, content: bytes) -> str | None:
    """What is wrong with how the file was read; "refused" where it was, and nothing where it was taken."""
    try:
        listing = calling.read(KINDS[kind].read, content, name)
    except WrongFile as refusal:
        # The library of old workbooks takes a damaged one's word for how much memory it needs.
        is_beyond = "limits" in str(refusal) and not name.endswith(".xls")
        is_one = "\n" not in str(refusal) and "breaks down" not in str(refusal) and not is_beyond
        return "refused" if is_one else str(refusal)
    return _miscounted(listing)


def _miscounted(listing: MasterList[object]) -> str | None:
    """Every row of a file is in one place: taken, refused, or left out."""
    rows = len(listing.rows) + len({bad.line for bad in listing.bad_rows}) + sum(listing.left_out.values())
    return None if rows == listing.total_rows else f"{listing.total_rows} rows, {rows} of them told of"
