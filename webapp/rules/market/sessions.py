"""The days on which Tokyo trades: data with a version, made from exchange_calendars (XTKS) by tests/sessions.py.

`closures_N.csv` names the first and the last day that are known, and each weekday between on which there was no
session: holidays, the days around New Year, and 2020-10-01, when the exchange's system stood still. It is not edited
once it was released.
"""

import csv
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path

VERSION = 1
FIRST, LAST, CLOSED = "first", "last", "closed"
SATURDAY, SUNDAY = 5, 6
SATURDAYS_OFF_SINCE = date(1989, 2, 4)
NEW_YEAR = frozenset(((12, 31), (1, 1), (1, 2), (1, 3)))


def path(version: int = VERSION) -> Path:
    """Where a version of the data stands."""
    return Path(__file__).with_name(f"closures_{version}.csv")


@cache
def rows() -> list[tuple[str, date]]:
    """What each day is, in the order of the file."""
    with path().open(encoding="utf-8", newline="") as file:
        return [(row["what"], date.fromisoformat(row["day"])) for row in csv.DictReader(file)]


@cache
def closures() -> frozenset[date]:
    """The weekdays without a session, as far as they are known."""
    return frozenset(day for what, day in rows() if what == CLOSED)


@cache
def _known() -> tuple[date, date]:
    ends = dict(rows())
    return ends[FIRST], ends[LAST]


def is_session(day: date) -> bool | None:
    """Whether Tokyo trades on a day; None where nobody knows yet, or any more."""
    if is_always_closed(day) or day in closures():
        return False
    first, last = _known()
    return True if first <= day <= last else None


def is_always_closed(day: date) -> bool:
    """Whether Tokyo has no session whatever the year: a weekend, or the days around New Year.

    Business Regulations of the Tokyo Stock Exchange, rule 3 and its enforcement rules: Saturdays, Sundays, 31 December
    to 3 January. Saturdays since February 1989.
    """
    if (day.month, day.day) in NEW_YEAR or day.weekday() == SUNDAY:
        return True
    return day.weekday() == SATURDAY and day >= SATURDAYS_OFF_SINCE


@cache
def all_known() -> Sequence[date]:
    """Every session that is known, in order."""
    first, last = _known()
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return tuple(day for day in days if is_session(day))


def between(before: date, after: date) -> Sequence[date]:
    """The sessions after one day and before another, as far as they are known."""
    return all_known()[bisect_right(all_known(), before) : bisect_left(all_known(), after)]
