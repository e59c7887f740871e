"""How findings come and go: opened, closed and standing, by severity, in equal steps of days."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import text

from webapp import db
from webapp.rules import calendar

# A finding that came back counts from when it was first seen: when it was closed between is kept nowhere.
COUNTED = """
    SELECT 'before' AS what, 0 AS step, f.severity, count(*) AS number FROM findings f
    WHERE f.first_seen_at < :first AND (f.closed_at IS NULL OR f.closed_at >= :first) GROUP BY f.severity
    UNION ALL
    SELECT 'opened', ((f.first_seen_at AT TIME ZONE 'Asia/Tokyo')::date - CAST(:day AS date)) / :days,
        f.severity, count(*)
    FROM findings f WHERE f.first_seen_at >= :first GROUP BY 2, 3
    UNION ALL
    SELECT 'closed', ((f.closed_at AT TIME ZONE 'Asia/Tokyo')::date - CAST(:day AS date)) / :days,
        f.severity, count(*)
    FROM findings f WHERE f.closed_at >= :first GROUP BY 2, 3
"""


@dataclass(frozen=True, slots=True)
class Step:
    """Some days: which is the last, and by severity how many findings were opened and closed, and stand at its end."""

    until: date
    opened: Mapping[str, int]
    closed: Mapping[str, int]
    standing: Mapping[str, int]


def of_steps(number: int, days: int) -> list[Step]:
    """So many steps of so many days each, up to today."""
    first = calendar.today() - timedelta(days=number * days - 1)
    asked = {"first": datetime.combine(first, time(), calendar.JST), "day": first, "days": days}
    counts: dict[tuple[str, int], Counter[str]] = {}
    for what, step, severity, count in db.session.execute(text(COUNTED), asked):
        counts.setdefault((what, step), Counter())[severity] += count
    nothing: Counter[str] = Counter()
    standing = counts.get(("before", 0), nothing)
    steps = []
    for place in range(number):
        opened, closed = counts.get(("opened", place), nothing), counts.get(("closed", place), nothing)
        standing = Counter(
            {one: standing[one] + opened[one] - closed[one] for one in standing | opened | closed}
        )
        steps.append(Step(first + timedelta(days=(place + 1) * days - 1), opened, closed, standing))
    return steps
