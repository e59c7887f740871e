"""A company's rows become what its indicators are reckoned of: each period beside those before it, as in as_sql."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from webapp.indicators import dividends, periods, splits
from webapp.indicators.indicator import COUNT, DAYS, OLDER, OLDEST_COUNT, OLDEST_PRICE, PRICE
from webapp.rules.division import divide
from webapp.rules.expressions import EXACT, NOW, PRIOR, Facts

Row = Mapping[str, Any]


class Inputs(NamedTuple):
    """What is stored of one company: statements, of which the current ones count, and by day what they stand beside."""

    statements: Sequence[Row]
    prices: Sequence[Row] = ()
    shares: Sequence[Row] = ()
    actions: Sequence[Row] = ()


class Place(NamedTuple):
    """Which indicators of a company: of which day, and of which figures."""

    as_of_on: date
    basis: str
    scope: str
    accounting_standard: str

    @classmethod
    def of(cls, row: Row) -> "Place":
        """The place of a period."""
        return cls(*(row[name] for name in cls._fields))


def assemble(inputs: Inputs) -> Mapping[Place, Facts]:
    """What the indicators of each place are reckoned of."""
    return dict(_assembled(inputs))


def _assembled(inputs: Inputs) -> Iterator[tuple[Place, Facts]]:
    rows = list(periods.of(inputs.statements, inputs.actions))
    of_kind: dict[Any, list[Row]] = {}
    for row in rows:
        of_kind.setdefault(_kind(row), []).append(row)
    for row in rows:
        facts: dict[str, Row] = {NOW: row, COUNT: _count(row, inputs.shares)}
        for part in (PRIOR, OLDER):
            if (before := _before(row, of_kind[_kind(row)], *DAYS[part])) is not None:
                facts[part] = before
        if (price := _last(inputs.prices, "traded_on", "close", row["as_of_on"], OLDEST_PRICE)) is not None:
            facts[PRICE] = _adjusted(price, row, facts[COUNT]["counted_on"], inputs.actions)
        facts[NOW] = {**row, dividends.OF_EARNINGS: _of_earnings(row, inputs.actions)}
        yield Place.of(row), facts


def _kind(row: Row) -> tuple[Any, ...]:
    """Periods that may be compared are alike in these."""
    return tuple(row[name] for name in ("basis", "months", "scope", "accounting_standard"))


def _before(row: Row, same: Sequence[Row], least: int, most: int) -> Row | None:
    """The period of the same kind that ended so many days before; the later one, where there are two."""
    ended = (one for one in same if least <= (row["as_of_on"] - one["as_of_on"]).days <= most)
    return max(ended, key=lambda one: one["as_of_on"], default=None)


def _last(rows: Sequence[Row], day: str, needed: str, as_of_on: date, oldest: int) -> Row | None:
    """The last row on a day that has what is needed, as far as that is of any use then."""
    known = (row for row in rows if row[needed] is not None and 0 <= (as_of_on - row[day]).days <= oldest)
    return max(known, key=lambda row: row[day], default=None)


def _count(row: Row, shares: Sequence[Row]) -> Row:
    """The shares as the statement counts them; where it does not tell its own ones, as they were counted last."""
    own = {
        "counted_on": row["as_of_on"],
        "issued": row.get("shares_issued"),
        "treasury": row.get("treasury_share_count"),
    }
    if own["issued"] is not None and own["treasury"] is not None:
        return own
    last = _last(shares, "as_of_on", "treasury", row["as_of_on"], OLDEST_COUNT)
    if last is None:
        return own
    return {"counted_on": last["as_of_on"], "issued": last["issued"], "treasury": last["treasury"]}


def _adjusted(price: Row, row: Row, counted_on: date, actions: Sequence[Row]) -> Row:
    """The close as it was traded, and of a share as it was counted, earned on, and paid a dividend on."""
    close, traded_on = Decimal(price["close"]), price["traded_on"]
    days = {"count": counted_on, "earnings": row["known_on"], "dividend": row["dps_on"]}
    ratios = {name: splits.of_price(actions, traded_on, day) for name, day in days.items()}
    closes = {f"close_of_{name}": EXACT.multiply(close, ratio) for name, ratio in ratios.items()}
    return {"traded_on": traded_on, "close": close, "ratios": tuple(ratios.values()), **closes}


def _of_earnings(row: Row, actions: Sequence[Row]) -> Decimal | None:
    """The dividend of a share as its earnings are told."""
    paid: Decimal | None = row[dividends.OF_YEAR]
    return None if paid is None else divide(paid, splits.between(actions, row["dps_on"], row["known_on"]))
