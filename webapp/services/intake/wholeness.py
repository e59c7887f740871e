"""Whether a list is whole: what it may end is measured against what it covers, in all and part by part."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webapp.label import Label
from webapp.rules.company import CEASED, DELISTED
from webapp.rules.findings import Finding

# Of few companies any share is large.
FEW = 2

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Pace:
    """What becomes of whom a later list of a kind no longer names, and the shares of what it covers that it may lack.

    The shares are of all, and of each part of it.
    """

    ends_as: str
    of_all: float
    of_a_part: float


# EDINET's list lost 693 of 7,675 filers in 28 months (9 %); a part changes faster: 142 of 633 foreign filers without
# a duty to report (22 %).
OF_FILERS = Pace(CEASED, 0.2, 1 / 3)
# JPX's lost 100 of 3,946 companies in eleven months (3 %), of TOKYO PRO 12 of 110 (11 %), and does not say how many
# rows it has, so that nothing else tells of one that was cut off.
OF_ISSUES = Pace(DELISTED, 0.1, 0.2)


@dataclass(frozen=True, slots=True)
class Covered:
    """A stored row that a list is about: the parts of the list that it belongs to, and whether the list names it.

    `stretch`: where in an ordered list it stands. Of a part somebody is always left, of a stretch nobody need be.
    """

    row: Row
    parts: tuple[Label, ...]
    is_named: bool
    stretch: Label | None = None


def gaps(covered: Sequence[Covered], refused: int, pace: Pace) -> Iterator[Finding]:
    """A remark on each part of which the list lacks more than a later list does; none where it is whole.

    `refused` rows may hide anything, so they count as lacking.
    """
    all_of = Counter(part for one in covered for part in (*one.parts, one.stretch))
    named_of = Counter(part for one in covered if one.is_named for part in (*one.parts, one.stretch))
    never_empty = {part for one in covered for part in one.parts}
    for part, number in all_of.items():
        named = named_of[part]
        is_silent = part in never_empty and not named
        if part is not None and (is_silent or is_wide(number - named, number, pace.of_a_part)):
            yield Finding(
                None,
                "the list names %(named)s of %(covered)s companies of “%(part)s”: it is not whole and ends nobody",
                {"named": named, "covered": number, "part": part},
                is_blocking=False,
            )
    number, named = len(covered), sum(one.is_named for one in covered)
    if number and (not named or is_wide(number - named + refused, number, pace.of_all)):
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
