"""A company's rows become what its indicators are reckoned of: each period beside those before it, as in as_sql."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from webapp.indicators.indicator import BASIS, DAYS, OLDER, OLDEST_PRICE, PRICE
from webapp.rules.expressions import NOW, PRIOR, Facts

Row = Mapping[str, Any]


class Inputs(NamedTuple):
    """What is stored of one company: statements, of which the current ones count, and prices by day."""

    statements: Sequence[Row]
    prices: Sequence[Row] = ()


class Place(NamedTuple):
    """Which indicators of a company: of which day, and of which figures."""

    as_of_on: date
    basis: str
    scope: str
    accounting_standard: str


def assemble(inputs: Inputs) -> Mapping[Place, Facts]:
    """What the indicators of each place are reckoned of."""
    return dict(_assembled(inputs))


def _assembled(inputs: Inputs) -> Iterator[tuple[Place, Facts]]:
    years = [row for row in inputs.statements if row["is_current"] and row["period_type"] == BASIS]
    for row in years:
        end = row["fiscal_year_end_on"]
        facts: dict[str, Row] = {NOW: row}
        for part in (PRIOR, OLDER):
            if (before := _before(row, years, *DAYS[part])) is not None:
                facts[part] = before
        if (price := _price(inputs.prices, end)) is not None:
            facts[PRICE] = price
        yield Place(end, BASIS, row["scope"], row["accounting_standard"]), facts


def _before(row: Row, rows: Sequence[Row], least: int, most: int) -> Row | None:
    """The row of the same figures that ended so many days before; the later one, where there are two."""
    same = (
        one
        for one in rows
        if (one["scope"], one["accounting_standard"]) == (row["scope"], row["accounting_standard"])
        and least <= (row["fiscal_year_end_on"] - one["fiscal_year_end_on"]).days <= most
    )
    return max(same, key=lambda one: one["fiscal_year_end_on"], default=None)


def _price(prices: Sequence[Row], as_of_on: date) -> Row | None:
    """The last close on a day, as far as it is anybody's price then."""
    known = (
        one
        for one in prices
        if one["close"] is not None and 0 <= (as_of_on - one["traded_on"]).days <= OLDEST_PRICE
    )
    return max(known, key=lambda one: one["traded_on"], default=None)
