"""The days on which Tokyo trades."""

from datetime import date

import pytest

from tests.files.conftest import BESIDE_THE_REPOSITORY
from webapp.files.market import prices
from webapp.rules import price
from webapp.rules.market import sessions


@pytest.mark.parametrize(
    ("day", "is_session"),
    [
        (date(2020, 9, 30), True),
        # The exchange's system stood still for the whole day.
        (date(2020, 10, 1), False),
        (date(2020, 10, 2), True),
        (date(2024, 12, 30), True),
        (date(2024, 12, 31), False),
        (date(2025, 1, 3), False),
        (date(2025, 1, 6), True),
        # 即位の日, 2019-05-01, with a holiday before and after it.
        (date(2019, 4, 30), False),
        (date(2019, 5, 1), False),
        (date(2019, 5, 2), False),
        (date(2025, 6, 28), False),
        # Nobody knows yet, or any more; a Sunday is one for ever.
        (date(1990, 5, 8), None),
        (date(2040, 5, 8), None),
        (date(2040, 5, 6), False),
        (date(1989, 1, 28), None),
    ],
)
def test_a_day_is_a_session_or_not_or_nobody_knows(day: date, is_session: bool | None) -> None:
    assert sessions.is_session(day) is is_session


def test_closures_are_weekdays_between_the_first_and_the_last_day_each_once() -> None:
    days = [day for what, day in sessions.rows() if what == sessions.CLOSED]
    assert days == sorted(set(days))
    assert all(day.weekday() < sessions.SATURDAY for day in days)
    first, last = (day for what, day in sessions.rows() if what != sessions.CLOSED)
    assert (first, first < days[0], days[-1] < last) == (date(1997, 1, 6), True, True)
    # 245 sessions a year, a few more or less.
    for year in range(1998, last.year):
        assert 240 <= len(sessions.between(date(year - 1, 12, 31), date(year + 1, 1, 1))) <= 250


def test_sessions_between_two_days_are_neither_of_them() -> None:
    assert sessions.between(date(2020, 9, 30), date(2020, 10, 5)) == (date(2020, 10, 2),)
    assert sessions.between(date(2020, 10, 2), date(2020, 10, 5)) == ()


def test_sessions_are_known_from_the_first_to_the_last_day_those_included() -> None:
    first, last = (day for what, day in sessions.rows() if what != sessions.CLOSED)
    known = sessions.between(date.min, date.max)
    assert (known[0], sessions.is_session(first), sessions.is_session(last)) == (first, True, True)
    assert known[-1] == last


def test_a_price_of_a_day_without_a_session_is_remarked_on() -> None:
    closed = {"traded_on": date(2020, 10, 1), "open": None}
    assert [finding.field for finding in price.check(closed)] == ["traded_on"]
    assert list(price.check({**closed, "traded_on": date(2040, 5, 8)})) == []


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("broker_ja_unadjusted_7203.cp932.csv", "7203"),
        ("chart0_7203.csv", "7203"),
        ("chart0_141A.csv", "141A"),
    ],
)
def test_real_companies_were_traded_on_every_session_and_on_no_other_day(name: str, code: str) -> None:
    path = BESIDE_THE_REPOSITORY / "prices" / name
    if not path.exists():
        pytest.skip(f"needs the file {name} (STOCKCODE_REAL_DATA)")
    traded = {day.traded_on for day in prices.read(path.read_bytes(), name, code).rows}
    first, last = min(traded), max(traded)
    assert {first, *sessions.between(first, last), last} == traded
