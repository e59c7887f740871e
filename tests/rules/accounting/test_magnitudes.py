"""Whether figures are of a size that they can have: their unit, the group beside them, shares and splits."""

from decimal import Decimal
from typing import Any

import pytest

from webapp.rules.accounting.catalogue import check, refuses
from webapp.rules.expressions import ACTIONS, GROUP, NOW, PRIOR

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
