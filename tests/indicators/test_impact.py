"""What a change of a company's rows moves: both sides, and nothing of what stays."""

from datetime import date
from decimal import Decimal

from tests.indicators.test_periods import statement
from webapp.indicators import impact
from webapp.indicators.assembling import Inputs

ROW = statement(1, "FY", 2024, date(2025, 3, 31), revenue=100, operating_income=Decimal(10))


def test_each_indicator_that_moves_is_told_with_both_sides() -> None:
    moves = impact.impact(Inputs([ROW]), Inputs([ROW | {"operating_income": Decimal(20)}])).moves
    assert [(one.name, one.before.value, one.after.value) for one in moves] == [
        ("operating_margin", Decimal("0.1"), Decimal("0.2"))
    ]


def test_a_period_that_comes_or_goes_is_counted_and_nothing_of_it_moves() -> None:
    assert impact.impact(Inputs(()), Inputs([ROW])) == ([], 1, 0)
    assert impact.impact(Inputs([ROW]), Inputs(())) == ([], 0, 1)
    assert impact.impact(Inputs([ROW]), Inputs([ROW])) == ([], 0, 0)


def test_the_latest_day_is_told_first() -> None:
    before = statement(2, "FY", 2023, date(2024, 3, 31), revenue=80, operating_income=Decimal(4))
    more = [row | {"operating_income": Decimal(8)} for row in (before, ROW)]
    days = [one.place.as_of_on for one in impact.impact(Inputs([before, ROW]), Inputs(more)).moves]
    assert days[0] == date(2025, 3, 31)
    assert days[-1] == date(2024, 3, 31)
    assert days == sorted(days, reverse=True)
