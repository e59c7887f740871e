"""Splits: how many shares of today stand for one of then, so that prices and counts of two days can be compared. Pure.

A price follows a split from its ex-date on, a count of shares from the day on which it takes effect: in between, the
price is of shares that have not been counted yet.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import reduce
from typing import Any

from webapp.rules.corporate_action import OF_EVERY_SHARE
from webapp.rules.expressions import EXACT

Row = Mapping[str, Any]
# A third of a share has no end; as many decimals as tell.
DECIMALS = 10
# As SQL, of an action `a`.
EFFECTIVE = "coalesce(a.effective_on, a.ex_on)"
KINDS = ", ".join(f"'{kind}'" for kind in sorted(OF_EVERY_SHARE))
COUNTING = f"a.kind IN ({KINDS}) AND a.ratio_from IS NOT NULL"


def between(actions: Sequence[Row], after: date, until: date) -> Decimal:
    """How many shares as counted on the second day stand for one as counted on the first."""
    return _product(map(_ratio, taking_effect(actions, after, until)))


def taking_effect(actions: Sequence[Row], after: date, until: date) -> Sequence[Row]:
    """Those that take effect after the first day, and on the second one at the latest."""
    return [action for action in counting(actions) if after < _effective(action) <= until]


def of_price(actions: Sequence[Row], priced_on: date, counted_on: date) -> Decimal:
    """By what a price of one day is multiplied to be of a share as counted on another."""
    return _product(_of_price(action, priced_on, counted_on) for action in counting(actions))


def moving_price(actions: Sequence[Row], priced_on: date, counted_on: date) -> Sequence[Row]:
    """Those that lie between the shares which a price is of and those which are counted."""
    return [row for row in counting(actions) if _of_price(row, priced_on, counted_on) is not None]


def counting(actions: Sequence[Row]) -> Sequence[Row]:
    """Those that divide or multiply every share alike."""
    return [row for row in actions if row["kind"] in OF_EVERY_SHARE and row["ratio_from"] is not None]


def between_sql(period: str, after: str, until: str) -> str:
    """`between` as SQL, for a period that knows whether its company has had any (`is_split`)."""
    within = f"{EFFECTIVE} > {after} AND {EFFECTIVE} <= {until}"
    return (
        f"(CASE WHEN {period}.is_split THEN (SELECT {_rounded('sum(ln(a.ratio_to / a.ratio_from))')}"  # noqa: S608  # all of it is declared
        f" FROM corporate_actions a WHERE a.company_id = {period}.company_id AND {COUNTING} AND {within}) ELSE 1 END)"
    )


def of_price_sql(priced_on: str, counted_on: str) -> str:
    """`of_price` as SQL, an aggregate over the actions `a` of one company."""
    return _rounded(
        f"sum(CASE WHEN a.ex_on <= {priced_on} AND {EFFECTIVE} > {counted_on} THEN ln(a.ratio_to / a.ratio_from)"
        f" WHEN a.ex_on > {priced_on} AND {EFFECTIVE} <= {counted_on} THEN -ln(a.ratio_to / a.ratio_from) END)"
    )


def _rounded(logarithm: str) -> str:
    return f"coalesce(round(exp({logarithm}), {DECIMALS}), 1)"


def _effective(action: Row) -> date:
    day: date = action["effective_on"] or action["ex_on"]
    return day


def _ratio(action: Row) -> Decimal:
    return EXACT.divide(Decimal(action["ratio_to"]), Decimal(action["ratio_from"]))


def _of_price(action: Row, priced_on: date, counted_on: date) -> Decimal | None:
    if action["ex_on"] <= priced_on and _effective(action) > counted_on:
        return _ratio(action)
    if action["ex_on"] > priced_on and _effective(action) <= counted_on:
        return EXACT.divide(Decimal(1), _ratio(action))
    return None


def _product(ratios: Iterable[Decimal | None]) -> Decimal:
    """One where there is none of them, otherwise to the decimals that tell."""
    known = [ratio for ratio in ratios if ratio is not None]
    if not known:
        return Decimal(1)
    product = reduce(EXACT.multiply, known)
    return product.quantize(Decimal(1).scaleb(-DECIMALS), ROUND_HALF_UP, EXACT)
