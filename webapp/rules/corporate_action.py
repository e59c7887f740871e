"""What makes a corporate action acceptable: which shares become which, and from which day prices follow."""

from collections.abc import Iterator, Mapping
from typing import Any

from webapp.rules.fields import OneOf, Text, digits
from webapp.rules.findings import Finding

SPLIT, REVERSE_SPLIT, ALLOTMENT = "split", "reverse_split", "allotment"
RIGHTS, MERGER, EXCHANGE, SPIN_OFF = "rights", "merger", "exchange", "spin_off"
# 株式分割, 株式併合, 株式無償割当て, ライツ・オファリング, 合併, 株式交換・株式移転, スピンオフ.
KIND = OneOf((SPLIT, REVERSE_SPLIT, ALLOTMENT, RIGHTS, MERGER, EXCHANGE, SPIN_OFF))
# So many shares before become so many after; 1 share for 1.5, and 10 for 1, occur.
SHARES = digits(18, 6, low=0)
SOURCE = Text(200)
# What divides or multiplies every share alike, and so the price of each.
OF_EVERY_SHARE = frozenset((SPLIT, REVERSE_SPLIT, ALLOTMENT))

# As CHECKs.
BOTH_OR_NONE = "num_nulls(ratio_from, ratio_to) IN (0, 2)"
ABOVE_ZERO = "ratio_from > 0 AND ratio_to > 0"


def check(row: Mapping[str, Any]) -> Iterator[Finding]:
    """What is wrong between the fields of one action."""
    before, after = row.get("ratio_from"), row.get("ratio_to")
    if (before is None) != (after is None):
        yield Finding("ratio_to", "the shares before and after belong together: give both or none")
    for name, shares in (("ratio_from", before), ("ratio_to", after)):
        if shares is not None and not shares:
            yield Finding(name, "must be above zero")
    if before and after:
        yield from _direction(row.get("kind"), before, after)
    elif before is None and after is None and row.get("kind") in OF_EVERY_SHARE:
        yield Finding("ratio_to", "is needed: without it prices before and after cannot be compared")
    if row.get("ex_on") and row.get("effective_on") and row["ex_on"] > row["effective_on"]:
        # With delivery after two days (since 2019-07-16) the ex-date is the trading day before the record date, and
        # what is recorded takes effect after it.
        yield Finding("effective_on", "must not be before the ex-date")


def _direction(kind: Any, before: Any, after: Any) -> Iterator[Finding]:
    if kind == SPLIT and after <= before:
        yield Finding("ratio_to", "a split makes more shares of one")
    if kind == REVERSE_SPLIT and after >= before:
        yield Finding("ratio_to", "a reverse split makes one share of several")
