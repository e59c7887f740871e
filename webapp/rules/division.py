"""Division as PostgreSQL's numeric does it, to the last decimal, so that what both reckon is the same.

A quotient has at least sixteen digits that tell, and no fewer decimals than either side; they are counted by groups of
four, as it keeps numbers: select_div_scale and div_var in src/backend/utils/adt/numeric.c.
"""

from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache

TELLING, GROUP = 16, 4
# Of sides of up to eighty digits, so many that rounding them once more changes nothing.
WIDE = Context(prec=220)


def divide(left: Decimal, right: Decimal) -> Decimal:
    """The quotient, half away from zero; the divisor is not zero."""
    quotient = WIDE.divide(left, right)
    return quotient.quantize(_unit(_decimals(left, right)), ROUND_HALF_UP, WIDE)


def to_decimals(number: Decimal, decimals: int) -> Decimal:
    """As a cast to a numeric of so many decimals."""
    return number.quantize(_unit(decimals), ROUND_HALF_UP, WIDE)


@cache
def _unit(decimals: int) -> Decimal:
    """One of the last of so many decimals."""
    return Decimal((0, (1,), -decimals))


def _decimals(left: Decimal, right: Decimal) -> int:
    least = max(0, _scale(left), _scale(right))
    # At the least so large; what is nearer is looked at only where it tells.
    groups = (left.adjusted() if left else 0) // GROUP - right.adjusted() // GROUP
    if TELLING - GROUP * (groups - 1) > least:
        groups -= _first_group(left) <= _first_group(right)
    return max(TELLING - GROUP * groups, least)


def _first_group(number: Decimal) -> int:
    """The digits that stand before the others, of the groups of four in which it is kept."""
    if not number:
        return 0
    return int(number.copy_abs().scaleb(-GROUP * (number.adjusted() // GROUP), WIDE))


def _scale(number: Decimal) -> int:
    return -int(number.as_tuple().exponent)
