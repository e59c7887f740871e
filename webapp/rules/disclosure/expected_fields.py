"""Which figures an annual statement is expected to hold, by its standard and the format of its industry.

Sources: 財務諸表等規則 and 連結財務諸表規則 (様式); 銀行法施行規則 and 保険業法施行規則 別紙様式 (neither gross profit
nor current assets); IAS 1 (no ordinary income); 企業内容等の開示に関する内閣府令 第三号様式 主要な経営指標等の推移 (all
that EDINET's data holds of US GAAP). What a company need not have, such as extraordinary income, is not expected.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from webapp.label import Label

SUMMARY = (
    "revenue",
    "income_before_taxes",
    "net_assets",
    "total_assets",
    "operating_cash_flow",
    "investing_cash_flow",
    "financing_cash_flow",
    "cash_and_equivalents_end",
    "eps_basic",
    "bps",
)
RESULT = ("income_taxes", "profit", "total_liabilities", "liabilities_and_net_assets")
CURRENT = ("current_assets", "noncurrent_assets", "current_liabilities", "noncurrent_liabilities")
JAPANESE = ("ordinary_income", "shareholders_equity")
TRADING = ("cost_of_revenue", "gross_profit", "sga_expenses", "operating_income")
# A parent's statements alone have neither owners nor other comprehensive income.
OF_A_GROUP = ("profit_attributable_to_owners", "equity_attributable_to_owners", "comprehensive_income")
CONSOLIDATED = "consolidated"


@dataclass(frozen=True, slots=True)
class Layout:
    """The figures that statements of one kind hold, and what the kind is called."""

    label: Label
    fields: tuple[str, ...]

    def of_scope(self, scope: str) -> tuple[str, ...]:
        """Those of a group, or of a company alone."""
        return (*self.fields, *OF_A_GROUP) if scope == CONSOLIDATED else self.fields


LAYOUTS: Mapping[str, Layout] = {
    "jgaap": Layout(Label("日本基準", "Japanese GAAP"), (*SUMMARY, *RESULT, *JAPANESE, *CURRENT, *TRADING)),
    "bank": Layout(
        Label("日本基準（銀行・保険）", "Japanese GAAP, banks and insurers"),
        (*SUMMARY, *RESULT, *JAPANESE, "ordinary_expenses"),
    ),
    "securities": Layout(
        Label("日本基準（証券）", "Japanese GAAP, securities companies"), (*SUMMARY, *RESULT, *JAPANESE)
    ),
    "ifrs": Layout(Label("IFRS・修正国際基準", "IFRS and JMIS"), (*SUMMARY, *RESULT)),
    "usgaap": Layout(Label("米国基準", "US GAAP"), SUMMARY),
}
# Every field that any of them holds, each once.
FIELDS = tuple(dict.fromkeys(field for one in LAYOUTS.values() for field in one.of_scope(CONSOLIDATED)))
# Of a statement `s`, which of the layouts is its own.
LAYOUT_SQL = (
    "CASE WHEN s.accounting_standard IN ('IFRS', 'JMIS') THEN 'ifrs'"
    " WHEN s.accounting_standard <> 'JGAAP' THEN 'usgaap'"
    " WHEN s.industry_format IN ('BNK', 'INS') THEN 'bank'"
    " WHEN s.industry_format = 'SEC' THEN 'securities' ELSE 'jgaap' END"
)
