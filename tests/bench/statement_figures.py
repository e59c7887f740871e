"""The figures of the bench's annual statements: as many as filers by J-GAAP state, made by formulas in SQL.

Counted in the 84 current annual statements by J-GAAP of 201 real reports of six companies: of 82 figures 56 on average
in the 29 of a group, 51 to 60, and 46 in the 55 of the parent alone, 40 to 52, which tell of no cash flows. Here it is
as many: what all of them state stands in every statement, and each of the rest in the same share of companies.
"""

from collections.abc import Mapping
from typing import NamedTuple

GROUPS, PARENTS = 29, 55


class Stated(NamedTuple):
    """A figure as SQL, and in how many of the real statements it stands, of the group and of the parent alone."""

    formula: str
    of_group: int = GROUPS
    alone: int = PARENTS

    @property
    def sql(self) -> str:
        """NULL in the statements of companies that do not state it; figures of equal counts stand together."""
        if (self.of_group, self.alone) == (GROUPS, PARENTS):
            return self.formula
        shifted = f"(company_id + {self.of_group * 5 + self.alone * 3})"
        return (
            f"CASE WHEN CASE WHEN is_group THEN {shifted} % {GROUPS} < {self.of_group}"
            f" ELSE {shifted} % {PARENTS} < {self.alone} END THEN {self.formula} END"
        )

    @property
    def or_zero(self) -> str:
        """As totals are reckoned of it: what is not disclosed is none."""
        return f"coalesce({self.sql}, 0)"


LOSS, OTHERS_PROFIT = Stated("size * 2", 23, 48), Stated("size", 22, 0)
DEFERRED, EXCHANGE = Stated("size", 0, 7), Stated("size", 25, 0)
RIGHTS, OTHERS_EQUITY = Stated("size", 9, 18), Stated("size * 2", 22, 0)
OWNERS_PROFIT = f"(size * 9 - {LOSS.or_zero} - {OTHERS_PROFIT.or_zero})"
EQUITY = f"(size * 30 - {RIGHTS.or_zero} - {OTHERS_EQUITY.or_zero})"
PER_SHARE = "::numeric / (shares - shares / 100)"
CASH = "15 * (size - before)"
# Each of whole millions of yen, `size`, and of those of the year before, `before`; totals agree as they must, and
# ratios with what they are of, but for some net assets, which are too high by five units (`slip`).
STATED: Mapping[str, Stated] = {
    "revenue": Stated("size * 100"),
    "cost_of_revenue": Stated("size * 70"),
    "gross_profit": Stated("size * 30"),
    "sga_expenses": Stated("size * 20"),
    "operating_income": Stated("size * 10"),
    "non_operating_income": Stated("size * 3"),
    "non_operating_expenses": Stated("size"),
    "interest_and_dividend_income": Stated("size"),
    "interest_expense": Stated("size", 16, 42),
    "equity_method_income": Stated("size", 15, 0),
    "ordinary_income": Stated("size * 12"),
    "extraordinary_income": Stated("size"),
    "extraordinary_loss": LOSS,
    "income_before_taxes": Stated(f"size * 13 - {LOSS.or_zero}"),
    "income_taxes": Stated("size * 4", 29, 50),
    "profit": Stated(f"size * 9 - {LOSS.or_zero}"),
    "profit_attributable_to_nci": OTHERS_PROFIT,
    "profit_attributable_to_owners": Stated(OWNERS_PROFIT),
    "comprehensive_income": Stated("size * 8", 29, 0),
    "total_assets": Stated("size * 90"),
    "current_assets": Stated("size * 50"),
    "cash_and_deposits": Stated("size * 16"),
    "receivables": Stated("size * 20"),
    "short_term_securities": Stated("size * 2", 13, 14),
    "inventories": Stated("size * 9", 10, 10),
    "noncurrent_assets": Stated(f"size * 40 - {DEFERRED.or_zero}"),
    "deferred_assets": DEFERRED,
    "total_liabilities": Stated("size * 60"),
    "current_liabilities": Stated("size * 35"),
    "short_term_borrowings": Stated("size * 7", 9, 22),
    "current_portion_long_term_borrowings": Stated("size * 2", 0, 22),
    "current_portion_bonds": Stated("size", 0, 8),
    "lease_obligations_current": Stated("size", 3, 28),
    "noncurrent_liabilities": Stated("size * 25"),
    "long_term_borrowings": Stated("size * 11", 9, 23),
    "bonds_payable": Stated("size * 5", 0, 13),
    "lease_obligations_noncurrent": Stated("size * 2", 12, 37),
    "net_assets": Stated("size * 30 + slip"),
    "capital_stock": Stated("size * 5"),
    "retained_earnings": Stated("size * 17"),
    "treasury_shares": Stated("size * -1"),
    "shareholders_equity": Stated(f"{EQUITY} - size * 3"),
    "valuation_adjustments": Stated("size * 3"),
    "subscription_rights": RIGHTS,
    "non_controlling_interests": OTHERS_EQUITY,
    "equity_attributable_to_owners": Stated(EQUITY),
    "liabilities_and_net_assets": Stated("size * 90"),
    "operating_cash_flow": Stated("size * 9", 29, 0),
    "investing_cash_flow": Stated("size * -4", 29, 0),
    "financing_cash_flow": Stated(f"{CASH} - size * 5 - {EXCHANGE.or_zero}", 29, 0),
    "fx_effect_on_cash": EXCHANGE,
    "net_change_in_cash": Stated(CASH, 29, 0),
    "cash_and_equivalents_end": Stated("size * 15", 29, 0),
    "depreciation_amortization": Stated("size * 4", 29, 0),
    "goodwill_amortization": Stated("size", 9, 0),
    "capex_ppe": Stated("size * -3", 19, 0),
    "capex_intangible": Stated("size * -1", 19, 0),
    "dividends_paid": Stated("size * -2", 29, 0),
    "shares_issued": Stated("shares", 22, 48),
    "treasury_share_count": Stated("shares / 100", 22, 42),
    "eps_basic": Stated(f"round({OWNERS_PROFIT}{PER_SHARE}, 2)"),
    "eps_diluted": Stated(f"round({OWNERS_PROFIT}{PER_SHARE} * 0.99, 2)", 7, 21),
    "bps": Stated(f"round({EQUITY}{PER_SHARE}, 2)"),
    "dps_annual": Stated(f"round({OWNERS_PROFIT}{PER_SHARE} * 0.3)"),
    "dps_interim": Stated(f"round({OWNERS_PROFIT}{PER_SHARE} * 0.15)", 16, 41),
    "equity_ratio_reported": Stated(f"round({EQUITY}::numeric / (size * 90), 3)"),
    "roe_reported": Stated(
        f"round({OWNERS_PROFIT} * 2 / ({EQUITY} * (1 + before::numeric / size)), 3)", 29, 53
    ),
    "per_reported": Stated("round(10 + company_id % 400 / 10.0, 1)", 27, 47),
    "payout_ratio_reported": Stated("0.3", 24, 47),
    "employees": Stated("size / 1000000"),
}
