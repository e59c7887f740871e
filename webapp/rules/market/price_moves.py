"""What is odd about a day's prices beside those of the days before it. Remarks, never refusals.

Source: 東京証券取引所 制限値幅 (呼値の制限値幅に関する規則): so many yen up or down from the last close as it was
traded. The exchange widens a limit after days at it, and has none on a first day: a breach is worth a look.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from webapp.rules.disclosure import reading
from webapp.rules.expressions import EXACT
from webapp.rules.findings import Finding
from webapp.rules.market import sessions

LIMIT, SPLIT = reading.LIMIT.id, reading.SPLIT.id
STALE, MISSING, SESSION = reading.STALE.id, reading.MISSING.id, reading.SESSION.id
# Below which price -> how many yen, and above all of them.
_BELOW_10_000 = (
    (100, 30), (200, 50), (500, 80), (700, 100), (1_000, 150), (1_500, 300), (2_000, 400), (3_000, 500),
    (5_000, 700), (7_000, 1_000), (10_000, 1_500),
)  # fmt: skip
# From 10,000 on the same six steps hold for every power of ten, up to 50 million yen.
_DECADE = ((15, 3), (20, 4), (30, 5), (50, 7), (70, 10), (100, 15))
_ABOVE = tuple((below * 10**power, yen * 10**power) for power in range(3, 7) for below, yen in _DECADE)
HIGHEST = 50_000_000
STEPS = (*_BELOW_10_000, *(step for step in _ABOVE if step[0] <= HIGHEST))
LARGEST = 10_000_000
# What shares are split into, or drawn together from.
USUAL_SPLITS = tuple(
    map(Decimal, ("1.5", "2", "2.5", "3", "4", "5", "6", "8", "10", "15", "20", "25", "50", "100"))
)
# So near is a close to the last one, divided, on the day of a split.
NEAR = Decimal("0.12")
STALE_DAYS = 20


@dataclass(frozen=True, slots=True)
class Day:
    """The prices of a day as they were traded; none on a day without a trade."""

    traded_on: date
    high: Decimal | None
    low: Decimal | None
    close: Decimal | None
    volume: int | None


def limit(base: Decimal) -> int:
    """By how many yen a price may move in a day from the last close, up or down."""
    place = bisect_right(STEPS, base, key=lambda step: step[0])
    return STEPS[place][1] if place < len(STEPS) else LARGEST


def remarks(days: Sequence[Day], factors: Mapping[date, Decimal]) -> Iterator[tuple[date, Finding]]:
    """What is odd about each of a company's days, which come in order; the first one is only compared with.

    `factors` are, by ex-date, what a corporate action multiplies the last close by: a fifth for a split into five.
    """
    last: Day | None = None
    still = 0
    for before, day in zip((None, *days), days, strict=False):
        if last is not None and day.close is not None:
            yield from ((day.traded_on, remark) for remark in _moved(last, day, factors))
        missing = () if before is None else sessions.between(before.traded_on, day.traded_on)
        if missing:
            yield day.traded_on, without_rows(missing)
        still = still + 1 if _stands_still(last, day) else 0
        if still == STALE_DAYS:
            yield day.traded_on, not_traded()
        last = day if day.close is not None else last


def _moved(last: Day, day: Day, factors: Mapping[date, Decimal]) -> Iterator[Finding]:
    assert last.close is not None
    assert day.close is not None
    base, is_explained = last.close, False
    for ex_on, factor in sorted(factors.items()):
        if last.traded_on < ex_on <= day.traded_on:
            base, is_explained = EXACT.multiply(base, factor), True
    most = limit(base)
    high, low = day.high or day.close, day.low or day.close
    if low >= base - most and high <= base + most:
        return
    split = None if is_explained else _usual_split(last.close, day.close)
    yield beyond_limit(base, most) if split is None else as_by_split(last.close, split)


def as_by_split(last_close: Decimal, split: str) -> Finding:
    """A price that a split would have made of the last close, and of which no corporate action tells."""
    return reading.SPLIT.broken(base=_shown(last_close), split=split)


def beyond_limit(base: Decimal, most: int) -> Finding:
    """A price that has moved from a base by more than so many yen."""
    return reading.LIMIT.broken(limit=f"{most:,}", base=_shown(base))


def without_rows(missing: Sequence[date]) -> Finding:
    """A day before which there were sessions without a row."""
    return reading.MISSING.broken(number=len(missing), first=missing[0].isoformat())


def not_traded() -> Finding:
    """The last of so many days without a trade."""
    return reading.STALE.broken(days=STALE_DAYS)


def _usual_split(last: Decimal, close: Decimal) -> str | None:
    """How a split or a reverse split would have made one price of the other: ÷5, ×10; None where none would."""
    for sign, more, less in (("÷", last, close), ("×", close, last)) if close else ():
        near = min(USUAL_SPLITS, key=lambda split: abs(split * less - more))
        if abs(near * less - more) <= NEAR * near * less:
            return f"{sign}{near}"
    return None


def _stands_still(last: Day | None, day: Day) -> bool:
    """No trade, or the close of the day before with a volume of zero."""
    if day.close is None:
        return True
    return day.volume == 0 and last is not None and day.close == last.close


def _shown(price: Decimal) -> str:
    return f"{price.normalize():,f}"
