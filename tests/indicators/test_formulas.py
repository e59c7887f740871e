"""Every indicator on one company whose figures a reader can reckon with, and on a year of which the company told."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from webapp.indicators.formulas import BY_NAME, INDICATORS
from webapp.indicators.indicator import (
    COUNT,
    FINANCE_COSTS,
    MISSING,
    NEGATIVE_BASE,
    NOT_APPLICABLE,
    OK,
    OLDER,
    PRICE,
    STATUTORY_RATE,
    Computed,
)
from webapp.rules.expressions import NOW, PRIOR, Facts

# In millions; per share and shares as they are.
FIGURES: dict[str, dict[str, str]] = {
    NOW: {
        "revenue": "800", "gross_profit": "320", "operating_income": "96", "ordinary_income": "104",
        "income_before_taxes": "100", "income_taxes": "30", "profit_attributable_to_owners": "60",
        "average_shares": "30", "eps_basic": "1.9", "bps": "19.5", "dps_of_year": "1", "dps_of_earnings": "0.5",
        "total_assets": "2000", "equity_attributable_to_owners": "700", "non_controlling_interests": "50",
        "total_liabilities": "1250", "current_assets": "900", "current_liabilities": "600",
        "cash_and_deposits": "180", "receivables": "240", "short_term_securities": "30",
        "short_term_borrowings": "10", "current_portion_long_term_borrowings": "20", "long_term_borrowings": "100",
        "bonds_payable": "60", "current_portion_bonds": "30", "commercial_papers": "15",
        "lease_obligations_current": "5", "lease_obligations_noncurrent": "10", "depreciation_amortization": "24",
        "goodwill_amortization": "6", "cash_and_equivalents_end": "90", "interest_and_dividend_income": "4",
        "interest_expense": "8", "operating_cash_flow": "120", "investing_cash_flow": "-70", "capex_ppe": "-80",
        "dividends_paid": "-18",
    },
    PRIOR: {
        "revenue": "640", "profit_attributable_to_owners": "50", "total_assets": "1000",
        "equity_attributable_to_owners": "500", "non_controlling_interests": "20", "long_term_borrowings": "130",
    },
    OLDER: {"revenue": "409.6", "profit_attributable_to_owners": "7.5"},
    PRICE: {"close_of_count": "30", "close_of_earnings": "40", "close_of_dividend": "50"},
    COUNT: {"issued": "40", "treasury": "5"},
}  # fmt: skip
DEBT = (
    "short_term_borrowings", "current_portion_long_term_borrowings", "long_term_borrowings", "bonds_payable",
    "current_portion_bonds", "commercial_papers", "lease_obligations_current", "lease_obligations_noncurrent",
)  # fmt: skip


def facts(now: dict[str, str | None], basis: str = "FY", **beside: dict[str, str | None]) -> Facts:
    """The company with some of its figures changed, or without them."""
    changed = {NOW: now, **beside}
    rows: dict[str, dict[str, Any]] = {
        part: {
            name: None if value is None else Decimal(value)
            for name, value in (figures | changed.get(part, {})).items()
        }
        for part, figures in FIGURES.items()
    }
    rows[NOW] |= {"basis": basis, "fiscal_year_start_on": date(2024, 4, 1), "accounting_standard": "JGAAP"}
    return rows


def computed(name: str, now: dict[str, str | None], **beside: Any) -> Computed:
    return BY_NAME[name].compute(facts(now, **beside))


WORKED = {
    "roe": "0.1",  # 60 on 600, the average of 700 and 500
    "roa": "0.04",  # 60 on 1,500
    "roa_ordinary": "0.06933333",  # 104 on 1,500
    "roic": "0.08145455",  # 96 less 30 % on 825, the average of 1,000 and 650
    "gross_margin": "0.4",
    "operating_margin": "0.12",
    "ordinary_margin": "0.13",
    "net_margin": "0.075",
    "eps": "2",
    "bps": "20",  # on the 35 that others hold
    "per": "20",
    "pbr": "1.5",
    "psr": "1.3125",
    "ev_ebitda": "10",  # 1,050 + 250 + 50 − 90 to 96 + 24 + 6
    "debt": "250",
    "revenue_growth": "0.25",
    "profit_growth": "0.2",
    "revenue_cagr_3y": "0.25",  # 800 ÷ 409.6 is 1.25 three times over
    "profit_cagr_3y": "1",
    "current_ratio": "1.5",
    "quick_ratio": "0.75",
    "debt_to_equity": "0.35714286",
    "liabilities_to_equity": "1.78571429",
    "equity_ratio": "0.35",
    "interest_coverage": "12.5",
    "fcf": "50",
    "fcf_capex": "40",
    "dividend_yield": "0.02",
    "payout_ratio": "0.25",
    "total_payout_ratio": "0.3",
    "market_cap": "1050",
    "market_cap_gross": "1200",
}


def test_every_indicator_comes_to_what_is_reckoned_by_hand() -> None:
    assert {one.name: one.compute(facts({})) for one in INDICATORS} == {
        name: (Decimal(value), OK) for name, value in WORKED.items()
    }


@pytest.mark.parametrize(
    ("missing", "name", "value"),
    [
        # Not disclosed means that there is none.
        (["non_controlling_interests"], "roic", "0.084"),  # 67.2 on 800
        (["non_controlling_interests"], "ev_ebitda", "9.60317460"),
        (["goodwill_amortization"], "ev_ebitda", "10.5"),
        (["short_term_securities"], "quick_ratio", "0.7"),
        (["interest_and_dividend_income"], "interest_coverage", "12"),
        # Of debt, what is known.
        (["bonds_payable"], "debt", "190"),
        (["long_term_borrowings", "commercial_papers"], "debt_to_equity", "0.19285714"),
        # What the company discloses stands in for what cannot be reckoned.
        (["average_shares"], "eps", "1.9"),
        (["average_shares"], "per", "21.05263158"),
        (["average_shares"], "payout_ratio", "0.26315789"),
        (["equity_attributable_to_owners"], "bps", "19.5"),
        (["equity_attributable_to_owners"], "pbr", "2.05128205"),
        # And without it there is nothing to say.
        (DEBT, "debt", None),
        (["lease_obligations_current", "lease_obligations_noncurrent"], "debt", "235"),
        # Leases alone do not tell what is borrowed (E01573's parent, S100W5YW: 68,000 million yen of bonds and
        # borrowings in elements of its own beside 912 of leases).
        (DEBT[:6], "debt", None),
        (DEBT[:6], "debt_to_equity", None),
        (["average_shares", "eps_basic"], "per", None),
        (["cash_and_deposits"], "quick_ratio", None),
        (["depreciation_amortization"], "ev_ebitda", None),
        (["interest_expense"], "interest_coverage", None),
        (["dps_of_year"], "dividend_yield", None),
        (["revenue"], "revenue_growth", None),
        (["revenue"], "net_margin", None),
    ],
)
def test_missing_is_zero_only_where_companies_leave_out_what_there_is_not(
    missing: list[str], name: str, value: str | None
) -> None:
    expected = Computed(None, MISSING) if value is None else Computed(Decimal(value), OK)
    assert computed(name, dict.fromkeys(missing)) == expected


@pytest.mark.parametrize(
    ("name", "part", "figure"),
    [
        ("roe", PRIOR, "equity_attributable_to_owners"),
        ("roa", PRIOR, "total_assets"),
        ("roic", PRIOR, "long_term_borrowings"),
        ("profit_growth", PRIOR, "profit_attributable_to_owners"),
        ("revenue_cagr_3y", OLDER, "revenue"),
        ("psr", PRICE, "close_of_count"),
        ("market_cap", COUNT, "treasury"),
    ],
)
def test_what_stands_beside_the_period_is_never_taken_from_it(name: str, part: str, figure: str) -> None:
    assert computed(name, {}, **{part: {figure: None}}) == (None, MISSING)


@pytest.mark.parametrize(
    ("taxes", "value", "status"),
    [
        ("0", "0.11636364", OK),  # 96 on 825
        ("60", "0.04654545", OK),  # at 60 %
        ("60.1", "0.08073309", STATUTORY_RATE),  # no rate: at the 30.62 % of the law
        ("-1", "0.08073309", STATUTORY_RATE),
        (None, "0.08073309", STATUTORY_RATE),
    ],
)
def test_a_rate_of_tax_that_is_none_is_that_of_the_law_and_says_so(
    taxes: str | None, value: str, status: str
) -> None:
    assert computed("roic", {"income_taxes": taxes}) == (Decimal(value), status)


@pytest.mark.parametrize(
    ("begins_on", "value"),
    [
        (date(2012, 4, 1), "0.07213382"),  # 96 less 38.01 % on 825
        (date(2026, 4, 1), "0.07968582"),  # 96 less 31.52 %
    ],
)
def test_the_rate_of_the_law_is_that_of_the_fiscal_year(begins_on: date, value: str) -> None:
    year = {**facts({"income_taxes": "-1"})}
    year[NOW] = {**year[NOW], "fiscal_year_start_on": begins_on}
    assert BY_NAME["roic"].compute(year) == (Decimal(value), STATUTORY_RATE)


def test_without_a_rate_of_its_own_or_of_the_law_nothing_is_said_to_have_stood_in() -> None:
    year = {**facts({"income_taxes": None})}
    year[NOW] = {**year[NOW], "fiscal_year_start_on": date(2000, 4, 1)}
    assert BY_NAME["roic"].compute(year) == (None, MISSING)
    assert computed("roic", {"income_taxes": None, "operating_income": None}) == (None, MISSING)


@pytest.mark.parametrize("standard", ["IFRS", "JMIS"])
@pytest.mark.parametrize(
    ("interest", "costs", "expected"),
    [
        ("8", "12", ("12", OK)),  # 96 on 8: 金融収益 is none of 営業利益, and 金融費用 has more in it
        ("8", None, ("12", OK)),
        (None, "12", ("8", FINANCE_COSTS)),  # 96 on 12
        (None, "0", (None, NOT_APPLICABLE)),
        ("0", "12", (None, NOT_APPLICABLE)),
        (None, "-12", (None, NEGATIVE_BASE)),
        (None, None, (None, MISSING)),
    ],
)
def test_under_ifrs_operating_income_alone_covers_interest_or_else_finance_costs_and_says_so(
    standard: str, interest: str | None, costs: str | None, expected: tuple[str | None, str]
) -> None:
    year = {**facts({"interest_expense": interest, "finance_costs": costs})}
    year[NOW] = {**year[NOW], "accounting_standard": standard}
    value, status = expected
    assert BY_NAME["interest_coverage"].compute(year) == (value and Decimal(value), status)
    assert BY_NAME["interest_coverage"].under(standard).compute(year) == (value and Decimal(value), status)


@pytest.mark.parametrize("standard", ["JGAAP", "USGAAP"])
def test_finance_costs_stand_for_no_interest_under_other_standards(standard: str) -> None:
    year = {**facts({"interest_expense": None, "finance_costs": "12"})}
    year[NOW] = {**year[NOW], "accounting_standard": standard}
    assert BY_NAME["interest_coverage"].compute(year) == (None, MISSING)


@pytest.mark.parametrize(
    ("standard", "figures"),
    [
        ("JGAAP", ["operating_income", "interest_and_dividend_income", "interest_expense"]),
        ("IFRS", ["operating_income", "interest_expense", "finance_costs"]),
    ],
)
def test_under_a_standard_only_what_it_is_reckoned_of_there_is_an_input(
    standard: str, figures: list[str]
) -> None:
    assert [one.name for one in BY_NAME["interest_coverage"].under(standard).inputs] == figures


@pytest.mark.parametrize(
    ("name", "figure"),
    [
        ("net_margin", "revenue"),
        ("psr", "revenue"),
        ("per", "profit_attributable_to_owners"),
        ("payout_ratio", "profit_attributable_to_owners"),
        ("total_payout_ratio", "profit_attributable_to_owners"),
        ("pbr", "equity_attributable_to_owners"),
        ("debt_to_equity", "equity_attributable_to_owners"),
        ("liabilities_to_equity", "equity_attributable_to_owners"),
        ("equity_ratio", "total_assets"),
        ("current_ratio", "current_liabilities"),
        ("quick_ratio", "current_liabilities"),
        ("interest_coverage", "interest_expense"),
        ("revenue_cagr_3y", "revenue"),
    ],
)
@pytest.mark.parametrize("base", ["0", "-1"])
def test_on_a_base_of_nothing_or_less_there_is_no_ratio(name: str, figure: str, base: str) -> None:
    # Without debt there is no interest that would have to be covered.
    pays_none = name == "interest_coverage" and base == "0"
    assert computed(name, {figure: base}) == (None, NOT_APPLICABLE if pays_none else NEGATIVE_BASE)


@pytest.mark.parametrize(
    ("name", "now", "prior"),
    [
        ("roe", {"equity_attributable_to_owners": "-500"}, {}),
        ("roa", {"total_assets": "-1000"}, {}),
        ("roa_ordinary", {"total_assets": "-1000"}, {}),
        ("roic", {"equity_attributable_to_owners": "-950"}, {"non_controlling_interests": "20"}),
        ("ev_ebitda", {"operating_income": "-30"}, {}),
    ],
)
def test_sums_of_nothing_are_no_base_either(
    name: str, now: dict[str, str | None], prior: dict[str, str | None]
) -> None:
    assert computed(name, now, prior=prior) == (None, NEGATIVE_BASE)
    just_above = {figure: str(Decimal(value or 0) + 1) for figure, value in now.items()}
    assert computed(name, just_above, prior=prior).status == OK


def test_three_months_are_no_measure_of_what_is_of_years() -> None:
    of_quarter = facts({}, basis="QTR")
    silent = {one.name for one in INDICATORS if one.compute(of_quarter).status == NOT_APPLICABLE}
    assert silent == {
        "roe", "roa", "roa_ordinary", "roic", "per", "psr", "ev_ebitda", "payout_ratio", "total_payout_ratio",
    }  # fmt: skip
    assert {one.compute(of_quarter).status for one in INDICATORS if one.name not in silent} == {OK}


@pytest.mark.parametrize("industry_format", ["BNK", "INS", "SEC"])
def test_banks_insurers_and_securities_companies_have_neither_gross_profit_nor_current_assets(
    industry_format: str,
) -> None:
    year = {**facts({})}
    year[NOW] = {**year[NOW], "industry_format": industry_format}
    silent = {one.name for one in INDICATORS if one.compute(year).status == NOT_APPLICABLE}
    assert silent == {
        "roic", "gross_margin", "operating_margin", "ev_ebitda", "current_ratio", "quick_ratio", "interest_coverage",
    }  # fmt: skip


# Source: EDINET (S100DG1P and S100AOB9), Kurita Water Industries, years to March 2018 and 2017, in millions of yen.
KURITA: Facts = {
    NOW: {
        "basis": "FY", "revenue": 236_815, "gross_profit": 76_338, "operating_income": 22_475,
        "ordinary_income": 22_104, "profit_attributable_to_owners": 17_897, "total_assets": 323_046,
        "equity_attributable_to_owners": 240_853 - 2_049, "current_assets": 162_004, "current_liabilities": 56_149,
    },
    PRIOR: {
        "revenue": 214_187, "profit_attributable_to_owners": 14_506, "total_assets": 299_249,
        "equity_attributable_to_owners": 228_758 - 1_135,
    },
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("roe", "0.077"),
        ("equity_ratio", "0.739"),
        ("roa_ordinary", "0.071"),
        ("gross_margin", "0.322"),
        ("operating_margin", "0.095"),
        ("revenue_growth", "0.106"),
        ("profit_growth", "0.234"),
        ("current_ratio", "2.885"),
    ],
)
def test_of_a_real_year_they_are_what_the_company_printed_or_its_figures_give(
    name: str, printed: str
) -> None:
    value = BY_NAME[name].compute(KURITA).value
    assert value is not None
    assert round(value, 3) == Decimal(printed)
