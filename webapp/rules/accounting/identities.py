"""What equals what within one statement, to the precision in which its filer writes.

Filers cut off (切捨て) what is below the unit they write in, so each term may hide almost one unit: a sum of k terms
may miss by k units. Measured on 90,278 annual reports of 3,922 companies; shares beside each rule.
"""

from webapp.label import Label
from webapp.rules.accounting.rule import (
    BANKS_AND_INSURERS,
    BLOCKS,
    FINANCIAL,
    NOTE,
    REVIEW,
    UNIT,
    Rule,
    Scope,
)
from webapp.rules.expressions import PRIOR, Expression, Figure
from webapp.rules.fields import Saying

DIFFERS = Saying(
    "%(total)s %(observed)s differs from %(parts)s, %(expected)s, by %(difference)s (%(allowed)s allowed)"
).message
JGAAP, IFRS = frozenset({"JGAAP"}), frozenset({"IFRS"})
CONSOLIDATED = frozenset({"consolidated"})
EDINET_BALANCE = "EC8057W"
EDINET_CALCULATION = "EC5611W"


def _units(terms: int) -> Expression:
    return UNIT * terms


def _identity(  # noqa: PLR0913  # a row of the table of rules
    number: str,
    ja: str,
    en: str,
    total: str,
    parts: Expression,
    *,
    source: str,
    terms: int | None = None,
    severity: str = REVIEW,
    scope: Scope = Scope(),  # noqa: B008  # frozen
    official: str | None = EDINET_CALCULATION,
) -> Rule:
    count = sum(1 for _each in parts.figures()) if terms is None else terms
    return Rule(
        id=number,
        label=Label(ja, en),
        field=total,
        observed=Figure(total),
        expected=parts,
        allowed=_units(count),
        severity=severity,
        scope=scope,
        message=DIFFERS,
        official=official,
        source=source,
    )


F = Figure
IDENTITIES = (
    _identity(
        "B1",
        "資産合計は負債純資産合計に等しい",
        "Total assets are liabilities and net assets",
        "total_assets",
        F("liabilities_and_net_assets"),
        # The same figure printed twice: 90,278 of 90,278.
        terms=0,
        severity=BLOCKS,
        official=EDINET_BALANCE,
        source="企業会計原則 第三 貸借対照表原則 一 E (資産の合計は負債と資本の合計に一致する)",
    ),
    _identity(
        "B2",
        "資産合計は負債と純資産の和",
        "Total assets are liabilities plus net assets",
        "total_assets",
        F("total_liabilities") + F("net_assets"),
        official=EDINET_BALANCE,
        source="企業会計原則 第三 貸借対照表原則 一 E, 財務諸表等規則 第12条",
    ),
    _identity(
        "B3",
        "資産合計は流動・固定・繰延資産の和",
        "Total assets are current, non-current and deferred assets",
        "total_assets",
        F("current_assets") + F("noncurrent_assets") + F("deferred_assets").or_zero,
        scope=Scope(other_formats=FINANCIAL),
        source="財務諸表等規則 第14条",
    ),
    _identity(
        "B4",
        "負債合計は流動・固定負債と特別法上の準備金の和",
        "Liabilities are current and non-current ones and reserves under special laws",
        "total_liabilities",
        F("current_liabilities") + F("noncurrent_liabilities") + F("special_reserves").or_zero,
        scope=Scope(other_formats=FINANCIAL),
        source="財務諸表等規則 第45条, 第54条の3",
    ),
    _identity(
        "B5",
        "純資産は株主資本・評価換算差額等・新株予約権・非支配株主持分の和",
        "Net assets are shareholders' equity, valuation adjustments, subscription rights and minorities",
        "net_assets",
        F("shareholders_equity")
        + F("valuation_adjustments").or_zero
        + F("subscription_rights").or_zero
        + F("non_controlling_interests").or_zero,
        scope=Scope(standards=JGAAP),
        source="企業会計基準第5号 貸借対照表の純資産の部の表示に関する会計基準 第4項, 第7項",
    ),
    _identity(
        "B6",
        "資本合計は親会社の所有者に帰属する持分と非支配持分の和",
        "Total equity is that of the owners and of non-controlling interests",
        "net_assets",
        # A summary gives the owners' part and the whole, and nothing of the others'.
        F("equity_attributable_to_owners") + F("non_controlling_interests"),
        scope=Scope(standards=IFRS),
        source="IAS 1.54(q), (r)",
    ),
    _identity(
        "P1",
        "売上総利益は売上高と売上原価の差",
        "Gross profit is revenue less cost of sales",
        "gross_profit",
        F("revenue") - F("cost_of_revenue"),
        scope=Scope(other_formats=FINANCIAL),
        source="財務諸表等規則 第83条",
    ),
    _identity(
        "P2",
        "営業利益は売上総利益と販管費の差",
        "Operating income is gross profit less SG&A",
        "operating_income",
        F("gross_profit") - F("sga_expenses"),
        scope=Scope(standards=JGAAP, other_formats=FINANCIAL),
        source="財務諸表等規則 第89条",
    ),
    _identity(
        "P2i",
        "営業利益は売上総利益・販管費・その他の収益と費用から",
        "Operating income is gross profit, SG&A, other income and other expenses",
        "operating_income",
        F("gross_profit") - F("sga_expenses") + F("other_income").or_zero - F("other_expenses").or_zero,
        # What stands between gross and operating profit is the filer's own choice: 54 of 83.
        severity=NOTE,
        scope=Scope(standards=IFRS, other_formats=FINANCIAL),
        source="IAS 1.85",
    ),
    _identity(
        "P3",
        "経常利益は営業利益・営業外収益・営業外費用から",
        "Ordinary income is operating income and non-operating income less expenses",
        "ordinary_income",
        F("operating_income") + F("non_operating_income") - F("non_operating_expenses"),
        scope=Scope(standards=JGAAP, other_formats=BANKS_AND_INSURERS),
        source="財務諸表等規則 第95条",
    ),
    _identity(
        "P3b",
        "経常利益は経常収益と経常費用の差",
        "Ordinary income is ordinary revenue less ordinary expenses",
        "ordinary_income",
        F("revenue") - F("ordinary_expenses"),
        scope=Scope(standards=JGAAP, formats=BANKS_AND_INSURERS),
        source="銀行法施行規則 別紙様式, 保険業法施行規則 別紙様式",
    ),
    _identity(
        "P4",
        "税引前利益は経常利益・特別利益・特別損失から",
        "Income before taxes is ordinary income and extraordinary income less loss",
        "income_before_taxes",
        F("ordinary_income") + F("extraordinary_income").or_zero - F("extraordinary_loss").or_zero,
        scope=Scope(standards=JGAAP),
        source="財務諸表等規則 第95条の4",
    ),
    _identity(
        "P5",
        "当期純利益は税引前利益と法人税等の差",
        "Profit is income before taxes less income taxes",
        "profit",
        F("income_before_taxes") - F("income_taxes"),
        source="財務諸表等規則 第95条の5",
    ),
    _identity(
        "P6",
        "当期純利益は親会社株主分と非支配株主分の和",
        "Profit is that of the owners and of non-controlling interests",
        "profit",
        F("profit_attributable_to_owners") + F("profit_attributable_to_nci").or_zero,
        scope=Scope(standards=JGAAP, scopes=CONSOLIDATED),
        source="企業会計基準第22号 連結財務諸表に関する会計基準 第39項",
    ),
    _identity(
        "P6i",
        "当期利益は親会社の所有者分と非支配持分の和",
        "Profit by IFRS is that of the owners of the parent and of non-controlling interests",
        "profit",
        # Summaries of before 2019 give no share of non-controlling interests, which is not to say that there is none.
        F("profit_attributable_to_owners") + F("profit_attributable_to_nci"),
        scope=Scope(standards=IFRS, scopes=CONSOLIDATED),
        source="IAS 1.81B",
    ),
    _identity(
        "C1",
        "現金の増減は営業・投資・財務活動と換算差額の和",
        "The change in cash is operating, investing and financing flows and exchange differences",
        "net_change_in_cash",
        F("operating_cash_flow")
        + F("investing_cash_flow")
        + F("financing_cash_flow")
        + F("fx_effect_on_cash").or_zero,
        source="財務諸表等規則 第112条 (表示区分), 連結キャッシュ・フロー計算書等の作成基準 注7 (様式)",
    ),
    _identity(
        "C2",
        "現金の期末残高は期首残高と増減額の和",
        "Cash at the end is cash at the beginning and its change",
        "cash_and_equivalents_end",
        F("cash_and_equivalents_end", PRIOR) + F("net_change_in_cash"),
        # A change of the scope of consolidation or assets held for sale: 7 of 148 by J-GAAP, 11 of 83 by IFRS.
        scope=Scope(periods=frozenset({"FY"})),
        official=None,
        source="財務諸表等規則 第112条 (表示区分), 連結キャッシュ・フロー計算書等の作成基準 注7 (様式)",
    ),
)
