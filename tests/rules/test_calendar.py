"""The day in Japan, whatever the clock of the machine is set to."""

from datetime import UTC, datetime, timedelta

import pytest

from webapp.rules import calendar


def test_a_day_in_japan_begins_nine_hours_before_that_of_greenwich() -> None:
    before = (datetime.now(UTC) + timedelta(hours=9)).date()
    today = calendar.today()
    assert before <= today <= (datetime.now(UTC) + timedelta(hours=9)).date()


def test_japan_is_nine_hours_ahead_all_year() -> None:
    offsets = {datetime(2025, month, 1, tzinfo=UTC).astimezone(calendar.JST).utcoffset() for month in (1, 7)}
    assert offsets == {timedelta(hours=9)}


def test_a_moment_is_told_in_utc() -> None:
    written = datetime(2025, 6, 25, 9, tzinfo=calendar.JST)
    assert calendar.told(written) == written
    assert calendar.told(written).utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "moment",
    [
        datetime(1, 1, 1, 8, 59, 59, tzinfo=calendar.JST),
        datetime(9999, 12, 31, 15, tzinfo=UTC),
    ],
)
def test_a_moment_that_is_in_no_year_that_can_be_told_is_refused(moment: datetime) -> None:
    with pytest.raises(ValueError, match="no year"):
        calendar.told(moment)
