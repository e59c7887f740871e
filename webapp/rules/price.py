"""What makes a day's price acceptable."""

from collections.abc import Iterator, Mapping
from typing import Any

from webapp.rules.fields import Between, Text, digits
from webapp.rules.findings import Finding

PRICE = digits(14, 4, low=0)
VOLUME = Between(0, 2**53)
TURNOVER = digits(20, 0, low=0)
DATA_SOURCE = Text(60)

# As CHECKs: a day without a trade has no prices at all; a traded day has all four, in their order.
ALL_OR_NONE = "num_nulls(open, high, low, close) IN (0, 4)"
IN_ORDER = "low <= LEAST(open, close) AND GREATEST(open, close) <= high"


def check(row: Mapping[str, Any]) -> Iterator[Finding]:
    """What is wrong between the prices of one day."""
    first, high, low, last = (row.get(name) for name in ("open", "high", "low", "close"))
    given = [value for value in (first, high, low, last) if value is not None]
    if len(given) not in (0, 4):
        yield Finding(None, "open, high, low and close belong together: give all four or none")
    elif given and first is not None and last is not None:
        if low is not None and low > min(first, last):
            yield Finding("low", "must not be above open or close")
        if high is not None and high < max(first, last):
            yield Finding("high", "must not be below open or close")
    if not given and row.get("volume"):
        yield Finding("volume", "a day without prices has no volume")
