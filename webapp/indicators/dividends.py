"""The dividend of a year on the shares of its last day: 中間配当 was paid on those of the half year. Pure.

Annual reports print the sum of both as they were paid. Where a split takes effect between them, as that of October 2022
did of a company that paid 630 yen in the half and 123 at the year's end, the sum of 753 is of no share that there ever
was. An interim dividend that is larger than the sum is told on other shares than the sum, which then is on those of the
last day already. Record day of 中間配当: the last one of the half year, as articles set it (会社法 第454条第5項).
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from webapp.indicators import splits
from webapp.rules.disclosure import deadlines
from webapp.rules.division import divide
from webapp.rules.expressions import EXACT

Row = Mapping[str, Any]
ANNUAL, INTERIM = "dps_annual", "dps_interim"
# On the shares of the year's last day, and on those that the year's earnings per share are told of.
OF_YEAR, OF_EARNINGS = "dps_of_year", "dps_of_earnings"
ON_OTHER_SHARES = frozenset({OF_YEAR, OF_EARNINGS})
NAMES = frozenset({ANNUAL, INTERIM, *ON_OTHER_SHARES})
HALF = 6


def of_year(row: Row, actions: Sequence[Row]) -> Decimal | None:
    """What a share of the last day got, of an annual statement."""
    annual, interim = (
        None if (value := row.get(name)) is None else Decimal(value) for name in (ANNUAL, INTERIM)
    )
    if annual is None or interim is None or interim > annual or not splits.counting(actions):
        return annual
    ratio = splits.between(actions, half_year_end(row["fiscal_year_start_on"]), row["fiscal_year_end_on"])
    return EXACT.add(divide(interim, ratio), EXACT.subtract(annual, interim))


def made_of(name: str, period: Row) -> tuple[str, ...]:
    """What a statement prints of which a dividend on other shares is reckoned; nothing where it is printed itself."""
    annual = period.get(ANNUAL)
    if name not in ON_OTHER_SHARES or period.get(name) == annual == period.get(OF_YEAR):
        return ()
    return (ANNUAL,) if period.get(OF_YEAR) == annual else (ANNUAL, INTERIM)


def half_year_end(start_on: date) -> date:
    """The last day of the first half of a year."""
    return deadlines.months_from(start_on, HALF)


def half_year_end_sql(start: str) -> str:
    """The same as SQL: without a day of that number PostgreSQL takes the month's last one, which ends the half."""
    later = f"({start} + interval '{HALF} months')::date"
    return f"({later} - (extract(day FROM {later}) = extract(day FROM {start}))::integer)"


def of_year_sql(statement: str) -> str:
    """The same as SQL, of a statement that knows whether its company has had any split (`is_split`)."""
    half = half_year_end_sql(f"{statement}.fiscal_year_start_on")
    ratio = splits.between_sql(statement, half, f"{statement}.fiscal_year_end_on")
    annual, interim = f"{statement}.{ANNUAL}", f"{statement}.{INTERIM}"
    on_last_day = f"{interim} / {ratio} + ({annual} - {interim})"
    return f"CASE WHEN {statement}.is_split AND {interim} <= {annual} THEN {on_last_day} ELSE {annual} END"
