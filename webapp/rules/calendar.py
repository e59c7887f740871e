"""The day in Japan, by which lists are dated whatever the clock of the machine is set to."""

from datetime import UTC, date, datetime, timedelta, timezone

# Japan has kept this offset without summer time since 1951, before any disclosure that we hold.
JST = timezone(timedelta(hours=9), "JST")


def today() -> date:
    """Today in Japan."""
    return datetime.now(UTC).astimezone(JST).date()
