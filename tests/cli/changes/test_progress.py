"""How far something has come, as a terminal shows it."""

import io
import sys

import pytest

from webapp.cli.changes import progress
from webapp.services.changes.row_writing import COMPARING


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


def test_comparing_has_a_bar_of_its_own_and_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with progress.bar("7203.csv", is_shown=True, comparing="Comparing") as tick:
        for done in (0, 100):
            tick(done, 100)
        for done in (0, 45, 100):
            tick(done, 100, COMPARING)
    steps = [line.strip() for line in terminal.getvalue().split("\r") if "%" in line]
    assert [step for step in steps if "45%" in step and "Comparing  [" in step]
    assert all(("Comparing  [" in step) != ("7203.csv  [" in step) for step in steps)


def test_many_rows_are_few_drawings_and_reading_the_file_is_no_measure_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal, now = Terminal(), 1000.0
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr("time.time", lambda: now)
    with progress.bar("list.xls", is_shown=True) as tick:
        now += 30
        for done in range(4001):
            now += 0.001
            tick(done, 4000)
    drawings = terminal.getvalue().split("\r")
    assert any("100%" in drawing for drawing in drawings)
    assert 100 <= len(drawings) <= 105
    # A row takes a thousandth of a second: more than two thousand are left.
    assert any("45%" in drawing and "00:00:02" in drawing for drawing in drawings)
