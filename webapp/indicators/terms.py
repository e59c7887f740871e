"""What formulas are made of: figures and sums of them under the names that analysts have for them."""

from decimal import Decimal

from webapp.indicators import dividends
from webapp.indicators.indicator import COUNT, FINANCE_COSTS, PRICE, STATUTORY_RATE, StandIn
from webapp.indicators.tax_rates import STATUTORY_TAX_RATE
from webapp.rules.choices import Between, UnderStandards
from webapp.rules.expressions import Expression, Figure, FirstKnown, Number, OfKnown

F = Figure
# Whose statements have 金融収益 and 金融費用 below 営業利益 (IAS 1.82(b)); 修正国際基準 has their form.
IFRS = ("IFRS", "JMIS")

OWNERS_PROFIT = F("profit_attributable_to_owners")
EQUITY = F("equity_attributable_to_owners")
REVENUE, ASSETS = F("revenue"), F("total_assets")
# The close as it was traded, and what it is of a share as counted, as earned on, and as a dividend was paid on.
CLOSE, CLOSE_OF_EARNINGS = F("close_of_count", PRICE), F("close_of_earnings", PRICE)
CLOSE_OF_DIVIDEND = F("close_of_dividend", PRICE)
DIVIDEND = F(dividends.OF_EARNINGS)
DIVIDEND_OF_YEAR = F(dividends.OF_YEAR)
SHARES = F("issued", COUNT) - F("treasury", COUNT)
# Filers name borrowings in elements of their own as well: leases alone would pass for all of the debt.
BORROWED = OfKnown(
    (
        F("short_term_borrowings"),
        F("current_portion_long_term_borrowings"),
        F("long_term_borrowings"),
        F("bonds_payable"),
        F("current_portion_bonds"),
        F("commercial_papers"),
    )
)
LEASES_CURRENT, LEASES_LATER = F("lease_obligations_current"), F("lease_obligations_noncurrent")
DEBT = BORROWED + LEASES_CURRENT.or_zero + LEASES_LATER.or_zero
PRIOR_DEBT = (
    OfKnown(tuple(term.prior for term in BORROWED.terms))
    + LEASES_CURRENT.or_zero.prior
    + LEASES_LATER.or_zero.prior
)
MINORITIES = F("non_controlling_interests").or_zero
EPS = FirstKnown(OWNERS_PROFIT / F("average_shares"), F("eps_basic"))
BPS = FirstKnown(EQUITY / SHARES, F("bps"))


def per_earnings(amount: Figure) -> Expression:
    """An amount per share to earnings per share, divided once, so that nothing is rounded on the way."""
    return FirstKnown(amount * F("average_shares") / OWNERS_PROFIT, amount / F("eps_basic"))


# A rate outside of these is none: of a loss, or of what will be paid or given back in other years.
OWN_TAX_RATE = Between(F("income_taxes") / F("income_before_taxes"), Decimal(0), Decimal("0.6"))
OPERATING_INCOME, INTEREST = F("operating_income"), F("interest_expense")
# 税引後営業利益.
AFTER_TAX = OPERATING_INCOME * (Number(Decimal(1)) - FirstKnown(OWN_TAX_RATE, STATUTORY_TAX_RATE))
BY_STATUTORY_RATE = StandIn(OWN_TAX_RATE, STATUTORY_RATE)
# 金融費用 has more in it than interest: 為替差損, losses of what is held.
INTEREST_OF_IFRS = FirstKnown(INTEREST, F("finance_costs"))
TO_COVER = UnderStandards(IFRS, INTEREST_OF_IFRS, INTEREST)
COVERAGE = UnderStandards(
    IFRS,
    OPERATING_INCOME / INTEREST_OF_IFRS,
    (OPERATING_INCOME + F("interest_and_dividend_income").or_zero) / INTEREST,
)
BY_FINANCE_COSTS = StandIn(INTEREST, FINANCE_COSTS)
INVESTED = (EQUITY + MINORITIES + DEBT + (EQUITY.prior + MINORITIES.prior + PRIOR_DEBT)) / 2
EBITDA = OPERATING_INCOME + F("depreciation_amortization") + F("goodwill_amortization").or_zero
MARKET_CAP = CLOSE * SHARES
CASH_AND_CLAIMS = F("cash_and_deposits") + F("receivables") + F("short_term_securities").or_zero
