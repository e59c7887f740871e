"""How far something has come, as a terminal shows it."""

import io
import sys

import pytest

from webapp.cli.changes import progress


class Terminal(io.StringIO):
    """What was drawn on it."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("is_shown", [True, False])
def test_a_bar_goes_on_begins_anew_and_waits_for_what_follows(
    monkeypatch: pytest.MonkeyPatch, is_shown: bool
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with progress.bar("7203.csv", is_shown=is_shown) as on_rows:
        for done in (0, 50, 100, 25):
            on_rows(done, 100)
    steps = [line.strip() for line in terminal.getvalue().split("\r") if "7203.csv" in line]
    told = [
        (percent, "…" in step)
        for step in steps
        for percent in ("0%", "50%", "100%", "25%")
        if f" {percent}" in step
    ]
    expected = [("0%", False), ("50%", False), ("100%", True), ("25%", False)]
    assert told == (expected if is_shown else [])
