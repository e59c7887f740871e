"""The day in Japan, whatever the clock of the machine is set to."""

from datetime import UTC, datetime, timedelta

from webapp.rules import calendar


def test_a_day_in_japan_begins_nine_hours_before_that_of_greenwich() -> None:
    before = (datetime.now(UTC) + timedelta(hours=9)).date()
    today = calendar.today()
    assert before <= today <= (datetime.now(UTC) + timedelta(hours=9)).date()


def test_japan_is_nine_hours_ahead_all_year() -> None:
    offsets = {datetime(2025, month, 1, tzinfo=UTC).astimezone(calendar.JST).utcoffset() for month in (1, 7)}
    assert offsets == {timedelta(hours=9)}
