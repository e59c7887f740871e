"""How two sides may stand to each other, to which statements a rule applies, and what stands beside them."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from webapp.rules.accounting import screen_sql
from webapp.rules.accounting.catalogue import BY_ID, finding
from webapp.rules.accounting.rule import (
    ABOVE,
    AT_LEAST,
    AT_MOST,
    DIFFERS,
    EQUALS,
    Relation,
    Scope,
    outcome,
    outside,
    within,
    within_or_beyond,
)
from webapp.rules.expressions import ACTIONS, EARLIER, GROUP, NOW, PREVIOUS, PRIOR, Combined, Figure


# Of an expected 100, give or take 2.
@pytest.mark.parametrize(
    ("relation", "holding"),
    [
        (EQUALS, [98, 99, 100, 101, 102]),
        (DIFFERS, [96, 97, 103, 104]),
        (AT_LEAST, [98, 99, 100, 101, 102, 103, 104]),
        (ABOVE, [99, 100, 101, 102, 103, 104]),
        (AT_MOST, [96, 97, 98, 99, 100, 101, 102]),
        (within("98", "101"), [98, 99, 100, 101]),
        (within_or_beyond("99", "100", "97", "103"), [96, 97, 99, 100, 103, 104]),
        (outside(("97", "98"), ("101", "103")), [96, 99, 100, 104]),
    ],
)
def test_a_relation_holds_up_to_what_is_allowed(relation: Relation, holding: list[int]) -> None:
    expected, allowed = Decimal(100), Decimal(2)
    assert [
        number for number in range(96, 105) if relation.holds(Decimal(number), expected, allowed)
    ] == holding


@pytest.mark.parametrize(
    ("ranges", "calm"),
    [
        ([("0.1", "0.5"), ("2", "3"), ("4", "5")], ("0.5", "2")),
        ([("0.1", "0.2"), ("0.4", "0.5"), ("2", "3")], ("0.5", "2")),
        ([("2", "3")], None),
        ([("0.1", "0.5")], None),
        ([("1", "300")], None),
        ([("0.5", "1"), ("2", "3")], None),
    ],
)
def test_between_the_nearest_ranges_all_is_calm(
    ranges: list[tuple[str, str]], calm: tuple[str, str] | None
) -> None:
    relation = outside(*ranges)
    assert relation.calm == calm
    for edge in calm or ():
        just_inside = Decimal(edge) + (Decimal("0.01") if Decimal(edge) < 1 else Decimal("-0.01"))
        assert relation.holds(just_inside, Decimal(1), Decimal(0))


@pytest.mark.parametrize(
    ("scope", "row", "applies"),
    [
        (Scope(), {}, True),
        (Scope(standards=frozenset({"IFRS"})), {"accounting_standard": "IFRS"}, True),
        (Scope(standards=frozenset({"IFRS"})), {"accounting_standard": "JGAAP"}, False),
        (Scope(periods=frozenset({"FY"})), {"period_type": "FY"}, True),
        (Scope(periods=frozenset({"FY"})), {"period_type": "HY"}, False),
        (Scope(scopes=frozenset({"consolidated"})), {"scope": "consolidated"}, True),
        (Scope(scopes=frozenset({"consolidated"})), {"scope": "non_consolidated"}, False),
        # What is not known of an industry limits nothing.
        (Scope(formats=frozenset({"BNK"})), {"industry_format": "BNK"}, True),
        (Scope(formats=frozenset({"BNK"})), {"industry_format": "CTE"}, False),
        (Scope(formats=frozenset({"BNK"})), {"industry_format": None}, True),
        (Scope(other_formats=frozenset({"BNK"})), {"industry_format": "BNK"}, False),
        (Scope(other_formats=frozenset({"BNK"})), {"industry_format": "CTE"}, True),
        (Scope(other_formats=frozenset({"BNK"})), {"industry_format": None}, True),
    ],
)
def test_a_rule_applies_to_the_statements_of_its_scope(
    scope: Scope, row: dict[str, Any], applies: bool
) -> None:
    assert scope.holds(row) is applies


@pytest.mark.parametrize(
    ("rule", "parts", "beside"),
    [
        ("B1", set(), None),
        ("C2", {PRIOR}, PRIOR),
        ("M-rising", {EARLIER}, EARLIER),
        ("D-gap", {PREVIOUS}, PREVIOUS),
        ("G-assets", {GROUP}, GROUP),
        ("X-split", {PRIOR, ACTIONS}, PRIOR),
        ("R3b", {ACTIONS}, None),
    ],
)
def test_a_rule_knows_what_stands_beside_its_statement(
    rule: str, parts: set[str], beside: str | None
) -> None:
    assert (BY_ID[rule].parts, BY_ID[rule].beside) == (parts, beside)


def test_a_broken_rule_is_told_with_both_sides_and_what_tells_the_statement_apart() -> None:
    now = {
        "profit": -70,
        "income_before_taxes": 40,
        "income_taxes": 100,
        "period_type": "FY",
        "rounding_unit": 1,
    }
    now |= {
        "currency": "USD",
        "accounting_standard": "IFRS",
        "scope": "consolidated",
        "industry_format": "CTE",
    }
    facts = {NOW: now}
    came_to = outcome(BY_ID["P5"], facts)
    assert came_to is not None
    told = finding(came_to, facts)
    assert (told.field, told.rule, told.is_blocking) == ("profit", "P5", False)
    assert told.params == {
        "total": "profit", "parts": "+income_before_taxes -income_taxes", "observed": -70, "expected": -60,
        "difference": 10, "allowed": 2, "counted_in": "money", "figure": -70, "figures_in": "money", "unit": 1,
        "currency": "USD", "standard": "IFRS", "scope": "consolidated", "industry_format": "CTE",
        "period_type": "FY",
    }  # fmt: skip


def test_without_unit_and_currency_a_statement_is_told_of_in_yen() -> None:
    facts = {NOW: {"capex_ppe": 5}}
    came_to = outcome(BY_ID["S-capex"], facts)
    assert came_to is not None
    params = finding(came_to, facts).params
    assert (params["unit"], params["currency"]) == (1, "JPY")
    assert params.keys().isdisjoint({"standard", "scope", "industry_format", "parts", "before"})


BALANCE = {"total_assets": Decimal(3), "liabilities_and_net_assets": Decimal(3), "rounding_unit": 1}


def test_a_rule_applies_where_it_is_known_how_far_both_sides_may_be_apart() -> None:
    rule = BY_ID["B1"]
    assert outcome(rule, {NOW: BALANCE}) is not None
    assert outcome(replace(rule, allowed=Figure("employees")), {NOW: BALANCE}) is None


def test_what_is_zero_when_missing_is_left_out_of_sums_alone() -> None:
    assets, optional = Figure("total_assets"), Figure("goodwill_amortization").or_zero
    rule = BY_ID["B1"]
    left_out = f"{NOW}.goodwill_amortization IS NULL THEN"
    for sign, is_left_out in (("+", True), ("-", True), ("*", False)):
        screen = screen_sql.may_be_broken([replace(rule, expected=Combined(assets, sign, optional))])
        assert (left_out in screen) == is_left_out, sign
