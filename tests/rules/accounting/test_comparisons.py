"""Ratios that a filer discloses, signs, and a year beside the one before: to which side of which number what is odd."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from webapp.rules.accounting.catalogue import BY_ID, check
from webapp.rules.accounting.rule import BLOCKS, NOTE, REVIEW, outcome
from webapp.rules.expressions import ACTIONS, NOW, PRIOR

ANNUAL = {"period_type": "FY", "scope": "consolidated", "accounting_standard": "JGAAP"}


def kept(
    rule: str, now: dict[str, Any], prior: dict[str, Any] | None = None, factor: str = "1"
) -> bool | None:
    """Whether it is kept; None where it does not apply."""
    figures = {
        name: (
            Decimal(value)
            if name not in ANNUAL and name != "industry_format" and value is not None
            else value
        )
        for name, value in now.items()
    }
    beside = {name: Decimal(value) for name, value in (prior or {}).items()}
    facts = {NOW: ANNUAL | figures, PRIOR: beside, ACTIONS: {"factor_later": Decimal(factor)}}
    told = outcome(BY_ID[rule], facts)
    return None if told is None else told.is_kept


# Ratios are printed to a tenth of a percent, and cut off: they agree within 0.0006 (90 of 90, and 83 of 83).
EQUITY = {
    "net_assets": "560",
    "subscription_rights": "20",
    "non_controlling_interests": "40",
    "total_assets": "1000",
}
RETURN = {"profit_attributable_to_owners": "60", "equity_attributable_to_owners": "700"}
SHARES = {"shares_issued": "110", "treasury_share_count": "10"}
RATIOS: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    ("R1", EQUITY, {}, "equity_ratio_reported"),
    ("R1i", {"accounting_standard": "IFRS", "equity_attributable_to_owners": "500", "total_assets": "1000"}, {},
     "equity_ratio_reported"),
    ("R2", {"profit_attributable_to_owners": "300", "equity_attributable_to_owners": "700"},
     {"equity_attributable_to_owners": "500"}, "roe_reported"),
]  # fmt: skip


@pytest.mark.parametrize("ratio", RATIOS)
@pytest.mark.parametrize(
    ("reported", "is_kept"), [("0.4993", False), ("0.4994", True), ("0.5006", True), ("0.5007", False)]
)
def test_a_ratio_disclosed_agrees_to_six_ten_thousandths(
    ratio: tuple[str, dict[str, Any], dict[str, Any], str], reported: str, is_kept: bool
) -> None:
    rule, now, prior, field = ratio
    assert kept(rule, now | {field: reported}, prior) is is_kept


def test_equity_is_net_assets_without_rights_and_minorities_which_are_none_where_not_disclosed() -> None:
    bare = EQUITY | {"subscription_rights": None, "non_controlling_interests": None}
    assert kept("R1", bare | {"equity_ratio_reported": "0.56"}) is True
    assert kept("R1", EQUITY | {"equity_ratio_reported": "0.56"}) is False
    assert kept("R1", EQUITY | {"equity_ratio_reported": "0.5", "accounting_standard": "IFRS"}) is None
    # Kurita Water Industries, March 2018 (EDINET S100DG1P).
    year = {"net_assets": 240_853, "non_controlling_interests": 2_049, "total_assets": 323_046}
    assert kept("R1", year | {"equity_ratio_reported": "0.739"}) is True
    profit = {"profit_attributable_to_owners": 17_897, "equity_attributable_to_owners": 238_804}
    assert kept("R2", profit | {"roe_reported": "0.077"}, {"equity_attributable_to_owners": 227_623}) is True
    assert kept("R2", profit | {"roe_reported": "0.075"}, {"equity_attributable_to_owners": 227_623}) is False


@pytest.mark.parametrize("words", [{"period_type": "HY"}, {"scope": "non_consolidated"}])
def test_the_return_on_equity_is_that_of_a_groups_year(words: dict[str, Any]) -> None:
    assert (
        kept("R2", RETURN | {"roe_reported": "0.5"} | words, {"equity_attributable_to_owners": "500"}) is None
    )


@pytest.mark.parametrize(
    ("rule", "field", "now"),
    [
        ("R3", "eps_basic", {"profit_attributable_to_owners": "20000", "average_shares": "100"}),
        ("R3", "eps_basic", {"profit_attributable_to_owners": "-20000", "average_shares": "100"}),
        ("R3b", "bps", {"equity_attributable_to_owners": "20000"} | SHARES),
        ("R3b", "bps", {"equity_attributable_to_owners": "-20000"} | SHARES),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    ("per_share", "is_kept"), [("199.00", False), ("199.01", True), ("201.00", True), ("201.01", False)]
)
def test_what_is_per_share_agrees_to_half_a_percent(
    rule: str, field: str, now: dict[str, str], per_share: str, is_kept: bool
) -> None:
    sign = -1 if any(value.startswith("-") for value in now.values()) else 1
    assert kept(rule, now | {field: str(Decimal(per_share) * sign)}) is is_kept


def test_net_assets_per_share_are_restated_for_a_split_before_the_filing_and_of_a_years_end() -> None:
    year = {"equity_attributable_to_owners": "20000"} | SHARES
    assert kept("R3b", year | {"bps": "20"}, factor="10") is True
    assert kept("R3b", year | {"bps": "20"}) is False
    assert kept("R3b", year | {"bps": "20", "period_type": "HY"}, factor="10") is None


@pytest.mark.parametrize(
    ("rule", "field", "right", "wrong", "severity"),
    [
        ("S-assets", "total_assets", "1", "0", BLOCKS),
        ("S-cost", "cost_of_revenue", "0", "-1", REVIEW),
        ("S-net-assets", "net_assets", "0", "-1", NOTE),
        ("S-capex", "capex_ppe", "0", "1", REVIEW),
    ],
)
def test_some_figures_cannot_have_the_other_sign(
    rule: str, field: str, right: str, wrong: str, severity: str
) -> None:
    assert (kept(rule, {field: right}), kept(rule, {field: wrong})) == (True, False)
    assert kept(rule, {field: None}) is None
    assert BY_ID[rule].severity == severity


@pytest.mark.parametrize("flow", ["3000", "-3000"])
def test_cash_from_operations_is_within_three_times_revenue_but_of_a_bank(flow: str) -> None:
    year = {"operating_cash_flow": flow, "revenue": "1000"}
    assert kept("S-flow", year) is True
    assert kept("S-flow", year | {"revenue": "999"}) is False
    assert kept("S-flow", year | {"revenue": "999", "industry_format": "BNK"}) is None


# A thousand is 千円 for 円 or 百万円 for 千円, a million 百万円 for 円; years lie far from either.
@pytest.mark.parametrize(
    ("times", "is_kept"),
    [
        ("899.9", True), ("900", False), ("1100", False), ("1100.1", True),
        ("0.000899", True), ("0.0009", False), ("0.00112", False), ("0.00113", True),
        ("899999", True), ("900000", False), ("1100000", False), ("1100001", True),
        ("0.00000089", True), ("0.0000009", False), ("0.00000112", False), ("0.00000113", True),
        ("1", True), ("100", True), ("0.01", True),
    ],
)  # fmt: skip
@pytest.mark.parametrize(("rule", "field"), [("U-revenue", "revenue"), ("U-assets", "total_assets")])
def test_a_figure_a_thousand_or_a_million_times_that_of_the_year_before_has_another_unit(
    rule: str, field: str, times: str, is_kept: bool
) -> None:
    assert kept(rule, {field: times}, {field: "1"}) is is_kept
    assert kept(rule, {field: times, "period_type": "HY"}, {field: "1"}) is None
    assert BY_ID[rule].severity == BLOCKS


@pytest.mark.parametrize(
    ("rule", "field"),
    [("T-revenue", "revenue"), ("T-assets", "total_assets")],
)
@pytest.mark.parametrize(
    ("times", "is_kept"),
    [
        ("9.99", True), ("10", False), ("900", False), ("900.1", True), ("1099.9", True), ("1100", False),
        ("900000", False), ("900001", True), ("1099999", True), ("1100000", False), ("1E20", False),
        ("0.101", True), ("0.1", False), ("0.00112", False), ("0.00111", True), ("0.000901", True),
        ("0.0009", False), ("0.00000112", False), ("0.00000111", True), ("0.000000901", True),
        ("0.0000009", False), ("1E-20", False), ("0", True), ("-1", True), ("1", True),
    ],
)  # fmt: skip
def test_a_figure_ten_times_that_of_the_year_before_and_of_no_other_unit_has_other_digits(
    rule: str, field: str, times: str, is_kept: bool
) -> None:
    assert kept(rule, {field: times}, {field: "1"}) is is_kept
    assert kept(rule, {field: times, "period_type": "HY"}, {field: "1"}) is None
    assert BY_ID[rule].severity == BLOCKS


@pytest.mark.parametrize(
    ("rule", "field", "low", "high"),
    [("Y-revenue", "revenue", "0.45", "2.20"), ("Y-assets", "total_assets", "0.63", "2.33")],
)
def test_a_leap_is_told_of_once_and_not_again_where_digits_are_in_doubt(
    rule: str, field: str, low: str, high: str
) -> None:
    tiny = Decimal("0.0001")
    for times, is_kept in (
        (Decimal(low), True), (Decimal(low) - tiny, False), (Decimal("0.1001"), False), (Decimal("0.1"), True),
        (tiny, True), (Decimal(0), False), (-tiny, False), (Decimal(-20), False),
        (Decimal(high), True), (Decimal(high) + tiny, False), (Decimal("9.9999"), False), (Decimal(10), True),
        (Decimal(1000), True),
    ):  # fmt: skip
        assert kept(rule, {field: str(times)}, {field: "1"}) is is_kept, times


@pytest.mark.parametrize(
    ("rule", "field"),
    [("Y-revenue", "revenue"), ("Y-assets", "total_assets"), ("Y-net-assets", "net_assets")],
)
def test_a_leap_is_looked_at_and_refuses_nothing(rule: str, field: str) -> None:
    assert kept(rule, {field: "4"}, {field: "1"}) is False
    assert kept(rule, {field: "4", "period_type": "HY"}, {field: "1"}) is None
    assert kept(rule, {field: "4"}, {field: "0"}) is None
    assert BY_ID[rule].severity == REVIEW


@pytest.mark.parametrize(("now", "is_kept"), [("250", True), ("251", False), ("-50", True), ("-51", False)])
def test_profit_may_swing_by_fifteen_percent_of_assets(now: str, is_kept: bool) -> None:
    year = {"profit": now, "total_assets": "1000"}
    assert kept("Y-profit", year, {"profit": "100"}) is is_kept
    assert kept("Y-profit", year | {"industry_format": "INS"}, {"profit": "100"}) is None
    assert kept("Y-profit", year | {"period_type": "HY"}, {"profit": "100"}) is None
    assert BY_ID["Y-profit"].severity == NOTE


@pytest.mark.parametrize(
    ("now", "before", "is_kept"),
    [
        ("1", "-1", False),
        ("-1", "1", False),
        ("-1", "-1", True),
        ("1", "1", True),
        ("0", "-1", True),
        ("-1", "0", True),
    ],
)
def test_a_profit_that_turns_to_a_loss_is_noted_and_the_other_way(
    now: str, before: str, is_kept: bool
) -> None:
    assert kept("Y-turned", {"profit": now}, {"profit": before}) is is_kept
    assert kept("Y-turned", {"profit": now, "period_type": "HY"}, {"profit": before}) is None
    assert BY_ID["Y-turned"].severity == NOTE


@pytest.mark.parametrize(
    ("begins", "is_held_against_it"),
    [
        # 245, 275, 351, 366, 380 and 396 days.
        (date(2024, 5, 1), False), (date(2024, 4, 1), False), (date(2024, 1, 16), True), (date(2024, 1, 1), True),
        (date(2023, 12, 18), True), (date(2023, 12, 1), False),
    ],
)  # fmt: skip
def test_what_a_year_has_earned_is_held_against_no_longer_or_shorter_year(
    begins: date, is_held_against_it: bool
) -> None:
    year = {"fiscal_year_start_on": date(2025, 1, 1), "fiscal_year_end_on": date(2025, 12, 31)}
    before = {"fiscal_year_start_on": begins, "fiscal_year_end_on": date(2024, 12, 31)}
    now = ANNUAL | year | {name: Decimal(100) for name in ("revenue", "profit", "total_assets", "net_assets")}
    prior = before | {name: Decimal(7) for name in ("revenue", "profit", "total_assets", "net_assets")}
    broken = {one.rule for one in check({NOW: now, PRIOR: prior})}
    earned = {"T-revenue", "Y-profit"}
    assert broken & {*earned, "T-assets"} == {"T-assets", *(earned if is_held_against_it else ())}


def test_a_unit_that_has_slipped_is_found_beside_a_shorter_year_too() -> None:
    before = {"fiscal_year_start_on": date(2024, 4, 1), "fiscal_year_end_on": date(2024, 12, 31)}
    year = {"fiscal_year_start_on": date(2025, 1, 1), "fiscal_year_end_on": date(2025, 12, 31)}
    now = ANNUAL | year | {"revenue": Decimal(1_000_000)}
    assert {one.rule for one in check({NOW: now, PRIOR: before | {"revenue": Decimal(1000)}})} == {
        "U-revenue"
    }
