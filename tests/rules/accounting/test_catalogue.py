"""Each rule of accounting: what keeps it, what breaks it, where it does not apply, and whether it may be typed."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from webapp.models.financial_statement import FinancialStatement
from webapp.rules.accounting.amounts import AMOUNTS
from webapp.rules.accounting.catalogue import BY_ID, BY_KEY, RULES, check, parts, refuses
from webapp.rules.accounting.rule import BLOCKS, SEVERITIES, outcome
from webapp.rules.expressions import NOW, PRIOR, Figure, average

MILLION = 1_000_000
ANNUAL = {
    "period_type": "FY",
    "scope": "consolidated",
    "accounting_standard": "JGAAP",
    "rounding_unit": MILLION,
    "currency": "JPY",
}
# A year whose figures, in millions, keep every rule; what is 0 is disclosed as 0.
SOUND = {
    "revenue": 1000, "cost_of_revenue": 600, "gross_profit": 400, "sga_expenses": 300, "operating_income": 100,
    "non_operating_income": 20, "non_operating_expenses": 10, "ordinary_income": 110, "extraordinary_income": 5,
    "extraordinary_loss": 15, "income_before_taxes": 100, "income_taxes": 30, "profit": 70,
    "profit_attributable_to_owners": 60, "profit_attributable_to_nci": 10, "total_assets": 2000,
    "current_assets": 1200, "noncurrent_assets": 790, "deferred_assets": 10, "total_liabilities": 900,
    "current_liabilities": 500, "noncurrent_liabilities": 390, "special_reserves": 10, "net_assets": 1100,
    "shareholders_equity": 900, "valuation_adjustments": 100, "subscription_rights": 50,
    "non_controlling_interests": 50, "equity_attributable_to_owners": 1000, "liabilities_and_net_assets": 2000,
    "operating_cash_flow": 80, "investing_cash_flow": -50, "financing_cash_flow": -20, "fx_effect_on_cash": 5,
    "net_change_in_cash": 15, "cash_and_equivalents_end": 315, "capex_ppe": -40,
}  # fmt: skip


def facts(prior: dict[str, Any] | None = None, **changed: Any) -> dict[str, dict[str, Any]]:
    """A sound year with some figures changed, in millions; beside it the one before, where it is given."""
    words = {name: value for name, value in changed.items() if isinstance(value, str)}
    figures = SOUND | {name: value for name, value in changed.items() if name not in words}
    now = ANNUAL | {
        name: None if value is None else Decimal(value) * MILLION for name, value in figures.items()
    }
    rows = {NOW: now | words}
    if prior is not None:
        rows[PRIOR] = ANNUAL | {name: Decimal(value) * MILLION for name, value in (SOUND | prior).items()}
    return rows


def broken(rows: dict[str, dict[str, Any]]) -> list[str | None]:
    return [finding.rule for finding in check(rows)]


def test_how_many_times_something_is_another_is_told_beside_once() -> None:
    rows = facts({"cash_and_equivalents_end": 300})
    counted_in_times = [rule for rule in RULES if rule.unit == "times"]
    assert counted_in_times
    assert {rule.expected.value(rows) for rule in counted_in_times} == {Decimal(1)}


def test_a_sound_year_breaks_no_rule() -> None:
    assert broken(facts({"cash_and_equivalents_end": 300})) == []


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"liabilities_and_net_assets": 2001}, "B1"),
        ({"total_liabilities": 903, "current_liabilities": 503}, "B2"),
        ({"current_assets": 1204}, "B3"),
        ({"current_liabilities": 504}, "B4"),
        ({"shareholders_equity": 905}, "B5"),
        ({"cost_of_revenue": 603}, "P1"),
        ({"sga_expenses": 303}, "P2"),
        ({"non_operating_income": 24}, "P3"),
        ({"extraordinary_income": 9}, "P4"),
        ({"income_taxes": 33}, "P5"),
        ({"profit_attributable_to_owners": 63}, "P6"),
        ({"investing_cash_flow": -45}, "C1"),
        ({"capex_ppe": 40}, "S-capex"),
        ({"operating_cash_flow": 3100, "net_change_in_cash": 3035}, "S-flow"),
    ],
)
def test_a_figure_that_is_off_breaks_its_rule_and_no_other(changed: dict[str, int], rule: str) -> None:
    assert broken(facts(**changed)) == [rule]


def test_each_term_may_hide_what_is_below_the_unit() -> None:
    # 切捨て: two terms may miss by two units, and by no more.
    assert broken(facts(total_liabilities=902, current_liabilities=502)) == []
    assert broken(facts(total_liabilities=903, current_liabilities=503)) == ["B2"]


@pytest.mark.parametrize(
    "figure", ["deferred_assets", "special_reserves", "extraordinary_income", "fx_effect_on_cash"]
)
def test_what_filers_leave_out_where_there_is_none_counts_as_zero(figure: str) -> None:
    (rule,) = (one for one in RULES if Figure(figure).or_zero in tuple(one.expected.figures()))
    came_to = outcome(rule, facts(**{figure: None}))
    assert came_to is not None
    assert came_to.expected == came_to.observed - SOUND[figure] * MILLION


def test_a_figure_that_is_not_disclosed_is_compared_with_nothing() -> None:
    assert broken(facts(net_assets=None, cost_of_revenue=None)) == []
    assert outcome(BY_ID["B2"], facts(net_assets=None)) is None


def test_a_bank_has_ordinary_revenue_and_expenses_and_neither_gross_profit_nor_current_assets() -> None:
    bank = facts(industry_format="BNK", ordinary_expenses=890)
    applying = {rule.id for rule in RULES if outcome(rule, bank) is not None}
    assert {"P3b", "P4"} <= applying
    assert applying.isdisjoint({"P1", "P2", "P3", "B3", "B4"})
    assert broken(facts(industry_format="BNK", ordinary_expenses=880)) == ["P3b"]


def test_by_ifrs_equity_is_of_owners_and_minorities_and_nothing_is_ordinary() -> None:
    ifrs = {"accounting_standard": "IFRS", "net_assets": 1050, "total_liabilities": 950}
    assert set(broken(facts(**ifrs))) <= {"B4", "P2i"}
    assert "B6" in broken(facts(**ifrs | {"equity_attributable_to_owners": 990}))
    assert {"B5", "P2", "P3", "P4"}.isdisjoint(broken(facts(**ifrs)))


def test_ratios_that_a_filer_discloses_agree_to_a_tenth_of_a_percent() -> None:
    year = facts({"equity_attributable_to_owners": 800})
    year[NOW] |= {"equity_ratio_reported": Decimal("0.5"), "roe_reported": Decimal("0.067")}
    assert broken(year) == ["C2"]  # the year before ends with the same cash
    year[NOW] |= {"equity_ratio_reported": Decimal("0.502"), "roe_reported": Decimal("0.06")}
    assert broken(year) == ["C2", "R1", "R2"]


def test_return_on_equity_is_on_the_average_and_never_on_closing_equity_alone() -> None:
    assert average(Figure("net_assets")).value(facts()) is None
    assert average(Figure("net_assets")).value(facts({"net_assets": 900})) == 1000 * MILLION


@pytest.mark.parametrize(
    ("prior", "rule"),
    [
        ({"revenue": 1}, ["U-revenue"]),
        ({"revenue": 1_000_000}, ["U-revenue"]),
        ({"total_assets": 2_000_000}, ["U-assets"]),
        ({"revenue": 100}, ["T-revenue"]),
        ({"total_assets": 20_000}, ["T-assets"]),
        ({"revenue": 400}, ["Y-revenue"]),
        ({"net_assets": 300}, ["Y-net-assets"]),
        ({"profit": 500}, ["Y-profit"]),
        ({"revenue": 0}, []),
    ],
)
def test_a_year_far_from_the_one_before_is_asked_about(prior: dict[str, int], rule: list[str]) -> None:
    assert broken(facts({"cash_and_equivalents_end": 300} | prior)) == rule


def test_a_grave_rule_refuses_what_is_typed_and_not_what_stood_there() -> None:
    (found,) = check(facts(liabilities_and_net_assets=2001))
    assert not found.is_blocking  # a source may state it
    assert refuses(found, {"total_assets", "revenue"})
    assert not refuses(found, {"revenue"})
    (lesser,) = check(facts(sga_expenses=303))
    assert not refuses(lesser, {"sga_expenses"})


def test_every_rule_says_where_it_stands_and_has_a_name_of_its_own() -> None:
    assert len(BY_KEY) == len(RULES)
    columns = FinancialStatement.__table__.columns
    for rule in RULES:
        assert rule.severity in SEVERITIES
        assert rule.source
        assert rule.message
        known = {*columns.keys(), "factor", "factor_restated", "factor_later", "value"}
        assert {rule.field, *(figure.name for figure in rule.figures())} <= known, rule.key
        alike = BY_ID[rule.id]
        assert (rule.label, rule.message, rule.severity, rule.source) == (
            alike.label, alike.message, alike.severity, alike.source
        )  # fmt: skip
    assert set(AMOUNTS) == {column.name for column in columns if column.info.get("unit") == "money"}
    assert {rule.id for rule in RULES if rule.severity == BLOCKS} == {
        "B1",
        "S-assets",
        "U-revenue",
        "U-assets",
        "T-revenue",
        "T-assets",
        "U-market",
        "X-split",
    }


def test_a_sum_tells_its_terms_with_their_signs() -> None:
    def of(rule: str) -> Iterator[str]:
        return parts(BY_ID[rule].expected)

    assert list(of("P3")) == ["+operating_income", "+non_operating_income", "-non_operating_expenses"]
    assert list(of("C2")) == ["+cash_and_equivalents_end@prior", "+net_change_in_cash"]


@pytest.mark.parametrize(
    ("rule", "low", "high"),
    [("Y-revenue", "0.45", "2.20"), ("Y-assets", "0.63", "2.33"), ("Y-net-assets", "0.37", "3.12")],
)
def test_a_year_beside_the_one_before_may_stand_as_far_as_a_hundred_years_have(
    rule: str, low: str, high: str
) -> None:
    relation, just = BY_ID[rule].relation, Decimal("0.0001")
    assert [relation.holds(Decimal(edge), Decimal(1), Decimal(0)) for edge in (low, high)] == [True, True]
    beyond = (Decimal(low) - just, Decimal(high) + just)
    assert [relation.holds(edge, Decimal(1), Decimal(0)) for edge in beyond] == [False, False]


def test_cash_from_operations_may_be_three_times_revenue_and_no_more() -> None:
    of_revenue = {"net_change_in_cash": None, "cash_and_equivalents_end": None}
    assert broken(facts(operating_cash_flow=3000, **of_revenue)) == []
    assert broken(facts(operating_cash_flow=3001, **of_revenue)) == ["S-flow"]
