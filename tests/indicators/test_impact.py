"""What a change of a company's rows moves: both sides, and nothing of what stays."""

from datetime import date
from decimal import Decimal

from tests.indicators.test_periods import statement
from webapp.indicators import impact
from webapp.indicators.assembling import Inputs

ROW = statement(1, "FY", 2024, date(2025, 3, 31), revenue=100, operating_income=Decimal(10))


def test_each_indicator_that_moves_is_told_with_both_sides() -> None:
    moves = list(impact.impact(Inputs([ROW]), Inputs([ROW | {"operating_income": Decimal(20)}])))
    assert [(one.name, one.before.value, one.after.value) for one in moves] == [
        ("operating_margin", Decimal("0.1"), Decimal("0.2"))
    ]


def test_a_period_that_comes_or_goes_moves_from_nothing_or_to_nothing() -> None:
    (come,) = impact.impact(Inputs(()), Inputs([ROW]))
    (gone,) = impact.impact(Inputs([ROW]), Inputs(()))
    assert (come.before.value, come.after.value) == (None, Decimal("0.1"))
    assert (gone.before.value, gone.after.value) == (Decimal("0.1"), None)
    assert list(impact.impact(Inputs([ROW]), Inputs([ROW]))) == []


def test_the_latest_day_is_told_first() -> None:
    before = statement(2, "FY", 2023, date(2024, 3, 31), revenue=80, operating_income=Decimal(4))
    days = [one.place.as_of_on for one in impact.impact(Inputs(()), Inputs([before, ROW]))]
    assert days == [date(2025, 3, 31), date(2025, 3, 31), date(2024, 3, 31)]
