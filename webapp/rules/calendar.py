"""The day in Japan, by which lists are dated whatever the clock of the machine is set to."""

from datetime import UTC, date, datetime, timedelta, timezone

# Japan has kept this offset without summer time since 1951, before any disclosure that we hold.
JST = timezone(timedelta(hours=9), "JST")


def told(moment: datetime) -> datetime:
    """The same moment in UTC; raises ValueError where there, or in Japan, it is in no year from 1 to 9999."""
    try:
        moment.astimezone(JST)
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("no year from 1 to 9999") from error


def today() -> date:
    """Today in Japan."""
    return datetime.now(UTC).astimezone(JST).date()
