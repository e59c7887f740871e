"""Whether figures are of a size that they can have: their unit, the group beside them, shares and splits."""

from decimal import Decimal
from typing import Any

import pytest

from webapp.rules.accounting.catalogue import check, refuses
from webapp.rules.expressions import ACTIONS, GROUP, MARKET, NOW, PRIOR

YEAR = {
    "period_type": "FY",
    "scope": "consolidated",
    "accounting_standard": "JGAAP",
    "rounding_unit": 1_000_000,
}
UNSPLIT = {"factor": Decimal(1), "factor_restated": Decimal(1)}


def broken(now: dict[str, Any], **beside: dict[str, Any]) -> list[str | None]:
    return [finding.rule for finding in check({NOW: YEAR | now, **beside})]


@pytest.mark.parametrize(
    ("amount", "unit", "rules"),
    [
        (5_000_000, 1_000_000, []),
        (5_000_001, 1_000_000, ["N-unit"]),
        (-5_000_001, 1_000_000, ["N-unit"]),
        (5_001, 1_000, ["N-unit"]),
        (5_001, 1, []),
        (0, 1_000, []),
    ],
)
def test_an_amount_that_is_no_multiple_of_its_unit_is_asked_about(
    amount: int, unit: int, rules: list[str]
) -> None:
    assert broken({"inventories": Decimal(amount), "rounding_unit": unit}) == rules


@pytest.mark.parametrize(
    ("times", "rules"),
    [
        ("1000", ["U-amount"]),
        ("1000000", ["U-amount"]),
        ("0.001", ["U-amount"]),
        ("0.000001", ["U-amount"]),
        ("899", []),
        ("3", []),
    ],
)
def test_an_amount_a_thousand_or_a_million_times_the_year_before_is_asked_about(
    times: str, rules: list[str]
) -> None:
    before = Decimal(1_000_000_000_000)
    assert broken({"current_assets": before * Decimal(times)}, **{PRIOR: {"current_assets": before}}) == rules


@pytest.mark.parametrize(
    ("times", "rules"),
    [
        ("0.00009", ["U-market"]),
        ("0.0001", ["Y-market"]),
        ("0.0009", ["Y-market"]),
        ("0.001", []),
        ("1000", []),
        ("1001", ["Y-market"]),
        ("30000", ["Y-market"]),
        ("30001", ["U-market"]),
    ],
)
def test_total_assets_lie_by_what_the_shares_are_worth(times: str, rules: list[str]) -> None:
    worth = Decimal(100_000_000_000)
    now = {"total_assets": worth * Decimal(times), "rounding_unit": 1}
    assert broken(now, **{MARKET: {"value": worth}}) == rules


def test_of_the_parent_alone_nothing_is_larger_than_the_group_or_the_same_revenue() -> None:
    parent = {"scope": "non_consolidated", "total_assets": Decimal(9_000_000), "revenue": Decimal(4_000_000)}
    group = {"total_assets": Decimal(9_000_000), "revenue": Decimal(5_000_000)}
    assert broken(parent, **{GROUP: group}) == []
    assert broken(parent, **{GROUP: group | {"total_assets": Decimal(8_000_000)}}) == ["G-assets"]
    assert broken(parent, **{GROUP: group | {"revenue": Decimal(4_000_000)}}) == ["G-revenue"]
    assert broken(parent | {"scope": "consolidated"}, **{GROUP: {"revenue": Decimal(4_000_000)}}) == []


@pytest.mark.parametrize(
    ("issued", "factor", "rules"),
    [
        (100, "1", []),
        (149, "1", []),
        (200, "1", ["X-split", "X-issued"]),
        (50, "1", ["X-split", "X-issued"]),
        (1001, "1", ["X-split", "X-issued"]),
        (250, "1", ["X-issued"]),
        (1000, "10", []),
        (10, "0.1", []),
        (100, "10", ["X-split", "X-issued"]),
    ],
)
def test_shares_that_leap_without_a_corporate_action_are_found(
    issued: int, factor: str, rules: list[str]
) -> None:
    beside = {PRIOR: {"shares_issued": 100}, ACTIONS: UNSPLIT | {"factor": Decimal(factor)}}
    assert broken({"shares_issued": issued}, **beside) == rules


def test_net_assets_per_share_of_ten_times_as_many_shares_are_found_unless_an_action_says_so() -> None:
    before = {"bps": Decimal("11000"), "equity_attributable_to_owners": Decimal(1_000_000_000)}
    now = {"bps": Decimal("1150"), "equity_attributable_to_owners": Decimal(1_050_000_000)}
    assert broken(now, **{PRIOR: before, ACTIONS: UNSPLIT}) == ["X-bps"]
    assert broken(now, **{PRIOR: before, ACTIONS: UNSPLIT | {"factor_restated": Decimal(10)}}) == []


def test_a_whole_split_that_nobody_recorded_may_not_be_typed_and_other_leaps_may() -> None:
    beside = {PRIOR: {"shares_issued": 100}, ACTIONS: UNSPLIT}
    split, leap = check({NOW: YEAR | {"shares_issued": 1000}, **beside})
    assert refuses(split, {"shares_issued"})
    assert not refuses(leap, {"shares_issued"})


def test_net_assets_per_share_are_on_the_shares_that_others_hold() -> None:
    year = {
        "equity_attributable_to_owners": Decimal(1_000_000),
        "shares_issued": 1_100,
        "treasury_share_count": 100,
    }
    unsplit, split = ({ACTIONS: {"factor_later": Decimal(factor)}} for factor in (1, 10))
    assert broken(year | {"bps": Decimal(1000)}, **unsplit) == []
    assert broken(year | {"bps": Decimal(909)}, **unsplit) == ["R3b"]
    # Fujitsu, 2024-04-01: split ten to one between the year's end and the filing.
    assert broken(year | {"bps": Decimal(100)}, **split) == []


# What one share is split into. Beside it some are issued, or cancelled, within the year: 0.2 %.
SPLIT_INTO = (2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 50, 100, 200, 300, 500, 1000)


@pytest.mark.parametrize("number", SPLIT_INTO)
def test_shares_that_become_so_many_or_one_of_so_many_are_split_or_drawn_together(number: int) -> None:
    def is_split(thousandths: int, *, is_drawn: bool = False) -> bool:
        """Of a count so many thousandths of what the split alone would make."""
        near = Decimal(thousandths) / 1000
        now, before = (near, Decimal(number)) if is_drawn else (number * near, Decimal(1))
        beside = {PRIOR: {"shares_issued": before}, ACTIONS: UNSPLIT}
        return "X-split" in broken({"shares_issued": now}, **beside)

    edges = (997, 998, 1000, 1002, 1003)
    assert [is_split(edge) for edge in edges] == [False, True, True, True, False]
    # An inverse is kept to eight decimals.
    assert [is_split(edge, is_drawn=True) for edge in (997, 999, 1000, 1001, 1003)] == [
        False, True, True, True, False,
    ]  # fmt: skip


@pytest.mark.parametrize("number", ["1.5", "2.5", "11", "12", "14", "16", "40", "150", "400", "2000"])
def test_other_leaps_of_a_count_of_shares_are_no_whole_split(number: str) -> None:
    beside = {PRIOR: {"shares_issued": 1}, ACTIONS: UNSPLIT}
    assert "X-split" not in broken({"shares_issued": Decimal(number)}, **beside)


@pytest.mark.parametrize(
    ("issued", "is_usual"), [("0.669", False), ("0.67", True), ("1.5", True), ("1.51", False)]
)
def test_within_a_year_a_count_of_shares_moves_by_half_at_most(issued: str, is_usual: bool) -> None:
    beside = {PRIOR: {"shares_issued": Decimal(1)}, ACTIONS: UNSPLIT}
    assert ("X-issued" not in broken({"shares_issued": Decimal(issued)}, **beside)) is is_usual
    assert broken({"shares_issued": Decimal(issued), "period_type": "HY"}, **beside) == []


@pytest.mark.parametrize(
    ("bps", "equity", "factor", "rules"),
    [
        ("100", "1000", "1", []),
        ("100", "1500", "1", []),  # 1.5 times as many shares
        ("100", "1501", "1", ["X-bps"]),
        ("100", "670", "1", []),
        ("100", "669", "1", ["X-bps"]),
        ("50", "1000", "1", ["X-bps"]),
        ("50", "1000", "2", []),
        ("200", "1000", "0.5", []),
        ("100", "1000", "10", ["X-bps"]),
    ],
)
def test_net_assets_per_share_tell_of_how_many_shares_they_are(
    bps: str, equity: str, factor: str, rules: list[str]
) -> None:
    before = {"bps": Decimal(100), "equity_attributable_to_owners": Decimal(1000)}
    now = {"bps": Decimal(bps), "equity_attributable_to_owners": Decimal(equity), "rounding_unit": 1}
    beside = {PRIOR: before, ACTIONS: {"factor": Decimal(1), "factor_restated": Decimal(factor)}}
    assert broken(now, **beside) == rules
