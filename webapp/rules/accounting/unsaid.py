"""What a later report leaves unsaid of a statement that it restates in part. Pure.

The summary of an interim report gives the assets of the same day a year before, restated, without the balance sheet
that they are the total of. What had been filed of that balance sheet is then of another one: it is not known any more.
"""

from collections.abc import Iterator, Mapping, Set
from typing import Any

from webapp.rules.accounting.identities import IDENTITIES
from webapp.rules.accounting.rule import NOTE, Rule, outcome
from webapp.rules.expressions import NOW

Row = Mapping[str, Any]
SUMS = tuple(rule for rule in IDENTITIES if rule.severity != NOTE and rule.parts == frozenset())


def unknown(laid_over: Row, before: Row, given: Set[str]) -> Set[str]:
    """The figures that fitted in the row before, and no more fit what the later report gives (`given`)."""
    left_out: set[str] = set()
    while more := set(_misfits({**laid_over, **dict.fromkeys(left_out)}, before, given)):
        left_out |= more
    return left_out


def _misfits(row: Row, before: Row, given: Set[str]) -> Iterator[str]:
    """Of each sum what it cannot be reckoned without; of the rest, which counts as nothing, only where that is all."""
    for rule in SUMS:
        if _is_broken(rule, row) and not _is_broken(rule, before):
            unsaid = [
                one for one in rule.figures() if one.name not in given and row.get(one.name) is not None
            ]
            needed = [one for one in unsaid if not one.is_zero_when_missing]
            yield from (one.name for one in needed or unsaid)


def _is_broken(rule: Rule, row: Row) -> bool:
    came_to = outcome(rule, {NOW: row})
    return came_to is not None and not came_to.is_kept
