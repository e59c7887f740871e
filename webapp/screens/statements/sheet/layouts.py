"""The lines of a statement in the order in which its standard and the format of its industry print them.

A deeper line is part of the one above it, or lies on the way to the next sum; `*` marks a sum. Sources: forms
(様式) of 財務諸表等規則, 連結財務諸表規則, 銀行法施行規則 and 保険業法施行規則; IAS 1.54 and 1.82.
"""

from collections.abc import Sequence
from typing import NamedTuple

from webapp.label import Label
from webapp.services.changes.revisions import FIGURES
from webapp.words.statement_labels import Basis

STEP = 4
REST = "rest"


class Line(NamedTuple):
    """A figure: how deep it stands, and whether it is a sum."""

    field: str
    depth: int = 0
    is_sum: bool = False


class Part(NamedTuple):
    """One statement of a report, or what is disclosed beside. `is_money`: all of it is in the unit of the page."""

    name: str
    heading: Label
    lines: tuple[Line, ...]
    is_money: bool = True


def _lines(text: str) -> tuple[Line, ...]:
    lines = []
    for row in filter(None, map(str.rstrip, text.splitlines())):
        field = row.strip()
        lines.append(Line(field.rstrip(" *"), (len(row) - len(field)) // STEP, field.endswith("*")))
    return tuple(lines)


# Of a company by itself it is not stated under J-GAAP (企業会計基準第25号 包括利益の表示に関する会計基準, 第16-2項).
COMPREHENSIVE = "comprehensive_income *\n"
AFTER_TAXES = f"""
    income_taxes
profit *
    profit_attributable_to_owners
    profit_attributable_to_nci
{COMPREHENSIVE}"""
AFTER_ORDINARY = f"""
    extraordinary_income
    extraordinary_loss
income_before_taxes *
{AFTER_TAXES}
"""
INCOME = f"""
revenue *
    cost_of_revenue
gross_profit *
    sga_expenses
operating_income *
    non_operating_income
        interest_and_dividend_income
        equity_method_income
    non_operating_expenses
        interest_expense
ordinary_income *
{AFTER_ORDINARY}
"""
INCOME_OF_BANK = f"""
revenue *
    interest_and_dividend_income
ordinary_expenses *
    interest_expense
    sga_expenses
ordinary_income *
{AFTER_ORDINARY}
"""
INCOME_OF_INSURER = f"""
revenue *
    premiums
    interest_and_dividend_income
ordinary_expenses *
    sga_expenses
    interest_expense
ordinary_income *
{AFTER_ORDINARY}
"""
INCOME_UNDER_IFRS = f"""
revenue *
    cost_of_revenue
gross_profit *
    sga_expenses
    other_income
    other_expenses
operating_income *
    finance_income
        interest_and_dividend_income
    finance_costs
        interest_expense
    equity_method_income
income_before_taxes *
{AFTER_TAXES}
"""
INCOME_UNDER_US_GAAP = f"""
revenue *
    cost_of_revenue
gross_profit *
    sga_expenses
operating_income *
    interest_and_dividend_income
    interest_expense
    other_income
    other_expenses
income_before_taxes *
    equity_method_income
{AFTER_TAXES}
"""
EQUITY = """
shareholders_equity *
    capital_stock
    retained_earnings
    treasury_shares
valuation_adjustments
subscription_rights
non_controlling_interests
net_assets *
liabilities_and_net_assets *
equity_attributable_to_owners
"""
EQUITY_OF_OWNERS = """
equity_attributable_to_owners *
    capital_stock
    retained_earnings
    treasury_shares
    valuation_adjustments
subscription_rights
non_controlling_interests
net_assets *
liabilities_and_net_assets *
"""
CLASSIFIED = """
current_assets *
    cash_and_deposits
    receivables
    short_term_securities
    inventories
noncurrent_assets *
deferred_assets
total_assets *
current_liabilities *
    short_term_borrowings
    commercial_papers
    current_portion_bonds
    current_portion_long_term_borrowings
    lease_obligations_current
noncurrent_liabilities *
    bonds_payable
    long_term_borrowings
    lease_obligations_noncurrent
special_reserves
total_liabilities *
"""
OF_BANK = """
    cash_and_deposits
    short_term_securities
    loans
total_assets *
    deposits
    short_term_borrowings
    commercial_papers
    bonds_payable
    special_reserves
total_liabilities *
"""
OF_INSURER = """
    cash_and_deposits
    short_term_securities
    loans
total_assets *
    short_term_borrowings
    bonds_payable
    special_reserves
total_liabilities *
"""
CASH = """
operating_cash_flow *
    depreciation_amortization
    goodwill_amortization
investing_cash_flow *
    capex_ppe
    capex_intangible
financing_cash_flow *
    dividends_paid
fx_effect_on_cash
net_change_in_cash *
cash_and_equivalents_end *
"""
PER_SHARE = """
eps_basic
eps_diluted
bps
dps_annual
    dps_interim
payout_ratio_reported
"""
OTHERS = """
equity_ratio_reported
capital_adequacy_ratio
roe_reported
per_reported
shares_issued
treasury_share_count
average_shares
employees
"""
IFRS_LIKE = frozenset({"IFRS", "JMIS"})
HEADINGS = {
    "balance": Label("貸借対照表", "Balance sheet"),
    "income": Label("損益計算書", "Income statement"),
    "cash": Label("キャッシュ・フロー計算書", "Cash flows"),
    "per_share": Label("１株当たり情報・配当", "Per share and dividends"),
    "others": Label("比率と株式", "Ratios and shares"),
    REST: Label("その他の項目", "Other figures"),
}
# Parts whose figures are of the last day, however long the months before it were.
OF_ONE_DAY = frozenset({"balance", "others"})
# 国際会計基準 第1号 10: statement of financial position.
FINANCIAL_POSITION = Label("財政状態計算書", "Statement of financial position")


def of(basis: Basis) -> Sequence[Part]:
    """The parts of a statement on this basis; what none of its own lines names follows at the end."""
    balance, income = _balance_and_income(basis)
    if (basis.standard, basis.scope) == ("JGAAP", "non_consolidated"):
        income = income.replace(COMPREHENSIVE, "")
    parts = [
        Part("balance", _heading("balance", basis), _lines(balance)),
        Part("income", _heading("income", basis), _lines(income)),
        Part("cash", _heading("cash", basis), _lines(CASH)),
        Part("per_share", HEADINGS["per_share"], _lines(PER_SHARE), is_money=False),
        Part("others", HEADINGS["others"], _lines(OTHERS), is_money=False),
    ]
    rest = FIGURES - {line.field for part in parts for line in part.lines}
    return [*parts, Part(REST, HEADINGS[REST], tuple(map(Line, sorted(rest))))]


def _balance_and_income(basis: Basis) -> tuple[str, str]:
    if basis.standard in IFRS_LIKE:
        return CLASSIFIED + EQUITY_OF_OWNERS, INCOME_UNDER_IFRS
    if basis.standard == "USGAAP":
        return CLASSIFIED + EQUITY_OF_OWNERS, INCOME_UNDER_US_GAAP
    if basis.industry_format == "BNK":
        return OF_BANK + EQUITY, INCOME_OF_BANK
    if basis.industry_format == "INS":
        return OF_INSURER + EQUITY, INCOME_OF_INSURER
    return CLASSIFIED + EQUITY, INCOME


def _heading(name: str, basis: Basis) -> Label:
    """What a statement is called: 連結 where it is of a group."""
    of_all = FINANCIAL_POSITION if name == "balance" and basis.standard in IFRS_LIKE else HEADINGS[name]
    if basis.scope != "consolidated":
        return of_all
    return Label("連結" + of_all.ja, f"Consolidated {of_all.en[0].lower()}{of_all.en[1:]}")
