"""Write the days on which Tokyo does not trade, from exchange_calendars: `make sessions`, once a year.

The package brings pandas, which nothing here needs otherwise; so what it says becomes a small file with a version.
A released file is not edited: a newer one takes the next number, and `VERSION` of
webapp/rules/market/sessions.py follows.
"""

import csv
import sys
from collections.abc import Iterator
from datetime import date, timedelta

import exchange_calendars

from webapp.rules import calendar
from webapp.rules.market import sessions

SATURDAY = 5
FIRST = date(1997, 1, 6)
# The whole system stood still for a day (東京証券取引所 2020-10-01); some versions of the package call it a session.
OUTAGES = frozenset({date(2020, 10, 1)})


def known() -> Iterator[tuple[str, date]]:
    """The first and the last day that are told of, and every weekday between without a session."""
    tokyo = exchange_calendars.get_calendar("XTKS", start=FIRST.isoformat())
    held = {moment.date() for moment in tokyo.sessions} - OUTAGES
    # 内閣府 announces a year's equinoxes, and so its holidays, in February of the year before.
    last = min(max(held), date(calendar.today().year + 1, 12, 31))
    yield "first", FIRST
    yield "last", last
    for number in range((last - FIRST).days + 1):
        day = FIRST + timedelta(days=number)
        if day.weekday() < SATURDAY and day not in held:
            yield "closed", day


def main() -> None:
    """Write the next version, unless it would say the same."""
    rows = list(known())
    if rows == sessions.rows():
        sys.stdout.write(f"Version {sessions.VERSION} says the same.\n")
        return
    path = sessions.path(sessions.VERSION + 1)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([("what", "day"), *rows])
    sys.stdout.write(f"{path.name}: now raise VERSION of webapp/rules/market/sessions.py.\n")


if __name__ == "__main__":
    main()
