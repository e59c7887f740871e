"""The unit to which a filer rounds. Pure."""

from collections.abc import Sequence
from decimal import Decimal

# Filers round to one unit; some notes give other ones.
ROUNDED = Decimal("0.97")


def unit_of(amounts: Sequence[Decimal]) -> int:
    """The largest of a million, a thousand and one that divides nearly all amounts."""
    for unit in (1_000_000, 1_000):
        if amounts and sum(not amount % unit for amount in amounts) >= ROUNDED * len(amounts):
            return unit
    return 1
