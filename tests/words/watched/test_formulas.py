"""Expressions as people read them: names or values between × and ÷, with the brackets that are needed."""

from decimal import Decimal

import pytest

from webapp.indicators.formulas import BY_NAME, INDICATORS
from webapp.rules.choices import Between
from webapp.rules.expressions import Expression, Figure, Number
from webapp.words import speech
from webapp.words.watched import formulas

ENGLISH, JAPANESE = speech.of_language("en"), speech.of_language("ja")
A, B, C = Figure("a"), Figure("b"), Figure("c")


def written(expression: Expression) -> str:
    return formulas.written(expression, lambda figure: figure.name, ENGLISH)


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        (A - (B - C), "a − (b − c)"),
        (A - B - C, "a − b − c"),
        ((A + B) * C, "(a + b) × c"),
        (A + B * C, "a + b × c"),
        (A / (B * C), "a ÷ (b × c)"),
        (A / B - 1, "a ÷ b − 1"),
        (Number(Decimal("0.5")) * A, "0.5 × a"),
        (Between(A, Decimal(0), Decimal(1)) * B, "(a (only 0 to 1)) × b"),
    ],
)
def test_brackets_stand_where_the_order_needs_them(expression: Expression, said: str) -> None:
    assert written(expression) == said


def test_growth_by_the_year_and_amounts_without_sign_are_written_too() -> None:
    assert written(BY_NAME["revenue_cagr_3y"].formula) == "(revenue ÷ revenue) ^ (1 ÷ 3) − 1"
    assert written(BY_NAME["fcf_capex"].formula) == "operating_cash_flow − |capex_ppe|"


def test_what_is_taken_where_something_is_missing_is_said_in_the_readers_language() -> None:
    eps = BY_NAME["eps"].formula
    said = formulas.written(eps, lambda figure: figure.name, JAPANESE)
    assert said == "profit_attributable_to_owners ÷ average_shares（ない場合は eps_basic）"


def test_what_depends_on_the_standard_is_written_for_all_and_for_one() -> None:
    coverage = BY_NAME["interest_coverage"]
    ifrs = "operating_income ÷ (interest_expense (where missing, finance_costs))"
    others = "(operating_income + interest_and_dividend_income) ÷ interest_expense"
    assert written(coverage.formula) == f"IFRS, JMIS: {ifrs}; otherwise: {others}"
    assert written(coverage.under("IFRS").formula) == ifrs
    assert written(coverage.under("JGAAP").formula) == others
    assert "statutory tax rate" in written(BY_NAME["roic"].formula)


def test_every_indicator_can_be_written() -> None:
    assert all(written(one.formula) for one in INDICATORS)


def test_another_kind_of_expression_is_not_passed_over() -> None:
    with pytest.raises(TypeError, match="nobody has said how object is written"):
        formulas.written(object(), str, ENGLISH)  # type: ignore[arg-type]  # no expression at all
