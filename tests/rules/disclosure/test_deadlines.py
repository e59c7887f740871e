"""Which reports are owed and until when, against the calendar of the law and days known from practice."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.rules.disclosure import business_days, deadlines
from webapp.rules.disclosure.deadlines import FOREIGN, LISTED, LISTED_FINANCIAL, UNLISTED, owed


def of_year(month: int, day: int, filer: str, end: date) -> dict[str, date]:
    """By period type, what is due for the fiscal year that ends on a day."""
    around = owed(month, day, filer, end - timedelta(days=400), end + timedelta(days=400))
    return {one.period_type: one.due_on for one in around if one.fiscal_year_end_on == end}


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        (date(2025, 12, 26), True),
        (date(2025, 12, 29), False),
        (date(2026, 1, 3), False),
        (date(2026, 1, 5), True),
        (date(2025, 11, 3), False),
        (date(2025, 11, 1), False),
        # Tokyo did not trade, and every authority was open.
        (date(2020, 10, 1), True),
        (date(2019, 5, 1), False),
    ],
)
def test_authorities_rest_on_weekends_holidays_and_around_new_year(day: date, *, is_open: bool) -> None:
    assert business_days.is_business_day(day) is is_open


def test_what_falls_due_on_a_holiday_is_due_on_the_next_business_day() -> None:
    assert business_days.on_or_after(date(2025, 12, 28)) == date(2026, 1, 5)
    assert business_days.on_or_after(date(2025, 6, 30)) == date(2025, 6, 30)


@pytest.mark.parametrize(
    ("end", "months", "last"),
    [
        (date(2025, 3, 31), 3, date(2025, 6, 30)),
        (date(2025, 2, 28), 3, date(2025, 5, 31)),
        (date(2024, 2, 29), 3, date(2024, 5, 31)),
        (date(2024, 11, 30), 3, date(2025, 2, 28)),
        (date(2024, 12, 20), 3, date(2025, 3, 20)),
        # The period begins on 30 November, and February has no such day.
        (date(2024, 11, 29), 3, date(2025, 2, 28)),
        (date(2024, 12, 31), 3, date(2025, 3, 31)),
    ],
)
def test_months_are_counted_by_the_calendar_from_the_next_day(end: date, months: int, last: date) -> None:
    assert deadlines.months_after(end, months) == last


@pytest.mark.parametrize(
    ("month", "day", "filer", "end", "due"),
    [
        # 45 days after 30 September are 14 November; 30 June 2025 is a Monday.
        (3, 31, LISTED, date(2025, 3, 31), {"Q1": None, "HY": date(2024, 11, 14), "FY": date(2025, 6, 30)}),
        (3, 31, LISTED_FINANCIAL, date(2025, 3, 31), {"HY": date(2024, 11, 29), "FY": date(2025, 6, 30)}),
        (3, 31, UNLISTED, date(2025, 3, 31), {"HY": date(2025, 1, 6), "FY": date(2025, 6, 30)}),
        (12, 31, FOREIGN, date(2024, 12, 31), {"HY": date(2024, 9, 30), "FY": date(2025, 6, 30)}),
        # The last quarterly report is that on a quarter which began before 1 April 2024.
        (
            12,
            31,
            LISTED,
            date(2024, 12, 31),
            {
                "Q1": date(2024, 5, 15),
                "Q2": None,
                "Q3": None,
                "HY": date(2024, 8, 14),
                "FY": date(2025, 3, 31),
            },
        ),
        (
            3,
            31,
            LISTED_FINANCIAL,
            date(2024, 3, 31),
            {"Q1": date(2023, 8, 14), "Q2": date(2023, 11, 29), "Q3": date(2024, 2, 14), "HY": None},
        ),
        (3, 31, UNLISTED, date(2024, 3, 31), {"Q1": None, "Q2": None, "HY": date(2024, 1, 4)}),
        (3, 20, LISTED, date(2025, 3, 20), {"HY": date(2024, 11, 5), "FY": date(2025, 6, 20)}),
        (2, 31, LISTED, date(2024, 2, 29), {"FY": date(2024, 5, 31)}),
        # What fell due from 20 April to 29 September 2020 was in time until 30 September.
        (1, 19, LISTED, date(2020, 1, 19), {"Q3": date(2019, 12, 3), "FY": date(2020, 9, 30)}),
        (1, 17, LISTED, date(2020, 1, 17), {"FY": date(2020, 4, 17)}),
        (3, 31, LISTED, date(2020, 3, 31), {"Q3": date(2020, 2, 14), "FY": date(2020, 9, 30)}),
        (3, 31, LISTED_FINANCIAL, date(2021, 3, 31), {"Q1": date(2020, 9, 30), "Q2": date(2020, 11, 30)}),
        (3, 31, FOREIGN, date(2020, 3, 31), {"FY": date(2020, 9, 30)}),
        (7, 31, LISTED, date(2020, 7, 31), {"Q3": date(2020, 9, 30), "FY": date(2020, 11, 2)}),
    ],
)
def test_each_kind_of_filer_owes_its_reports_by_the_law_of_the_day(
    month: int, day: int, filer: str, end: date, due: dict[str, date | None]
) -> None:
    owes = of_year(month, day, filer, end)
    assert {period: owes.get(period) for period in due} == due


@given(
    month=st.integers(1, 12),
    day=st.sampled_from((10, 15, 20, 28, 30, 31)),
    filer=st.sampled_from(deadlines.FILERS),
    since=st.dates(date(2008, 1, 1), date(2026, 1, 1)),
)
def test_every_deadline_asked_for_is_a_business_day_after_its_period_and_within_the_days(
    month: int, day: int, filer: str, since: date
) -> None:
    # In 2020 some had four months more.
    until = since + timedelta(days=540)
    owes = list(owed(month, day, filer, since, until))
    assert [one.fiscal_year_end_on for one in owes if one.period_type == "FY"]
    for one in owes:
        assert since <= one.due_on <= until
        assert business_days.is_business_day(one.due_on)
        assert one.period_end_on < one.due_on
        assert not date(2020, 4, 20) <= one.due_on < date(2020, 9, 30)
        assert one.period_end_on <= one.fiscal_year_end_on
    assert len({(one.fiscal_year_end_on, one.period_type) for one in owes}) == len(owes)


def test_what_fell_due_after_the_extended_days_of_2020_was_due_on_its_own_day() -> None:
    assert deadlines.due_on("FY", date(2020, 3, 31), LISTED) == date(2020, 9, 30)
    assert deadlines.due_on("FY", date(2020, 7, 15), LISTED) == date(2020, 10, 15)


@pytest.mark.parametrize("filer", deadlines.FILERS)
def test_no_annual_report_is_due_before_the_days_after_which_it_is_asked_whether_it_is_late(
    filer: str,
) -> None:
    ends = [date(2025, 1, 1) + timedelta(days=number) for number in range(365)]
    days = [(deadlines.due_on("FY", end, filer) - end).days for end in ends]
    # Of January, and April has 30 days.
    assert min(days) >= deadlines.LEAST_DAYS_OF_ANNUAL
    assert filer == FOREIGN or min(days) == 89
