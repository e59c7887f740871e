"""Each sum of a statement: how far its total may lie from its terms, which count as nothing, and how grave it is."""

from decimal import Decimal
from typing import Any

import pytest

from webapp.rules.accounting.catalogue import BY_ID
from webapp.rules.accounting.rule import BLOCKS, NOTE, REVIEW, outcome
from webapp.rules.expressions import NOW, PRIOR

MILLION = 1_000_000
# A figure each, so that no two sums of them are the same: in millions.
BALANCE = {
    "total_liabilities": 1000, "net_assets": 700, "current_assets": 900, "noncurrent_assets": 790,
    "deferred_assets": 10, "current_liabilities": 600, "noncurrent_liabilities": 370, "special_reserves": 30,
    "shareholders_equity": 500, "valuation_adjustments": -40, "subscription_rights": 7,
    "non_controlling_interests": 90, "equity_attributable_to_owners": 610, "liabilities_and_net_assets": 1700,
}  # fmt: skip
RESULT = {
    "revenue": 2000, "cost_of_revenue": 1300, "gross_profit": 700, "sga_expenses": 450, "other_income": 31,
    "other_expenses": 17, "operating_income": 250, "non_operating_income": 40, "non_operating_expenses": 25,
    "ordinary_expenses": 1735, "ordinary_income": 265, "extraordinary_income": 11, "extraordinary_loss": 46,
    "income_before_taxes": 230, "income_taxes": 70, "profit_attributable_to_owners": 145,
    "profit_attributable_to_nci": 15, "operating_cash_flow": 300, "investing_cash_flow": -120,
    "financing_cash_flow": -60, "fx_effect_on_cash": 8, "net_change_in_cash": 128,
}  # fmt: skip
JGAAP, IFRS, BANK = (
    {"accounting_standard": "JGAAP"},
    {"accounting_standard": "IFRS"},
    {"accounting_standard": "JGAAP", "industry_format": "BNK"},
)


def came_to(rule: str, words: dict[str, Any], total: Decimal, **changed: Any) -> bool | None:
    """Whether the rule is kept where its total is this; None where it does not apply."""
    one = BY_ID[rule]
    figures = {name: Decimal(value) * MILLION for name, value in (BALANCE | RESULT).items()}
    year = {"period_type": "FY", "scope": "consolidated", "rounding_unit": MILLION, **words}
    prior = {"cash_and_equivalents_end": Decimal(400) * MILLION}
    told = outcome(one, {NOW: figures | year | {one.field: total} | changed, PRIOR: prior})
    return None if told is None else told.is_kept


# Total, terms and severity: domain.md, section 7. Each term may hide almost one unit (切捨て).
SUMS = [
    ("B1", JGAAP, "1700", 0, BLOCKS),
    ("B2", JGAAP, "1700", 2, REVIEW),
    ("B3", JGAAP, "1700", 3, REVIEW),
    ("B4", JGAAP, "1000", 3, REVIEW),
    ("B5", JGAAP, "557", 4, REVIEW),
    ("B6", IFRS, "700", 2, REVIEW),
    ("P1", JGAAP, "700", 2, REVIEW),
    ("P2", JGAAP, "250", 2, REVIEW),
    ("P2i", IFRS, "264", 4, NOTE),
    ("P3", JGAAP, "265", 3, REVIEW),
    ("P3b", BANK, "265", 2, REVIEW),
    ("P4", JGAAP, "230", 3, REVIEW),
    ("P5", JGAAP, "160", 2, REVIEW),
    ("P6", JGAAP, "160", 2, REVIEW),
    ("P6i", IFRS, "160", 2, REVIEW),
    ("C1", JGAAP, "128", 4, REVIEW),
    ("C2", JGAAP, "528", 2, REVIEW),
]


@pytest.mark.parametrize(("rule", "words", "total", "terms"), [row[:4] for row in SUMS])
@pytest.mark.parametrize("unit", [1, 1000, MILLION])
def test_a_total_may_miss_its_terms_by_a_unit_each_and_by_no_yen_more(
    rule: str, words: dict[str, Any], total: str, terms: int, unit: int
) -> None:
    exact, allowed = Decimal(total) * MILLION, terms * unit
    beside = (-allowed - 1, -allowed, 0, allowed, allowed + 1)
    kept = [came_to(rule, words, exact + yen, rounding_unit=unit) for yen in beside]
    assert kept == [False, True, True, True, False]


def test_only_what_is_printed_twice_refuses_and_what_each_filer_chooses_is_a_note() -> None:
    assert {rule: BY_ID[rule].severity for rule, *_more in SUMS} == {row[0]: row[4] for row in SUMS}


@pytest.mark.parametrize(
    ("rule", "words", "total", "left_out"),
    [
        ("B3", JGAAP, "1690", "deferred_assets"),
        ("B4", JGAAP, "970", "special_reserves"),
        ("B5", JGAAP, "597", "valuation_adjustments"),
        ("B5", JGAAP, "550", "subscription_rights"),
        ("B5", JGAAP, "467", "non_controlling_interests"),
        ("P2i", IFRS, "233", "other_income"),
        ("P2i", IFRS, "281", "other_expenses"),
        ("P4", JGAAP, "219", "extraordinary_income"),
        ("P4", JGAAP, "276", "extraordinary_loss"),
        ("P6", JGAAP, "145", "profit_attributable_to_nci"),
        ("C1", JGAAP, "120", "fx_effect_on_cash"),
    ],
)
def test_what_filers_leave_out_where_there_is_none_is_nothing(
    rule: str, words: dict[str, Any], total: str, left_out: str
) -> None:
    exact = Decimal(total) * MILLION
    assert came_to(rule, words, exact, **{left_out: None}) is True
    assert came_to(rule, words, exact) is False


@pytest.mark.parametrize(
    ("rule", "words", "total", "needed"),
    [
        ("B2", JGAAP, "1000", "net_assets"),
        ("B3", JGAAP, "910", "noncurrent_assets"),
        ("B5", JGAAP, "57", "shareholders_equity"),
        ("P2", JGAAP, "700", "sga_expenses"),
        ("P3", JGAAP, "290", "non_operating_expenses"),
        # Summaries by IFRS give nothing of non-controlling interests.
        ("B6", IFRS, "650", "non_controlling_interests"),
        ("P6i", IFRS, "145", "profit_attributable_to_nci"),
        ("C1", JGAAP, "188", "financing_cash_flow"),
        ("C2", JGAAP, "400", "net_change_in_cash"),
    ],
)
def test_without_any_other_term_there_is_nothing_to_compare(
    rule: str, words: dict[str, Any], total: str, needed: str
) -> None:
    assert came_to(rule, words, Decimal(total) * MILLION, **{needed: None}) is None


@pytest.mark.parametrize(
    ("words", "rules"),
    [
        (JGAAP, "B1 B2 B3 B4 B5 P1 P2 P3 P4 P5 P6 C1 C2"),
        (JGAAP | {"scope": "non_consolidated"}, "B1 B2 B3 B4 B5 P1 P2 P3 P4 P5 C1 C2"),
        (JGAAP | {"period_type": "HY"}, "B1 B2 B3 B4 B5 P1 P2 P3 P4 P5 P6 C1"),
        (BANK, "B1 B2 B5 P3b P4 P5 P6 C1 C2"),
        (JGAAP | {"industry_format": "INS"}, "B1 B2 B5 P3b P4 P5 P6 C1 C2"),
        (JGAAP | {"industry_format": "SEC"}, "B1 B2 B5 P3 P4 P5 P6 C1 C2"),
        (JGAAP | {"industry_format": "CTE"}, "B1 B2 B3 B4 B5 P1 P2 P3 P4 P5 P6 C1 C2"),
        (IFRS, "B1 B2 B3 B4 B6 P1 P2i P5 P6i C1 C2"),
        ({"accounting_standard": "USGAAP"}, "B1 B2 B3 B4 P1 P5 C1 C2"),
    ],
)
def test_by_standard_scope_period_and_industry_other_sums_apply(words: dict[str, Any], rules: str) -> None:
    ids = [rule for rule, *_more in SUMS]
    applying = [one for one in ids if came_to(one, words, Decimal(0)) is not None]
    # Where no industry is known, what is for banks alone applies too.
    expected = (
        rules.split() if "industry_format" in words or words["accounting_standard"] != "JGAAP" else None
    )
    assert applying == (expected or sorted({*rules.split(), "P3b"}, key=ids.index))


# Source: EDINET (S100W5YW, S100DG1P), Kurita Water Industries, years to March 2025 and 2018, in millions of yen.
@pytest.mark.parametrize(
    ("rule", "words", "figures"),
    [
        ("B6", IFRS, {
            "net_assets": 338_504, "equity_attributable_to_owners": 336_027, "non_controlling_interests": 2_477,
        }),
        ("P6i", IFRS, {"profit": 20_706, "profit_attributable_to_owners": 20_305, "profit_attributable_to_nci": 401}),
        # A million is cut off on the way.
        ("P1", JGAAP, {"gross_profit": 76_338, "revenue": 236_815, "cost_of_revenue": 160_476}),
        ("P2", JGAAP, {"operating_income": 22_475, "gross_profit": 76_338, "sga_expenses": 53_863}),
        ("C1", IFRS, {
            "net_change_in_cash": 8_942, "operating_cash_flow": 87_760, "investing_cash_flow": -52_074,
            "financing_cash_flow": -25_448, "fx_effect_on_cash": -1_295,
        }),
    ],
)  # fmt: skip
def test_sums_of_real_statements_hold(rule: str, words: dict[str, Any], figures: dict[str, int]) -> None:
    yen = {name: Decimal(value) * MILLION for name, value in figures.items()}
    assert came_to(rule, words, yen.pop(BY_ID[rule].field), **yen) is True
