"""What is chosen: between two numbers, since a day, and under which accounting standard."""

from datetime import date
from decimal import Decimal

import pytest

from webapp.label import Label
from webapp.rules.choices import Between, Since, UnderStandards
from webapp.rules.expressions import NOW, Expression, Figure

A, B = Figure("a"), Figure("b")
BY_DAY = Since(
    "day", Label("率", "rate"), ((date(2012, 4, 1), Decimal("0.2")), (date(2014, 4, 1), Decimal("0.3")))
)
BY_STANDARD = UnderStandards(("IFRS", "JMIS"), A, A + B)


@pytest.mark.parametrize(
    ("held", "expected"),
    [("-0.01", None), ("0", "0"), ("0.3", "0.3"), ("0.6", "0.6"), ("0.61", None), (None, None)],
)
def test_what_lies_between_two_numbers_is_taken_with_both_of_them(
    held: str | None, expected: str | None
) -> None:
    within = Between(A, Decimal(0), Decimal("0.6"))
    facts = {NOW: {"a": None if held is None else Decimal(held)}}
    assert within.value(facts) == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2012, 3, 31), None),
        (date(2012, 4, 1), "0.2"),
        (date(2014, 3, 31), "0.2"),
        (date(2014, 4, 1), "0.3"),
        (date(2030, 1, 1), "0.3"),
        (None, None),
    ],
)
def test_a_number_holds_from_its_day_until_that_of_the_next(day: date | None, expected: str | None) -> None:
    assert BY_DAY.value({NOW: {"day": day}}) == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize(
    ("standard", "expected"), [("IFRS", 3), ("JMIS", 3), ("JGAAP", 7), ("USGAAP", 7), (None, 7)]
)
def test_what_is_of_some_standards_is_of_no_other(standard: str | None, expected: int) -> None:
    facts = {NOW: {"accounting_standard": standard, "a": Decimal(3), "b": Decimal(4)}}
    assert BY_STANDARD.value(facts) == expected


def test_without_a_standard_it_is_as_under_the_others() -> None:
    assert BY_STANDARD.value({NOW: {"a": 3, "b": 4}}) == 7


def test_figures_are_named_of_both_branches_and_a_day_is_none() -> None:
    expressions: tuple[Expression, ...] = (Between(A, Decimal(0), Decimal(1)), BY_DAY, BY_STANDARD)
    assert ["".join(figure.name for figure in one.figures()) for one in expressions] == ["a", "", "aab"]
