"""Of which class a restatement is: by which figures a later report gives otherwise than the one before.

Sources: 企業会計基準第24号 (会計方針の開示、会計上の変更及び誤謬の訂正); IAS 8; IFRS 5.34 (comparatives of discontinued
operations); IAS 33.64 and 企業会計基準第2号 (per-share figures after a split).
"""

from collections.abc import Mapping
from decimal import Decimal

RESTATED, RECLASSIFIED, DISCONTINUED, SPLIT = "RES", "CLA", "DIS", "SPL"
PER_SHARE = frozenset({"eps_basic", "eps_diluted", "bps", "dps_annual", "dps_interim"})
SHARES = frozenset({"shares_issued", "treasury_share_count", "average_shares"})
# What a year has earned and what is left of it: an error or another policy moves it, another presentation does not.
RESULTS = frozenset(
    {
        "profit",
        "profit_attributable_to_owners",
        "profit_attributable_to_nci",
        "comprehensive_income",
        "net_assets",
        "equity_attributable_to_owners",
        "retained_earnings",
    }
)
# 日本基準 shows no discontinued operations apart.
APART = ("IFRS", "USGAAP", "JMIS")
# A split has a whole ratio; what is printed is rounded to a hundredth of a yen.
LEAST_SPLIT = Decimal("1.05")
ROUNDED = Decimal("0.01")

Changed = Mapping[str, tuple[Decimal, Decimal]]


def class_of(changed: Changed, standard: str) -> str:
    """The class of a restatement that gives these figures, before and after, otherwise."""
    names = changed.keys()
    if names <= PER_SHARE | SHARES:
        return SPLIT if _is_split(changed) else RESTATED
    if names & RESULTS:
        return RESTATED
    if standard in APART and {"revenue", "income_before_taxes"} <= names:
        return DISCONTINUED
    return RECLASSIFIED


def _is_split(changed: Changed) -> bool:
    """Whether all figures of a share have changed by one ratio, and counts of shares by its inverse."""
    pairs = [
        (before, after) if name in PER_SHARE else (after, before)
        for name, (before, after) in changed.items()
        if before and after
    ]
    if not pairs:
        return False
    # The largest figure is the least rounded one.
    whole, part = max(pairs, key=lambda pair: min(abs(pair[0]), abs(pair[1])))
    ratio = Decimal(whole) / Decimal(part)
    if ratio <= 0 or max(ratio, 1 / ratio) < LEAST_SPLIT:
        return False
    scale = max(ratio, 1 / ratio)
    return all(abs(before - after * ratio) <= ROUNDED * (1 + scale) for before, after in pairs)
