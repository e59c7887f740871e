"""Which indicators of a company a change of its rows moves, and from what to what. Pure."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from webapp.indicators import assembling
from webapp.indicators.assembling import Inputs, Place
from webapp.indicators.formulas import INDICATORS
from webapp.indicators.indicator import MISSING, Computed
from webapp.rules.expressions import Facts

NOTHING = Computed(None, MISSING)


class Move(NamedTuple):
    """An indicator of one place, before and after."""

    place: Place
    name: str
    before: Computed
    after: Computed


def impact(before: Inputs, after: Inputs) -> Iterator[Move]:
    """What moves, the latest day first; what has no value on either side does not."""
    was, will_be = assembling.assemble(before), assembling.assemble(after)
    # What is reckoned of the same comes to the same.
    differing = {place for place in was.keys() | will_be.keys() if _at(was, place) != _at(will_be, place)}
    for place in sorted(differing, reverse=True):
        for one in INDICATORS:
            sides = [
                one.compute(facts) if (facts := _at(side, place)) else NOTHING for side in (was, will_be)
            ]
            if sides[0] != sides[1]:
                yield Move(place, one.name, *sides)


def _at(assembled: Mapping[Place, Facts], place: Place) -> Facts:
    return assembled.get(place, {})
