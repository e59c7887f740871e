"""In which order the figures of a statement are typed, or pasted as a column: as most reports print them, top down.

What only banks, insurers or other standards print follows at the end of its part, past which nobody else comes.
"""

INCOME_STATEMENT = (
    "revenue", "cost_of_revenue", "gross_profit", "sga_expenses", "operating_income", "non_operating_income",
    "interest_and_dividend_income", "equity_method_income", "non_operating_expenses", "interest_expense",
    "ordinary_income", "extraordinary_income", "extraordinary_loss", "income_before_taxes", "income_taxes", "profit",
    "profit_attributable_to_owners", "profit_attributable_to_nci", "comprehensive_income",
    "other_income", "other_expenses", "finance_income", "finance_costs", "ordinary_expenses", "premiums",
)  # fmt: skip
BALANCE_SHEET = (
    "current_assets", "cash_and_deposits", "receivables", "short_term_securities", "inventories", "noncurrent_assets",
    "deferred_assets", "total_assets", "current_liabilities", "short_term_borrowings", "commercial_papers",
    "current_portion_bonds", "current_portion_long_term_borrowings", "lease_obligations_current",
    "noncurrent_liabilities", "bonds_payable", "long_term_borrowings", "lease_obligations_noncurrent",
    "special_reserves", "total_liabilities", "shareholders_equity", "capital_stock", "retained_earnings",
    "treasury_shares", "valuation_adjustments", "subscription_rights", "non_controlling_interests", "net_assets",
    "liabilities_and_net_assets", "equity_attributable_to_owners", "loans", "deposits",
)  # fmt: skip
CASH_FLOWS = (
    "depreciation_amortization", "goodwill_amortization", "operating_cash_flow", "capex_ppe", "capex_intangible",
    "investing_cash_flow", "dividends_paid", "financing_cash_flow", "fx_effect_on_cash", "net_change_in_cash",
    "cash_and_equivalents_end",
)  # fmt: skip
