"""The figures of a financial statement, by the part of the report they stand in.

Field names and Japanese labels follow the EDINET taxonomy (EDINETタクソノミ, 勘定科目リスト). NULL is not disclosed.
"""

from decimal import Decimal

from sqlalchemy.orm import Mapped

from webapp.models import columns
from webapp.rules.statement import MONEY_NOT_NEGATIVE as NOT_NEGATIVE
from webapp.rules.statement import MONEY_NOT_POSITIVE as NOT_POSITIVE


class IncomeStatement:
    """損益計算書: flows of the period."""

    revenue: Mapped[Decimal | None] = columns.money("売上高", "Revenue", NOT_NEGATIVE)
    premiums: Mapped[Decimal | None] = columns.money("保険料等収入", "Insurance premiums")
    cost_of_revenue: Mapped[Decimal | None] = columns.money("売上原価", "Cost of sales")
    gross_profit: Mapped[Decimal | None] = columns.money("売上総利益", "Gross profit")
    sga_expenses: Mapped[Decimal | None] = columns.money("販売費及び一般管理費", "SG&A expenses")
    operating_income: Mapped[Decimal | None] = columns.money("営業利益", "Operating income")
    non_operating_income: Mapped[Decimal | None] = columns.money("営業外収益", "Non-operating income")
    non_operating_expenses: Mapped[Decimal | None] = columns.money("営業外費用", "Non-operating expenses")
    finance_income: Mapped[Decimal | None] = columns.money("金融収益", "Finance income")
    finance_costs: Mapped[Decimal | None] = columns.money("金融費用", "Finance costs")
    other_income: Mapped[Decimal | None] = columns.money("その他の収益", "Other income")
    other_expenses: Mapped[Decimal | None] = columns.money("その他の費用", "Other expenses")
    equity_method_income: Mapped[Decimal | None] = columns.money(
        "持分法による投資損益", "Share of profit of associates"
    )
    interest_expense: Mapped[Decimal | None] = columns.money("支払利息", "Interest expense")
    interest_and_dividend_income: Mapped[Decimal | None] = columns.money(
        "受取利息及び配当金", "Interest and dividend income"
    )
    ordinary_expenses: Mapped[Decimal | None] = columns.money("経常費用", "Ordinary expenses")
    ordinary_income: Mapped[Decimal | None] = columns.money("経常利益", "Ordinary income")
    extraordinary_income: Mapped[Decimal | None] = columns.money("特別利益", "Extraordinary income")
    extraordinary_loss: Mapped[Decimal | None] = columns.money("特別損失", "Extraordinary loss")
    income_before_taxes: Mapped[Decimal | None] = columns.money("税引前当期純利益", "Income before taxes")
    income_taxes: Mapped[Decimal | None] = columns.money("法人税等合計", "Income taxes")
    profit: Mapped[Decimal | None] = columns.money("当期純利益", "Profit")
    profit_attributable_to_owners: Mapped[Decimal | None] = columns.money(
        "親会社株主に帰属する当期純利益", "Profit attributable to owners"
    )
    profit_attributable_to_nci: Mapped[Decimal | None] = columns.money(
        "非支配株主に帰属する当期純利益", "Profit attributable to non-controlling interests"
    )
    comprehensive_income: Mapped[Decimal | None] = columns.money("包括利益", "Comprehensive income")


class BalanceSheet:
    """貸借対照表: stocks at the end of the period."""

    total_assets: Mapped[Decimal | None] = columns.money("資産合計", "Total assets", NOT_NEGATIVE)
    current_assets: Mapped[Decimal | None] = columns.money("流動資産", "Current assets", NOT_NEGATIVE)
    noncurrent_assets: Mapped[Decimal | None] = columns.money("固定資産", "Non-current assets", NOT_NEGATIVE)
    deferred_assets: Mapped[Decimal | None] = columns.money("繰延資産", "Deferred assets")
    cash_and_deposits: Mapped[Decimal | None] = columns.money("現金及び預金", "Cash and deposits")
    receivables: Mapped[Decimal | None] = columns.money("売上債権", "Trade receivables")
    short_term_securities: Mapped[Decimal | None] = columns.money("有価証券", "Short-term securities")
    loans: Mapped[Decimal | None] = columns.money("貸出金", "Loans and bills discounted")
    inventories: Mapped[Decimal | None] = columns.money("棚卸資産", "Inventories")
    total_liabilities: Mapped[Decimal | None] = columns.money("負債合計", "Total liabilities", NOT_NEGATIVE)
    current_liabilities: Mapped[Decimal | None] = columns.money(
        "流動負債", "Current liabilities", NOT_NEGATIVE
    )
    noncurrent_liabilities: Mapped[Decimal | None] = columns.money(
        "固定負債", "Non-current liabilities", NOT_NEGATIVE
    )
    deposits: Mapped[Decimal | None] = columns.money("預金", "Deposits from customers")
    special_reserves: Mapped[Decimal | None] = columns.money(
        "特別法上の準備金", "Reserves under special laws"
    )
    short_term_borrowings: Mapped[Decimal | None] = columns.money("短期借入金", "Short-term borrowings")
    current_portion_long_term_borrowings: Mapped[Decimal | None] = columns.money(
        "1年内返済予定の長期借入金", "Current portion of long-term borrowings"
    )
    long_term_borrowings: Mapped[Decimal | None] = columns.money("長期借入金", "Long-term borrowings")
    bonds_payable: Mapped[Decimal | None] = columns.money("社債", "Bonds payable")
    current_portion_bonds: Mapped[Decimal | None] = columns.money(
        "1年内償還予定の社債", "Current portion of bonds"
    )
    commercial_papers: Mapped[Decimal | None] = columns.money("コマーシャル・ペーパー", "Commercial papers")
    lease_obligations_current: Mapped[Decimal | None] = columns.money(
        "リース債務（流動）", "Lease obligations, current"
    )
    lease_obligations_noncurrent: Mapped[Decimal | None] = columns.money(
        "リース債務（固定）", "Lease obligations, non-current"
    )
    net_assets: Mapped[Decimal | None] = columns.money("純資産合計", "Net assets")
    equity_attributable_to_owners: Mapped[Decimal | None] = columns.money(
        "自己資本", "Equity attributable to owners"
    )
    shareholders_equity: Mapped[Decimal | None] = columns.money("株主資本", "Shareholders' equity")
    valuation_adjustments: Mapped[Decimal | None] = columns.money(
        "評価・換算差額等", "Valuation and translation adjustments"
    )
    subscription_rights: Mapped[Decimal | None] = columns.money("新株予約権", "Subscription rights to shares")
    non_controlling_interests: Mapped[Decimal | None] = columns.money(
        "非支配株主持分", "Non-controlling interests"
    )
    liabilities_and_net_assets: Mapped[Decimal | None] = columns.money(
        "負債純資産合計", "Liabilities and net assets", NOT_NEGATIVE
    )
    treasury_shares: Mapped[Decimal | None] = columns.money("自己株式", "Treasury shares", NOT_POSITIVE)
    retained_earnings: Mapped[Decimal | None] = columns.money("利益剰余金", "Retained earnings")
    capital_stock: Mapped[Decimal | None] = columns.money("資本金", "Capital stock")


class CashFlows:
    """キャッシュ・フロー計算書: flows of the period; payments are negative."""

    operating_cash_flow: Mapped[Decimal | None] = columns.money(
        "営業活動によるキャッシュ・フロー", "Cash flow from operating activities"
    )
    investing_cash_flow: Mapped[Decimal | None] = columns.money(
        "投資活動によるキャッシュ・フロー", "Cash flow from investing activities"
    )
    financing_cash_flow: Mapped[Decimal | None] = columns.money(
        "財務活動によるキャッシュ・フロー", "Cash flow from financing activities"
    )
    fx_effect_on_cash: Mapped[Decimal | None] = columns.money(
        "現金及び現金同等物に係る換算差額", "Effect of exchange rates on cash"
    )
    net_change_in_cash: Mapped[Decimal | None] = columns.money(
        "現金及び現金同等物の増減額", "Net change in cash"
    )
    cash_and_equivalents_end: Mapped[Decimal | None] = columns.money(
        "現金及び現金同等物の期末残高", "Cash and equivalents, end of period"
    )
    depreciation_amortization: Mapped[Decimal | None] = columns.money(
        "減価償却費", "Depreciation and amortization"
    )
    goodwill_amortization: Mapped[Decimal | None] = columns.money("のれん償却額", "Amortization of goodwill")
    capex_ppe: Mapped[Decimal | None] = columns.money(
        "有形固定資産の取得による支出", "Purchase of property, plant and equipment"
    )
    capex_intangible: Mapped[Decimal | None] = columns.money(
        "無形固定資産の取得による支出", "Purchase of intangible assets"
    )
    dividends_paid: Mapped[Decimal | None] = columns.money("配当金の支払額", "Dividends paid")


class Disclosed:
    """１株当たり情報, ratios and counts as the filer discloses them."""

    eps_basic: Mapped[Decimal | None] = columns.per_share("１株当たり当期純利益", "Basic earnings per share")
    eps_diluted: Mapped[Decimal | None] = columns.per_share(
        "潜在株式調整後１株当たり当期純利益", "Diluted earnings per share"
    )
    bps: Mapped[Decimal | None] = columns.per_share("１株当たり純資産額", "Net assets per share")
    dps_annual: Mapped[Decimal | None] = columns.per_share("１株当たり配当額", "Dividends per share")
    dps_interim: Mapped[Decimal | None] = columns.per_share(
        "１株当たり中間配当額", "Interim dividends per share"
    )
    equity_ratio_reported: Mapped[Decimal | None] = columns.ratio(
        "自己資本比率（開示）", "Equity ratio, reported"
    )
    capital_adequacy_ratio: Mapped[Decimal | None] = columns.ratio(
        "自己資本比率（国際統一基準/国内基準）", "Capital adequacy ratio"
    )
    roe_reported: Mapped[Decimal | None] = columns.ratio(
        "自己資本利益率（開示）", "Return on equity, reported"
    )
    per_reported: Mapped[Decimal | None] = columns.multiple(
        "株価収益率（開示）", "Price-earnings ratio, reported"
    )
    payout_ratio_reported: Mapped[Decimal | None] = columns.ratio(
        "配当性向（開示）", "Payout ratio, reported"
    )
    shares_issued: Mapped[int | None] = columns.count("発行済株式総数", "Shares issued")
    treasury_share_count: Mapped[int | None] = columns.count("自己株式数", "Treasury shares held")
    average_shares: Mapped[int | None] = columns.count("期中平均株式数", "Average shares of the period")
    employees: Mapped[int | None] = columns.count("従業員数", "Employees", unit="people")


NAMES = frozenset(
    name for part in (IncomeStatement, BalanceSheet, CashFlows, Disclosed) for name in part.__annotations__
)
