"""Which indicators of a company a change of its rows moves, and from what to what. Pure."""

from collections.abc import Iterator, Mapping, Sequence
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


class Impact(NamedTuple):
    """What moves where something was reckoned and still is; how many places come, and how many go."""

    moves: Sequence[Move]
    new: int
    gone: int


def impact(before: Inputs, after: Inputs) -> Impact:
    """What moves, the latest day first; what has no value on either side does not."""
    was, will_be = assembling.assemble(before), assembling.assemble(after)
    moves = list(_moves(was, will_be))
    return Impact(moves, new=len(will_be.keys() - was.keys()), gone=len(was.keys() - will_be.keys()))


def _moves(was: Mapping[Place, Facts], will_be: Mapping[Place, Facts]) -> Iterator[Move]:
    # What is reckoned of the same comes to the same.
    differing = {place for place in was.keys() & will_be.keys() if was[place] != will_be[place]}
    for place in sorted(differing, reverse=True):
        for one in INDICATORS:
            sides = [one.compute(facts) if (facts := side[place]) else NOTHING for side in (was, will_be)]
            if sides[0] != sides[1]:
                yield Move(place, one.name, *sides)
