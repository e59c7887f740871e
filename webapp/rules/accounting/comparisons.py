"""What a statement says of itself, what it was a year before, and signs that figures cannot have."""

from decimal import Decimal

from webapp.label import Label
from webapp.rules.accounting.rule import (
    ABOVE,
    AT_LEAST,
    AT_MOST,
    BLOCKS,
    FINANCIAL,
    NOTE,
    REVIEW,
    Relation,
    Rule,
    Scope,
    outside,
    within,
    within_or_beyond,
)
from webapp.rules.expressions import ACTIONS, Absolute, Expression, Figure, Number, average
from webapp.rules.fields import Saying

F = Figure
ANNUAL, JGAAP = frozenset({"FY"}), frozenset({"JGAAP"})
NOTHING = Number(Decimal(0))
# Filers round ratios to a tenth of a percent; 90 of 90 and 83 of 83 agree within this.
TENTH_OF_A_PERCENT = Number(Decimal("0.0006"))
# 0.5 %: average shares are of days, of months, or of quarters.
PART_OF_SHARE = Decimal("0.005")
OTHERWISE = Saying(
    "%(total)s %(observed)s differs from what its statement gives, %(expected)s, by %(difference)s"
    " (%(allowed)s allowed)"
).message
NEGATIVE = Saying("%(total)s %(observed)s must not be negative").message
POSITIVE = Saying("%(total)s %(observed)s must not be positive").message
LARGE_FLOW = Saying("%(total)s %(figure)s is more than three times revenue").message
NOT_ABOVE_ZERO = Saying("%(total)s %(observed)s must be above zero").message
SLIPPED = Saying(
    "%(total)s %(figure)s is some %(observed)s times that of the year before, %(before)s: is its unit right?"
).message
OF_OTHER_DIGITS = Saying(
    "%(total)s %(figure)s is %(observed)s times that of the year before, %(before)s: is a digit missing or too much?"
).message
LEAPT = Saying("%(total)s %(figure)s is %(observed)s times that of the year before, %(before)s").message
SIGNS = "EC8023W"
OF_YEARS = Saying("measured on pairs of years of 3,922 companies").message
# 主要な経営指標等の推移; the form of annual reports refers to that of registration statements.
SUMMARY_OF_FORM = "企業内容等の開示に関する内閣府令 第三号様式 記載上の注意(5), 第二号様式 記載上の注意(25)"


# What a shorter year has less of.
EARNED = ("revenue",)


def _reported(
    number: str, label: Label, field: str, of_statement: Expression, allowed: Expression, **more: object
) -> Rule:
    return Rule(
        id=number,
        label=label,
        field=field,
        observed=F(field),
        expected=of_statement,
        allowed=allowed,
        message=OTHERWISE,
        **more,  # type: ignore[arg-type]  # the rest of a rule by its names
    )


def _sign(  # noqa: PLR0913  # a row of the table of rules
    number: str, label: Label, field: str, relation: Relation, *, message: str, severity: str = REVIEW
) -> Rule:
    return Rule(
        id=number,
        label=label,
        field=field,
        observed=F(field),
        expected=NOTHING,
        allowed=NOTHING,
        relation=relation,
        severity=severity,
        message=message,
        official=SIGNS,
        source="XBRL US DQC_0015 (idea), EDINETタクソノミ 残高区分",
    )


def _beside_prior(  # noqa: PLR0913  # a row of the table of rules
    number: str, label: Label, field: str, relation: Relation, *, message: str, severity: str = REVIEW
) -> Rule:
    return Rule(
        id=number,
        label=label,
        field=field,
        observed=F(field) / F(field).prior,
        expected=Number(Decimal(1)),
        allowed=NOTHING,
        relation=relation,
        severity=severity,
        scope=Scope(periods=ANNUAL),
        unit="times",
        message=message,
        source=Saying("measured on 24,022 pairs of years of revenue and 27,157 of total assets").message,
        # A thousandfold is no matter of months.
        of_equal_years=field in EARNED and relation is not SLIPS,
    )


# A thousand is 千円 for 円 or 百万円 for 千円; a million 百万円 for 円. None of 51,179 pairs of years lies there.
SLIPS = outside(("900", "1100"), ("0.00090", "0.00112"), ("900000", "1100000"), ("0.00000090", "0.00000112"))
# Ten times and more, or a tenth and less, but what is taken for another unit: 13 of 24,022 pairs of years of revenue.
A_TENTH, TENFOLD = "0.1", "10"
OTHER_DIGITS = outside(
    ("0.00000000000000000001", "0.00000090"), ("0.00000112", "0.00090"), ("0.00112", A_TENTH),
    (TENFOLD, "900"), ("1100", "900000"), ("1100000", "100000000000000000000"),
)  # fmt: skip

RATIOS = (
    _reported(
        "R1",
        Label(
            "開示された自己資本比率は自己資本と資産合計の比に等しい",
            "The equity ratio disclosed is equity to total assets",
        ),
        "equity_ratio_reported",
        (F("net_assets") - F("subscription_rights").or_zero - F("non_controlling_interests").or_zero)
        / F("total_assets"),
        TENTH_OF_A_PERCENT,
        unit="ratio",
        scope=Scope(standards=JGAAP),
        source=f"{SUMMARY_OF_FORM} (自己資本比率)",
    ),
    _reported(
        "R1i",
        Label(
            "開示された親会社所有者帰属持分比率は持分と資産合計の比に等しい",
            "The equity ratio disclosed is the owners' equity to total assets",
        ),
        "equity_ratio_reported",
        F("equity_attributable_to_owners") / F("total_assets"),
        TENTH_OF_A_PERCENT,
        unit="ratio",
        scope=Scope(standards=frozenset({"IFRS", "USGAAP", "JMIS"})),
        source=f"{SUMMARY_OF_FORM} (指定国際会計基準)",
    ),
    _reported(
        "R2",
        Label(
            "開示された自己資本利益率は期首・期末平均の自己資本による",
            "The return on equity disclosed is on the average of opening and closing equity",
        ),
        "roe_reported",
        F("profit_attributable_to_owners") / average(F("equity_attributable_to_owners")),
        TENTH_OF_A_PERCENT,
        unit="ratio",
        # Of the parent alone some take equity at the end: the average is the group's.
        scope=Scope(periods=ANNUAL, scopes=frozenset({"consolidated"})),
        source=f"{SUMMARY_OF_FORM} (自己資本利益率)",
    ),
    _reported(
        "R3",
        Label(
            "１株当たり当期純利益は期中平均株式数による",
            "Earnings per share are on the average shares of the period",
        ),
        "eps_basic",
        F("profit_attributable_to_owners") / F("average_shares"),
        Absolute(F("eps_basic")) * PART_OF_SHARE,
        unit="per_share",
        source="企業会計基準第2号 １株当たり当期純利益に関する会計基準 第12項",
    ),
    _reported(
        "R3b",
        Label(
            "１株当たり純資産額は期末の自己株式を除く株式数による",
            "Net assets per share are on the shares at the end but the company's own",
        ),
        "bps",
        # What is split between the year's end and the filing is restated in it, and counts of shares are not.
        F("equity_attributable_to_owners")
        / ((F("shares_issued") - F("treasury_share_count")) * F("factor_later", ACTIONS)),
        Absolute(F("bps")) * PART_OF_SHARE,
        unit="per_share",
        scope=Scope(periods=ANNUAL),
        source="企業会計基準適用指針第4号 １株当たり当期純利益に関する会計基準の適用指針 第34項",
    ),
)
# That revenue and liabilities are never negative and treasury shares never positive, the columns say themselves.
SIGN_RULES = (
    _sign(
        "S-assets",
        Label("資産合計は正", "Total assets are above zero"),
        "total_assets",
        ABOVE,
        message=NOT_ABOVE_ZERO,
        severity=BLOCKS,
    ),
    _sign(
        "S-cost",
        Label("売上原価は負にならない", "Cost of sales is not negative"),
        "cost_of_revenue",
        AT_LEAST,
        message=NEGATIVE,
    ),
    # 74 of 31,048: a company that owes more than it has.
    _sign(
        "S-net-assets",
        Label("債務超過", "Net assets are negative"),
        "net_assets",
        AT_LEAST,
        message=NEGATIVE,
        severity=NOTE,
    ),
    _sign(
        "S-capex",
        Label("取得による支出は正にならない", "Purchases are outflows"),
        "capex_ppe",
        AT_MOST,
        message=POSITIVE,
    ),
    Rule(
        id="S-flow",
        label=Label("営業活動によるキャッシュ・フローと売上高", "Operating cash flow beside revenue"),
        field="operating_cash_flow",
        observed=Absolute(F("operating_cash_flow")),
        expected=F("revenue") * 3,
        allowed=NOTHING,
        relation=AT_MOST,
        scope=Scope(other_formats=FINANCIAL),
        message=LARGE_FLOW,
        source=OF_YEARS,
    ),
)
BESIDE_PRIOR = (
    _beside_prior(
        "U-revenue",
        Label("売上高の単位", "The unit of revenue"),
        "revenue",
        SLIPS,
        message=SLIPPED,
        severity=BLOCKS,
    ),
    _beside_prior(
        "U-assets",
        Label("資産合計の単位", "The unit of total assets"),
        "total_assets",
        SLIPS,
        message=SLIPPED,
        severity=BLOCKS,
    ),
    _beside_prior(
        "T-revenue",
        Label("売上高の桁", "The digits of revenue"),
        "revenue",
        OTHER_DIGITS,
        message=OF_OTHER_DIGITS,
        severity=BLOCKS,
    ),
    _beside_prior(
        "T-assets",
        Label("資産合計の桁", "The digits of total assets"),
        "total_assets",
        OTHER_DIGITS,
        message=OF_OTHER_DIGITS,
        severity=BLOCKS,
    ),
    # From the 0.5th to the 99.5th of a hundred pairs of years lies between these.
    _beside_prior(
        "Y-revenue",
        Label("売上高の前年比", "Revenue beside the year before"),
        "revenue",
        within_or_beyond("0.45", "2.20", A_TENTH, TENFOLD),
        message=LEAPT,
    ),
    _beside_prior(
        "Y-assets",
        Label("資産合計の前年比", "Total assets beside the year before"),
        "total_assets",
        within_or_beyond("0.63", "2.33", A_TENTH, TENFOLD),
        message=LEAPT,
    ),
    _beside_prior(
        "Y-net-assets",
        Label("純資産の前年比", "Net assets beside the year before"),
        "net_assets",
        within("0.37", "3.12"),
        message=LEAPT,
    ),
)
COMPARISONS = (*RATIOS, *SIGN_RULES, *BESIDE_PRIOR)
