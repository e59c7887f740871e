"""What makes a day's price acceptable."""

from collections.abc import Iterator, Mapping
from typing import Any

from webapp.rules.disclosure import reading
from webapp.rules.fields import Between, Text, digits
from webapp.rules.findings import Finding
from webapp.rules.market import sessions

PRICE = digits(14, 4, low=0)
VOLUME = Between(0, 2**53)
TURNOVER = digits(20, 0, low=0)
DATA_SOURCE = Text(60)

# As CHECKs: a day without a trade has no prices at all; a traded day has all four, in their order.
ALL_OR_NONE = "num_nulls(open, high, low, close) IN (0, 4)"
IN_ORDER = "low <= LEAST(open, close) AND GREATEST(open, close) <= high"
TOGETHER = Finding(None, "open, high, low and close belong together: give all four or none")
LOW = Finding("low", "must not be above open or close")
HIGH = Finding("high", "must not be below open or close")
NO_VOLUME = Finding("volume", "a day without prices has no volume")
NOT_ZERO = {
    name: Finding(name, "must be above zero; a day without a trade has no prices")
    for name in ("open", "high", "low", "close")
}
# What `check` blocks besides, so that a million days are held against it at once.
SOUND = {
    ALL_OR_NONE: TOGETHER,
    "low <= LEAST(open, close)": LOW,
    "GREATEST(open, close) <= high": HIGH,
    "num_nonnulls(open, high, low, close) > 0 OR volume = 0": NO_VOLUME,
    **{f"{name} > 0": finding for name, finding in NOT_ZERO.items()},
}
# When `check` remarks on a day, in the same words as `is_always_closed`.
REMARKABLE = (
    "extract(isodow FROM traded_on) = 7 OR to_char(traded_on, 'MM-DD') IN ('12-31', '01-01', '01-02', '01-03')"
    " OR (extract(isodow FROM traded_on) = 6 AND traded_on >= date '1989-02-04')"
)


def check(row: Mapping[str, Any]) -> Iterator[Finding]:
    """What is wrong between the prices of one day."""
    first, high, low, last = (row.get(name) for name in ("open", "high", "low", "close"))
    given = [value for value in (first, high, low, last) if value is not None]
    if len(given) not in (0, 4):
        yield TOGETHER
    elif given and first is not None and last is not None:
        if low is not None and low > min(first, last):
            yield LOW
        if high is not None and high < max(first, last):
            yield HIGH
    if not given and row.get("volume"):
        yield NO_VOLUME
    yield from _not_positive(row)
    traded_on = row.get("traded_on")
    if traded_on is not None and sessions.is_session(traded_on) is False:
        yield reading.SESSION.broken()


def _not_positive(row: Mapping[str, Any]) -> Iterator[Finding]:
    for name, finding in NOT_ZERO.items():
        if row.get(name) == 0:
            yield finding
