"""What stands beside a statement, found one by one among the rows of its company: as slow and plain as can be."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from math import prod
from typing import Any

from webapp.rules.expressions import ACTIONS, EARLIER, GROUP, MARKET, NOW, PREVIOUS, PRIOR, Facts

Row = dict[str, Any]
FILED = timedelta(days=90)


def facts_of(
    row: Row, of_company: Sequence[Row], actions: Sequence[Row], market: Decimal | None = None
) -> Facts:
    """The statement with those beside it, and what corporate actions have made of one share.

    `market`: what all shares are worth on the last day of the period.
    """

    def beside(*same: str) -> Iterator[Row]:
        return (one for one in of_company if one is not row and all(one[name] == row[name] for name in same))

    ends_on, basis = row["fiscal_year_end_on"], ("scope", "accounting_standard")
    parts: dict[str, Row] = {NOW: row}
    earlier = [
        one for one in beside("fiscal_year_end_on", *basis) if one["period_end_on"] < row["period_end_on"]
    ]
    if earlier:
        parts[EARLIER] = max(earlier, key=lambda one: one["period_end_on"])
    years = [one for one in beside("period_type", *basis) if one["fiscal_year_end_on"] < ends_on]
    last = max(years, key=lambda one: one["fiscal_year_end_on"], default=None)
    if last is not None and row["period_type"] == "FY":
        parts[PREVIOUS] = last
    if last is not None and 350 <= (ends_on - last["fiscal_year_end_on"]).days <= 380:
        parts[PRIOR] = last
    groups = [one for one in beside("fiscal_year_end_on", "period_type") if one["scope"] == "consolidated"]
    if groups and row["scope"] == "non_consolidated":
        own = row["accounting_standard"]
        parts[GROUP] = min(
            groups, key=lambda one: (one["accounting_standard"] != own, one["accounting_standard"])
        )
    since = parts[PRIOR]["fiscal_year_end_on"] if PRIOR in parts else None
    restated_since = _restated_until(parts[PRIOR]) if PRIOR in parts else None
    parts[ACTIONS] = {
        "factor": _factor(since, ends_on, actions),
        "factor_restated": _factor(restated_since, _restated_until(row), actions),
        "factor_later": _factor(ends_on, _restated_until(row), actions),
    }
    if market is not None and parts.get(PRIOR, {}).get("total_assets") is None:
        parts[MARKET] = {"value": market}
    return parts


def _restated_until(row: Row) -> date:
    filed_on: date = row["fiscal_year_end_on"] + FILED
    kind = row.get("revision_type")
    is_of_later_report = kind == "STD" or (
        row.get("based_on_id") is not None and kind not in ("COR", "STEWARD")
    )
    if not is_of_later_report or row.get("announced_on") is None:
        return filed_on
    return max(row["announced_on"], filed_on)


def _factor(since: date | None, until: date, actions: Sequence[Row]) -> Decimal:
    ratios = (
        one["ratio_to"] / one["ratio_from"]
        for one in actions
        if one["kind"] != "merger"
        and since is not None
        and since < (one["effective_on"] or one["ex_on"] + timedelta(days=4)) <= until
    )
    return prod(ratios, start=Decimal(1)).quantize(Decimal("1e-9"))
