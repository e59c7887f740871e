"""What an expression comes to on one row: with what is missing, at its bounds, and to the last digit."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from webapp.rules.expressions import (
    NOW,
    PRIOR,
    Absolute,
    Days,
    Expression,
    Figure,
    FirstKnown,
    Number,
    OfKnown,
    Remainder,
    YearlyGrowth,
    average,
)

A, B, C = Figure("a"), Figure("b"), Figure("c")


def value(expression: Expression, a: Any = None, b: Any = None, prior: Any = None) -> Decimal | None:
    return expression.value({NOW: {"a": a, "b": b}, PRIOR: {"a": prior}})


@pytest.mark.parametrize(
    ("expression", "a", "b", "expected"),
    [
        (A + B, 7, 2, 9),
        (A - B, 7, 2, 5),
        (A * B, 7, 2, 14),
        (A / B, 7, 2, "3.5"),
        (A + 1, 7, None, 8),
        (A - 1, 7, None, 6),
        (A * Decimal("0.5"), 7, None, "3.5"),
        (A / 2, 7, None, "3.5"),
        (A / B, 7, 0, None),
        (A / B, 0, 2, 0),
        (A + B, None, 2, None),
        (A + B, 7, None, None),
        (A * B, 7, None, None),
        (A / B, 7, None, None),
        (A + B.or_zero, 7, None, 7),
        (A.or_zero - B, None, 2, -2),
        (Absolute(A), -7, None, 7),
        (Absolute(A), 7, None, 7),
        (Absolute(A), None, None, None),
        (Remainder(A, B), 7, 2, 1),
        (Remainder(A, B), -7, 2, -1),
        (Remainder(A, B), 7, 0, None),
        (FirstKnown(A, B), 0, 2, 0),
        (FirstKnown(A, B), None, 2, 2),
        (FirstKnown(A, B), None, None, None),
        (OfKnown((A, B)), 7, 2, 9),
        (OfKnown((A, B)), None, 2, 2),
        (OfKnown((A, B)), 0, None, 0),
        (OfKnown((A, B)), None, None, None),
        (Number(Decimal(3)), None, None, 3),
    ],
)
def test_what_is_missing_or_divided_by_nothing_is_missing(
    expression: Expression, a: int | None, b: int | None, expected: int | str | None
) -> None:
    assert value(expression, a, b) == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize(
    ("ratio", "years", "expected"),
    [
        ("8", 3, "1"), ("0.125", 3, "-0.5"), ("1.44", 2, "0.2"), ("1", 3, "0"), ("0", 3, None), ("-8", 3, None),
        (None, 3, None),
    ],
)  # fmt: skip
def test_growth_is_the_root_of_what_has_become_of_one(
    ratio: str | None, years: int, expected: str | None
) -> None:
    growth = value(YearlyGrowth(A, years), ratio)
    assert (growth if growth is None else round(growth, 20)) == (
        None if expected is None else Decimal(expected)
    )


def test_an_average_is_half_of_both_ends_and_missing_without_either() -> None:
    assert value(average(A), 700, prior=500) == 600
    assert value(average(A), 700) is None
    assert value(average(A), prior=500) is None


def test_days_are_counted_from_the_first_to_the_last() -> None:
    between = Days(Figure("a"), Figure("b"))
    assert value(between, date(2024, 2, 28), date(2024, 3, 1)) == 2
    assert value(between, date(2024, 3, 1), date(2024, 2, 28)) == -2
    assert value(between, date(2024, 3, 1)) is None
    assert value(between, b=date(2024, 3, 1)) is None


def test_nothing_is_lost_of_figures_of_twenty_digits() -> None:
    largest = 10**20 - 1
    assert value(A * A * A, largest) == largest**3
    assert value((A + 1) - A, largest) == 1


def test_an_expression_names_its_figures_in_their_order() -> None:
    expressions = (
        A + B.or_zero, A / B.prior, Absolute(A), Days(A, B), Remainder(B, A), FirstKnown(A, B), OfKnown((B, A)),
        YearlyGrowth(A / B, 3), Number(Decimal(1)),
    )  # fmt: skip
    assert ["".join(figure.name for figure in one.figures()) for one in expressions] == [
        "ab", "ab", "a", "ab", "ba", "ab", "ba", "ab", "",
    ]  # fmt: skip


def test_a_figure_of_another_row_stays_zero_where_it_is_missing() -> None:
    assert C.or_zero.prior == Figure("c", PRIOR, is_zero_when_missing=True)
    assert C.or_zero.value({NOW: {}}) == 0
    assert C.prior.value({NOW: {"c": 1}}) is None
