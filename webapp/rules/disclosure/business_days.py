"""The days on which authorities take documents: none on weekends, national holidays, 29 December to 3 January.

Source: 行政機関の休日に関する法律 第1条 (which days), 第2条 (what falls due on one is due on the next that is none).
Tokyo trades on no national holiday, so the sessions know them; after the last day that these know, weekends count.
"""

from datetime import date, timedelta

from webapp.rules.market import sessions

NEW_YEAR = frozenset(((12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)))
# The exchange's system stood still, and every authority was open.
OUTAGES = frozenset((date(2020, 10, 1),))


def is_business_day(day: date) -> bool:
    """Whether EDINET takes documents."""
    if day.weekday() in (sessions.SATURDAY, sessions.SUNDAY) or (day.month, day.day) in NEW_YEAR:
        return False
    return day not in sessions.closures() or day in OUTAGES


def on_or_after(day: date) -> date:
    """This day, or the next business day where it is none."""
    while not is_business_day(day):
        day += timedelta(days=1)
    return day
