"""A long file says how far it has been read, compared and written: nothing of it is an unmeasured wait."""

import pytest

from tests.factories import AUTHOR, company
from webapp.services.changes import door
from webapp.services.changes.row_writing import COMPARING, ROWS
from webapp.services.intake import importing
from webapp.services.intake.importing import Request
from webapp.services.intake.looking import feeding

pytestmark = pytest.mark.usefixtures("app", "connection")

FILE = b"Date,Open,High,Low,Close,Volume\n2025-06-30,5,9,4,6,1\n2025-06-27,5,9,4,6,1\n"
Told = list[tuple[int, int, str]]


class Watching:
    """What is told, in its order."""

    def __init__(self) -> None:
        self.told: Told = []

    def __call__(self, done: int, total: int, counted: str = ROWS, /) -> None:
        self.told.append((done, total, counted))

    def of(self, counted: str) -> Told:
        return [one for one in self.told if one[2] == counted]

    @property
    def parts(self) -> list[str]:
        """What was counted, one after the other."""
        names = [counted for _done, _total, counted in self.told]
        return [name for place, name in enumerate(names) if not place or names[place - 1] != name]


def goes_from_nothing_to_all(told: Told) -> bool:
    done = [one for one, _total, _counted in told]
    return done[0] == 0 and done == sorted(done) and done[-1] == told[-1][1] and len(done) > 1


def test_a_feed_tells_how_far_it_is_read_then_compared_then_compared_again_and_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(feeding, "MOST_ITEMS", 0)
    company(ticker_symbol="7203", listing_status="listed")
    looking, writing = Watching(), Watching()
    preview = importing.preview(Request("prices", "a.csv", FILE, AUTHOR, code="7203"), looking)
    change_set = importing.submit(preview)
    assert change_set is not None
    assert looking.parts == [ROWS, COMPARING]
    assert goes_from_nothing_to_all(looking.of(ROWS))
    assert goes_from_nothing_to_all(looking.of(COMPARING))

    assert door.settle(lambda: importing.confirm(change_set.id, AUTHOR, writing)) is None
    assert writing.parts == [COMPARING, ROWS]
    assert writing.of(COMPARING)[0] == (0, 100, COMPARING)
    assert writing.of(ROWS) == [(0, 2, ROWS), (2, 2, ROWS)]
