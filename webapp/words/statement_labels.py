"""What a figure is called by the statement's own standard: filers of IFRS print 売上収益 where others print 売上高.

Sources: EDINETタクソノミ, 勘定科目リスト and 国際会計基準タクソノミ要素リスト. What is not here is called as in
J-GAAP. Names by the format of an industry (banks: 経常収益) need a column that filings will bring.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import Column

from webapp.label import Label
from webapp.models.financial_statement import FinancialStatement

IFRS: Mapping[str, Label] = {
    "revenue": Label("売上収益", "Revenue"),
    "income_before_taxes": Label("税引前利益", "Profit before tax"),
    "income_taxes": Label("法人所得税費用", "Income tax expense"),
    "profit": Label("当期利益", "Profit"),
    "profit_attributable_to_owners": Label(
        "親会社の所有者に帰属する当期利益", "Profit attributable to owners of parent"
    ),
    "profit_attributable_to_nci": Label(
        "非支配持分に帰属する当期利益", "Profit attributable to non-controlling interests"
    ),
    "comprehensive_income": Label("当期包括利益", "Comprehensive income"),
    "noncurrent_assets": Label("非流動資産", "Non-current assets"),
    "noncurrent_liabilities": Label("非流動負債", "Non-current liabilities"),
    "lease_obligations_current": Label("リース負債（流動）", "Lease liabilities, current"),
    "lease_obligations_noncurrent": Label("リース負債（非流動）", "Lease liabilities, non-current"),
    "net_assets": Label("資本合計", "Total equity"),
    "equity_attributable_to_owners": Label(
        "親会社の所有者に帰属する持分", "Equity attributable to owners of parent"
    ),
    "valuation_adjustments": Label("その他の資本の構成要素", "Other components of equity"),
    "non_controlling_interests": Label("非支配持分", "Non-controlling interests"),
    "liabilities_and_net_assets": Label("負債及び資本合計", "Liabilities and equity"),
    "eps_basic": Label("基本的１株当たり当期利益", "Basic earnings per share"),
    "eps_diluted": Label("希薄化後１株当たり当期利益", "Diluted earnings per share"),
    "bps": Label("１株当たり親会社所有者帰属持分", "Equity attributable to owners of parent per share"),
    "equity_ratio_reported": Label(
        "親会社所有者帰属持分比率（開示）", "Ratio of equity attributable to owners of parent, reported"
    ),
    "roe_reported": Label("親会社所有者帰属持分利益率（開示）", "Return on equity, reported"),
    "capex_intangible": Label("無形資産の取得による支出", "Purchase of intangible assets"),
}
# 連結財務諸表規則: the profit of a group before taxes is also adjusted for minority matters, and named so.
CONSOLIDATED_JGAAP: Mapping[str, Label] = {
    "income_before_taxes": Label("税金等調整前当期純利益", "Profit before income taxes"),
}


class Basis(NamedTuple):
    """The standard and scope of a statement, or those that all statements of a list share."""

    standard: str | None = None
    scope: str | None = None


NO_BASIS = Basis()


def of_record(record: Any) -> Basis:
    """The basis of a statement; none of another record."""
    if not isinstance(record, FinancialStatement):
        return NO_BASIS
    return Basis(record.accounting_standard, record.scope)


def of_column(column: Column[Any], basis: Basis) -> Label | None:
    """What a figure is called on this basis, where that differs."""
    if column.table is not FinancialStatement.__table__:
        return None
    if basis.standard == "IFRS":
        return IFRS.get(column.name)
    if basis == Basis("JGAAP", "consolidated"):
        return CONSOLIDATED_JGAAP.get(column.name)
    return None
