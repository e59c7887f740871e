"""Which page of a list this is, what lies before and after it, and the addresses that lead there."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from webapp.lists import paging
from webapp.lists.counting import Count
from webapp.lists.paging import FIRST, LAST, Order, Place

# The names in an address that say where a page begins.
AFTER, BEFORE, FINAL, AT = NAMES = ("after", "before", "last", "at")


@dataclass(frozen=True, slots=True)
class Window:
    """What is to be read: where it begins, how many rows at most, and how many come before where that is known."""

    place: Place
    size: int
    passed: int | None


@dataclass(frozen=True, slots=True)
class Pager:
    """What stands at the foot of a list; an address that leads nowhere is None."""

    first: str | None
    previous: str | None
    next: str | None
    last: str | None
    # The numbers of the first and the last row, where they are known.
    numbers: tuple[int, int] | None


def window(place: Place, count: Count, size: int) -> Window:
    """What to read; where all rows were counted, no page is short but the last one."""
    if count.is_capped:
        return Window(place, size, None if place.values or place.is_backward else place.offset)
    total = count.number
    if place.values is None:
        passed = max(0, (total - 1) // size * size)
        passed = passed if place.is_backward else min(place.offset, passed)
    elif place.is_backward:
        passed = max(0, count.past - size)
    elif count.past == 0 and not place.is_inclusive:
        return window(LAST, count, size)
    else:
        passed = total - count.past if count.past else 0
    return _at(place, passed, total, size)


def sides(read: Window, number: int, count: Count, *, has_more: bool) -> tuple[bool, bool]:
    """Whether there are rows before and after so many that were read."""
    if read.passed is not None and not count.is_capped:
        return read.passed > 0, read.passed + number < count.number
    if read.place.is_backward:
        return has_more, read.place != LAST
    return read.place != FIRST, has_more


def addresses(
    base: str, order: Order, found: Sequence[Any], read: Window, *, sides: tuple[bool, bool]
) -> Pager:
    """The pager of these rows; `sides` says whether there are rows before and after them."""
    has_previous, has_next = sides
    join = "&" if "?" in base else "?"

    def to(name: str, value: str) -> str:
        return f"{base}{join}{urlencode({name: value})}"

    return Pager(
        first=base if has_previous else None,
        previous=to(BEFORE, paging.write(order, found[0])) if has_previous and found else None,
        next=to(AFTER, paging.write(order, found[-1])) if has_next and found else None,
        last=to(FINAL, "1") if has_next else None,
        numbers=None if read.passed is None or not found else (read.passed + 1, read.passed + len(found)),
    )


def _at(place: Place, passed: int, total: int, size: int) -> Window:
    if passed == 0:
        return Window(FIRST, size, 0)
    if place.values is None and not place.is_backward:
        place = replace(place, offset=passed)
    if place == LAST:
        size = total - passed
    return Window(place, size, passed)
