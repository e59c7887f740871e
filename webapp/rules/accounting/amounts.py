"""The amounts of a statement by their names, those that are large in any year, and what they are written in: pure."""

# Whole units, thousands (千円) or millions (百万円): how finely the filer rounds.
ROUNDING_UNITS = (1, 1000, 1_000_000)
AMOUNTS = (
    "revenue", "premiums", "cost_of_revenue", "gross_profit", "sga_expenses", "operating_income",
    "non_operating_income", "non_operating_expenses", "finance_income", "finance_costs", "other_income",
    "other_expenses", "equity_method_income", "interest_expense", "interest_and_dividend_income",
    "ordinary_expenses", "ordinary_income", "extraordinary_income", "extraordinary_loss",
    "income_before_taxes", "income_taxes", "profit", "profit_attributable_to_owners",
    "profit_attributable_to_nci", "comprehensive_income", "total_assets", "current_assets",
    "noncurrent_assets", "deferred_assets", "cash_and_deposits", "receivables", "short_term_securities",
    "loans", "inventories", "total_liabilities", "current_liabilities", "noncurrent_liabilities",
    "deposits", "special_reserves", "short_term_borrowings", "current_portion_long_term_borrowings",
    "long_term_borrowings", "bonds_payable", "current_portion_bonds", "commercial_papers",
    "lease_obligations_current", "lease_obligations_noncurrent", "net_assets",
    "equity_attributable_to_owners", "shareholders_equity", "valuation_adjustments",
    "subscription_rights", "non_controlling_interests", "liabilities_and_net_assets", "treasury_shares",
    "retained_earnings", "capital_stock", "operating_cash_flow", "investing_cash_flow",
    "financing_cash_flow", "fx_effect_on_cash", "net_change_in_cash", "cash_and_equivalents_end",
    "depreciation_amortization", "goodwill_amortization", "capex_ppe", "capex_intangible",
    "dividends_paid",
)  # fmt: skip
# So large in any company that from one year to the next they do not grow a thousandfold; of revenue and total assets,
# of which that was measured, there are rules of their own.
LARGE_AMOUNTS = (
    "cost_of_revenue", "sga_expenses", "ordinary_expenses", "current_assets", "noncurrent_assets",
    "total_liabilities", "current_liabilities", "net_assets", "equity_attributable_to_owners", "shareholders_equity",
    "capital_stock", "cash_and_equivalents_end",
)  # fmt: skip
