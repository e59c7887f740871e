"""Whether a figure is of the size that it can have: a multiple of its unit, near to its neighbours, one share a share.

A statement beside the group's of the same months, and shares beside those of the year before, are here too.
"""

from decimal import Decimal

from webapp.label import Label
from webapp.rules.accounting.amounts import AMOUNTS, LARGE_AMOUNTS
from webapp.rules.accounting.comparisons import NOTHING, SLIPPED, SLIPS
from webapp.rules.accounting.rule import (
    AT_MOST,
    BLOCKS,
    DIFFERS,
    REVIEW,
    UNIT,
    Relation,
    Rule,
    Scope,
    outside,
    times,
    within,
)
from webapp.rules.expressions import ACTIONS, GROUP, MARKET, Expression, Figure, Number, Remainder
from webapp.rules.fields import Saying

F = Figure
BELOW_UNIT = Saying(
    "%(total)s %(figure)s is no multiple of the rounding unit: %(observed)s lie below it"
).message
ABOVE_GROUP = Saying("%(total)s %(figure)s of the parent alone is more than the group's, %(before)s").message
AS_GROUP = Saying(
    "%(total)s %(figure)s of the parent alone is the group's to the last yen: is its scope right?"
).message
SPLIT = Saying(
    "%(total)s %(figure)s is %(observed)s times that of the year before, %(before)s, and no corporate action says why"
).message
OF_OTHER_SHARES = Saying(
    "%(total)s %(figure)s is of %(observed)s times as many shares as that of the year before, %(before)s,"
    " and no corporate action says why"
).message
OF_OTHER_SIZE = Saying(
    "%(total)s %(observed)s beside market capitalisation of %(expected)s: is its unit right?"
).message
BY_BOUNDS = Saying("bounds of our own, where no year before can be asked").message
PARENT_ALONE = Scope(scopes=frozenset({"non_consolidated"}))
# By more than this new shares, or own ones that are cancelled, rarely change a count within a year.
USUAL = within("0.67", "1.5")
# What one share is split into, or how many become one; beside it some are issued or cancelled within the year.
SPLITS = (2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 50, 100, 200, 300, 500, 1000)
NEAR = Decimal("0.002")


def _split_ranges() -> Relation:
    """Near to a whole number of shares for one, or to its inverse."""
    ratios = [ratio for number in SPLITS for ratio in (Decimal(number), 1 / Decimal(number))]
    return outside(*((f"{ratio * (1 - NEAR):.8f}", f"{ratio * (1 + NEAR):.8f}") for ratio in ratios))


def _multiple(field: str) -> Rule:
    """None of 9,382 amounts of 254 real statements has anything below its unit."""
    return Rule(
        id="N-unit",
        label=Label("金額は表示単位の倍数", "Amounts are multiples of the rounding unit"),
        field=field,
        observed=Remainder(F(field), UNIT),
        expected=NOTHING,
        allowed=NOTHING,
        message=BELOW_UNIT,
        source="財務諸表等規則 第10条の3 (金額の表示の単位)",
    )


def _slip(field: str) -> Rule:
    return Rule(
        id="U-amount",
        label=Label("主な金額の単位", "The unit of the main amounts"),
        field=field,
        observed=F(field) / F(field).prior,
        expected=Number(Decimal(1)),
        allowed=NOTHING,
        relation=SLIPS,
        unit="times",
        message=SLIPPED,
        source="財務諸表等規則 第10条の3 (金額の表示の単位)",
    )


def _shares(  # noqa: PLR0913  # a row of the table of rules
    number: str,
    label: Label,
    field: str,
    times: Expression,
    relation: Relation,
    *,
    message: str,
    severity: str,
    figures_in: str,
) -> Rule:
    return Rule(
        id=number,
        label=label,
        field=field,
        observed=times,
        expected=Number(Decimal(1)),
        allowed=NOTHING,
        relation=relation,
        severity=severity,
        scope=Scope(periods=frozenset({"FY"})),
        unit="times",
        figures_in=figures_in,
        message=message,
        source="会社法 第180条, 第183条, 第185条; 企業会計基準第2号 第30-2項",
    )


def _beside_market(number: str, label: Label, relation: Relation, severity: str) -> Rule:
    """Banks have assets of a hundred times what their shares are worth, and young companies of a hundredth."""
    return Rule(
        id=number,
        label=label,
        field="total_assets",
        observed=F("total_assets"),
        expected=F("value", MARKET),
        allowed=NOTHING,
        relation=relation,
        severity=severity,
        message=OF_OTHER_SIZE,
        source=BY_BOUNDS,
    )


ISSUED = F("shares_issued") / F("shares_issued").prior / F("factor", ACTIONS)
# By how many shares equity is divided; what is split before a report is filed is restated in it.
EQUITY, BPS = F("equity_attributable_to_owners"), F("bps")
COUNTED = (EQUITY * BPS.prior) / (BPS * EQUITY.prior) / F("factor_restated", ACTIONS)

MAGNITUDES = (
    *map(_multiple, AMOUNTS),
    *map(_slip, LARGE_AMOUNTS),
)
BESIDE_GROUP = (
    Rule(
        id="G-assets",
        label=Label("単体の資産合計は連結を超えない", "The parent's total assets are within the group's"),
        field="total_assets",
        observed=F("total_assets"),
        expected=F("total_assets", GROUP),
        allowed=NOTHING,
        relation=AT_MOST,
        scope=PARENT_ALONE,
        message=ABOVE_GROUP,
        source="企業会計基準第22号 連結財務諸表に関する会計基準 第18項 (投資と資本の相殺消去で下回ることはある)",
    ),
    Rule(
        id="G-revenue",
        label=Label("単体の売上高は連結と異なる", "The parent's revenue is not the group's"),
        field="revenue",
        observed=F("revenue"),
        expected=F("revenue", GROUP),
        allowed=NOTHING,
        relation=DIFFERS,
        scope=PARENT_ALONE,
        message=AS_GROUP,
        source="企業会計基準第22号 連結財務諸表に関する会計基準 第35項",
    ),
)
# A million times too much or too little leaves no doubt; a thousand times may be a company of its own kind.
WITHOUT_DOUBT, UNUSUAL = ("0.0001", "30000"), ("0.001", "1000")
BESIDE_MARKET = (
    _beside_market(
        "U-market",
        Label("時価総額と比べた資産合計の単位", "The unit of total assets beside market capitalisation"),
        times(*WITHOUT_DOUBT),
        BLOCKS,
    ),
    _beside_market(
        "Y-market",
        Label("資産合計と時価総額", "Total assets beside market capitalisation"),
        times(*UNUSUAL, or_beyond=WITHOUT_DOUBT),
        REVIEW,
    ),
)
SHARES = (
    _shares(
        "X-split",
        Label("発行済株式総数と株式分割・併合", "Shares issued, and splits"),
        "shares_issued",
        ISSUED,
        _split_ranges(),
        message=SPLIT,
        severity=BLOCKS,
        figures_in="shares",
    ),
    _shares(
        "X-issued",
        Label("発行済株式総数の前年比", "Shares issued beside the year before"),
        "shares_issued",
        ISSUED,
        USUAL,
        message=SPLIT,
        severity=REVIEW,
        figures_in="shares",
    ),
    _shares(
        "X-bps",
        Label("１株当たり純資産額の株式数", "The shares of net assets per share"),
        "bps",
        COUNTED,
        USUAL,
        message=OF_OTHER_SHARES,
        severity=REVIEW,
        figures_in="per_share",
    ),
)
