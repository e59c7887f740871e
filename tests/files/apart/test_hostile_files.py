"""Whatever a file is made of, it is refused in one sentence, soon, and takes no more than it may from the machine.

As a kind's reader does it, in the process in which imports run it; what an import then says is in tests/cli.
"""

import time
from collections.abc import Callable, Mapping
from itertools import permutations

import pytest

from tests.files import hostile
from webapp.files.apart import calling
from webapp.files.rows import WrongFile
from webapp.services.intake.kinds import KINDS

SECONDS = 10


def rows_taken(kind: str, name: str, content: bytes) -> int:
    """How many rows of a file are taken, none where it is refused; in time, whatever comes of it."""
    began = time.monotonic()
    taken, why = 0, "taken"
    try:
        taken = len(calling.read(KINDS[kind].read, content, name).rows)
    except WrongFile as refusal:
        why = str(refusal)
    assert time.monotonic() - began < SECONDS
    assert "\n" not in why
    assert "breaks down" not in why
    return taken


def kinds_that_take(files: Mapping[str, tuple[str, bytes]]) -> list[str]:
    """The kinds whose reader takes any row of these files, but for the one that takes whatever is a table."""
    taken = {kind: rows_taken(kind, *given) for kind, given in files.items()}
    return [kind for kind, rows in taken.items() if rows and kind != hostile.ANY_TABLE]


def test_every_kind_has_a_good_file_here_that_is_taken() -> None:
    assert set(hostile.GOOD) == set(KINDS)
    assert {kind for kind, given in hostile.GOOD.items() if rows_taken(kind, *given)} == set(KINDS)


@pytest.mark.parametrize("make", hostile.FILES.values(), ids=hostile.FILES)
def test_a_file_that_is_wrong_as_a_whole_is_refused_as_whatever_it_is_brought(
    make: Callable[[], bytes],
) -> None:
    content = make()
    assert kinds_that_take({kind: (name, content) for kind, (name, _) in hostile.GOOD.items()}) == []


@pytest.mark.parametrize("make", hostile.ROWS.values(), ids=hostile.ROWS)
def test_hostile_rows_under_the_right_headings_are_not_taken(make: Callable[[], str]) -> None:
    rows = make()
    lists = (
        ["jpx-list"]
        if len(rows) > hostile.MEGABYTE // 5
        else sorted(set(hostile.GOOD) - {"edinet-filing", "edinet-filings"})
    )
    under = {kind: (hostile.GOOD[kind][0], hostile.under_headings(kind, rows)) for kind in lists}
    assert kinds_that_take(under) == []


@pytest.mark.parametrize("name", ["NUL in cells", "100,000 columns", "a cell of 10 MB", "17 MB"])
def test_a_filing_with_a_broken_line_is_refused(name: str) -> None:
    content = hostile.under_headings("edinet-filing", hostile.ROWS[name]())
    assert rows_taken("edinet-filing", "S100TEST.zip", content) == 0
    parcel = hostile.under_headings("edinet-filings", hostile.ROWS[name]())
    assert rows_taken("edinet-filings", "reports.zip", parcel) == 0


def test_each_kind_refuses_the_good_files_of_the_others() -> None:
    taken = {
        (kind, other)
        for kind, other in permutations(hostile.GOOD, 2)
        if kind != hostile.ANY_TABLE and rows_taken(kind, *hostile.GOOD[other])
    }
    assert taken == set()
