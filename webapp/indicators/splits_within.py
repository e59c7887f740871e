"""Which splits came into what an indicator is reckoned of: between two days that its figures are of. Pure."""

from collections.abc import Iterable, Iterator, Sequence

from webapp.indicators import dividends, periods, splits
from webapp.indicators.indicator import COUNT, PRICE
from webapp.rules.expressions import NOW, Facts, Figure

Row = splits.Row
# What a price is told on the shares of, by the name of the close.
COUNTED = {
    "close_of_count": (COUNT, "counted_on"),
    "close_of_earnings": (NOW, "known_on"),
    "close_of_dividend": (NOW, "dps_on"),
}
# Summed over parts of which each is told on the shares of its own day.
SUMMED = frozenset({periods.PER_SHARE, periods.SHARE_MONTHS})


def of(figures: Iterable[Figure], facts: Facts, actions: Sequence[Row]) -> list[Row]:
    """The actions, each once, the earliest first."""
    within = [action for figure in figures for action in _of_figure(figure, facts, actions)]
    return sorted((row for row in actions if row in within), key=lambda row: row["ex_on"])


def _of_figure(figure: Figure, facts: Facts, actions: Sequence[Row]) -> Iterator[Row]:
    period = facts.get(figure.part)
    if period is None or figure.value(facts) is None:
        return
    if figure.part == PRICE:
        counted, day = COUNTED[figure.name]
        yield from splits.moving_price(actions, period["traded_on"], facts[counted][day])
    elif figure.name in SUMMED:
        for _sign, part in periods.parts_of(period, figure.name):
            yield from splits.taking_effect(actions, periods.known_on(part), period["known_on"])
    elif figure.name in dividends.ON_OTHER_SHARES:
        yield from _of_dividend(figure.name, period, actions)


def _of_dividend(name: str, period: Row, actions: Sequence[Row]) -> Iterator[Row]:
    if dividends.INTERIM in dividends.made_of(name, period):
        [(_sign, year)] = periods.parts_of(period, name)
        half = dividends.half_year_end(year["fiscal_year_start_on"])
        yield from splits.taking_effect(actions, half, year["fiscal_year_end_on"])
    if name == dividends.OF_EARNINGS:
        yield from splits.taking_effect(actions, period["dps_on"], period["known_on"])
