"""Whether a list is whole: what it may end is measured against what it covers, in all and part by part."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webapp.label import Label
from webapp.rules.findings import Finding

# EDINET's list lost 693 of 7,675 filers in 28 months (9 %), JPX's 100 of 3,946 companies in eleven (3 %).
SHARE_OF_ALL = 0.2
# A part changes faster: 142 of 633 foreign filers without a duty to report (22 %), 12 of 110 on TOKYO PRO (11 %).
SHARE_OF_A_PART = 1 / 3
# Of few companies any share is large.
FEW = 2

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Covered:
    """A stored row that a list is about: the part of the list that it belongs to, and whether the list names it."""

    row: Row
    part: Label | None
    is_named: bool


def gaps(covered: Sequence[Covered], refused: int) -> Iterator[Finding]:
    """A remark on each part of which the list lacks more than a later list does; none where it is whole.

    `refused` rows may hide anything, so they count as lacking.
    """
    all_of = Counter(one.part for one in covered)
    named_of = Counter(one.part for one in covered if one.is_named)
    for part, number in all_of.items():
        named = named_of[part]
        if part is not None and (not named or is_wide(number - named, number, SHARE_OF_A_PART)):
            yield Finding(
                None,
                "the list names %(named)s of %(covered)s companies of “%(part)s”: it is not whole and ends nobody",
                {"named": named, "covered": number, "part": part},
                is_blocking=False,
            )
    number, named = all_of.total(), named_of.total()
    if number and (not named or is_wide(number - named + refused, number, SHARE_OF_ALL)):
        yield Finding(
            None,
            "the list names %(named)s of the %(covered)s companies that it is about, and %(refused)s of its rows cannot"
            " be read: it is not whole and ends nobody",
            {"named": named, "covered": number, "refused": refused},
            is_blocking=False,
        )


def is_wide(lacking: int, covered: int, share: float) -> bool:
    """Whether so many of so many are more than a later list leaves out."""
    return lacking > max(FEW, covered * share)
