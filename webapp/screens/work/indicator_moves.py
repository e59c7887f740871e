"""Which indicators a change set has moved, or would move, as its page shows them."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from flask import url_for

from webapp.lists import records
from webapp.models.change_set import ChangeSet
from webapp.models.company import Company
from webapp.models.financial_indicator import FinancialIndicator
from webapp.services.changes import row_codec
from webapp.services.checking import impact
from webapp.web.speaking import speech
from webapp.words.watched import moved_indicators
from webapp.words.watched.moved_indicators import Moved

# What would move is shown as far as a page is read.
MOST_SHOWN = 60


class Line(NamedTuple):
    """An indicator that moves, of which company and day, and where it is shown how it is computed."""

    moved: Moved
    record: str
    url: str | None


class Shown(NamedTuple):
    """What moves: the first of it, and how many more; how many rows are new, and how many went."""

    lines: Sequence[Line]
    more: int
    new: int
    gone: int
    # Whether it has happened.
    is_done: bool
    # Why nothing is said yet, in a sentence.
    later: str | None = None


def of(change_set: ChangeSet) -> Shown | None:
    """What a change set has moved; of one that waits, what it would move."""
    if change_set.status == "proposed":
        return _would_move(change_set)
    kept = change_set.indicator_moves
    if not kept:
        return None
    names = _companies({one["company_id"] for one in kept["moves"]})
    lines = [
        Line(
            moved_indicators.of_stored(one, speech()),
            _record(names, one["company_id"], one),
            url_for("indicators.formula_view", id=one["indicator_id"], name=one["name"]),
        )
        for one in kept["moves"]
    ]
    return Shown(lines, int(kept["moved"]) - len(lines), int(kept["new"]), int(kept["gone"]), is_done=True)


def of_undoing(change_set: ChangeSet) -> Sequence[str]:
    """What undoing it would move, in sentences."""
    return moved_indicators.foreseen_of(impact.of_change_set(change_set, is_undone=True), speech())


def _would_move(change_set: ChangeSet) -> Shown | None:
    """What writing it would move; None where that is nothing."""
    moving = impact.of_change_set(change_set)
    if moving is None:
        return Shown([], 0, 0, 0, is_done=False, later=moved_indicators.later(speech()))
    total, new, gone = (
        sum(len(one.moves) for one in moving),
        sum(one.new for one in moving),
        sum(one.gone for one in moving),
    )
    if not (total or new or gone):
        return None
    lines = list(_lines(moving))[:MOST_SHOWN]
    return Shown(lines, total - len(lines), new, gone, is_done=False)


def _lines(moving: Sequence[impact.OfCompany]) -> Iterator[Line]:
    names = _companies({one.company_id for one in moving})
    for one in moving:
        for move in one.moves:
            place = row_codec.encode(move.place._asdict())
            yield Line(moved_indicators.of_move(move, speech()), _record(names, one.company_id, place), None)


def _companies(numbers: set[int]) -> dict[int, str]:
    return records.names_of(Company, numbers, speech())


def _record(names: dict[int, str], company_id: int, place: Any) -> str:
    """A row of indicators by its company, day, basis, scope and standard."""
    read = FinancialIndicator.naming.columns
    known = row_codec.decode(FinancialIndicator, {name: place[name] for name in read})
    name = names.get(company_id, str(company_id))
    return str(FinancialIndicator.naming.of_values(known, name, speech().language))
