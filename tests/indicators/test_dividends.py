"""Dividends of a year in which shares were split, on the shares of its last day; three real years."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Connection, text

from tests.indicators.test_periods import statement
from webapp.indicators import dividends
from webapp.indicators.assembling import Inputs, Place, assemble
from webapp.indicators.formulas import BY_NAME
from webapp.indicators.indicator import PRICE
from webapp.rules.expressions import NOW

END = date(2023, 3, 31)


def split(before: int, after: int, effective_on: date, kind: str = "split") -> dict[str, Any]:
    ratio = {"ratio_from": Decimal(before), "ratio_to": Decimal(after)}
    return {"kind": kind, "ex_on": effective_on, "effective_on": effective_on} | ratio


def year(annual: str | None, interim: str | None, end: date = END, **values: Any) -> dict[str, Any]:
    told = {"dps_annual": annual and Decimal(annual), "dps_interim": interim and Decimal(interim)}
    return statement(1, "FY", end.year - 1, end, **told, **values)


@pytest.mark.parametrize(
    ("row", "action", "dividend", "payout"),
    [
        # Nintendo alone, S100QY8A: 630 yen, then 123 of a tenth of a share; it prints 44.72 %.
        (
            year("753", "630", eps_basic=Decimal("415.92")),
            split(1, 10, date(2022, 10, 1)),
            "186",
            "0.44720138",
        ),
        # TDK alone, S100ODQV: 100 yen, then 45 of a third of a share; it prints 28.1 %.
        (
            year("145", "100", date(2022, 3, 31), eps_basic=Decimal("278.44")),
            split(1, 3, date(2021, 10, 1)),
            "78.33",
            "0.28132931",
        ),
        # Fujitsu, S100G5W7: 7 yen, then 80 of ten shares in one.
        (
            year("87", "7", date(2019, 3, 31), eps_basic=Decimal("512.50")),
            split(10, 1, date(2018, 10, 1), "reverse_split"),
            "150",
            "0.29268293",
        ),
    ],
    ids=["Nintendo", "TDK", "Fujitsu"],
)
def test_an_interim_dividend_is_of_a_share_of_the_years_end(
    row: dict[str, Any], action: dict[str, Any], dividend: str, payout: str
) -> None:
    on_last_day = dividends.of_year(row, [action])
    assert on_last_day is not None
    assert round(on_last_day, 2) == Decimal(dividend)
    place = Place(row["period_end_on"], "FY", "consolidated", "JGAAP")
    facts = assemble(Inputs([row], actions=[action]))[place]
    assert BY_NAME["payout_ratio"].compute(facts).value == Decimal(payout)


def test_the_yield_is_of_the_same_share_as_the_price() -> None:
    prices = [{"traded_on": END, "close": Decimal(5000)}]
    action = split(1, 10, date(2022, 10, 1))
    place = Place(END, "FY", "consolidated", "JGAAP")
    facts = assemble(Inputs([year("753", "630")], prices=prices, actions=[action]))[place]
    assert (facts[PRICE]["close_of_dividend"], facts[NOW]["dps_of_year"]) == (5000, 186)
    assert BY_NAME["dividend_yield"].compute(facts).value == Decimal("0.0372")


@pytest.mark.parametrize(
    ("annual", "interim", "effective_on", "dividend"),
    [
        ("90", "60", date(2022, 9, 30), 90),  # both of a share after the split
        ("90", "60", date(2022, 10, 1), 60),
        ("90", "60", date(2023, 3, 31), 60),
        ("90", "60", date(2023, 4, 1), 90),  # both of a share before it
        ("60", "90", date(2022, 10, 1), 60),  # the sum is told on the new shares already
        ("90", "90", date(2022, 10, 1), 45),
        ("90", "0", date(2022, 10, 1), 90),
        ("90", None, date(2022, 10, 1), 90),
        (None, "60", date(2022, 10, 1), None),
    ],
)  # fmt: skip
def test_a_split_counts_between_the_half_year_and_the_years_end(
    annual: str | None, interim: str | None, effective_on: date, dividend: int | None
) -> None:
    assert dividends.of_year(year(annual, interim), [split(1, 2, effective_on)]) == dividend


@pytest.mark.parametrize(
    ("annual", "interim", "effective_on", "of_year", "of_earnings"),
    [
        ("90", "60", date(2022, 10, 1), ("dps_annual", "dps_interim"), ("dps_annual", "dps_interim")),
        # After the year's end: earnings are told on the new shares by then, and both dividends were of old ones.
        ("90", "60", date(2023, 4, 1), (), ("dps_annual",)),
        ("90", "60", date(2022, 9, 30), (), ()),
        (None, "60", date(2022, 10, 1), (), ()),
    ],
)
def test_a_dividend_on_other_shares_is_made_of_what_the_statement_prints(
    annual: str | None,
    interim: str | None,
    effective_on: date,
    of_year: tuple[str, ...],
    of_earnings: tuple[str, ...],
) -> None:
    row = year(annual, interim, announced_on=date(2023, 6, 23))
    place = Place(END, "FY", "consolidated", "JGAAP")
    now = assemble(Inputs([row], actions=[split(1, 2, effective_on)]))[place][NOW]
    made_of = [dividends.made_of(name, now) for name in ("dps_of_year", "dps_of_earnings", "dps_annual")]
    assert made_of == [of_year, of_earnings, ()]


def test_two_splits_that_lead_back_to_the_printed_amount_are_still_what_it_is_reckoned_by() -> None:
    # One in two of the half year's shares, then three in two: 60 / 2 + 30 of the last day, which is 90 of June.
    splits_of_both = [split(1, 2, date(2022, 10, 1)), split(3, 2, date(2023, 4, 1), "reverse_split")]
    row = year("90", "60", announced_on=date(2023, 6, 23))
    place = Place(END, "FY", "consolidated", "JGAAP")
    now = assemble(Inputs([row], actions=splits_of_both))[place][NOW]
    assert (now["dps_of_year"], round(now["dps_of_earnings"], 4)) == (60, 90)
    assert dividends.made_of("dps_of_earnings", {**now, "dps_of_earnings": Decimal(90)}) == (
        "dps_annual",
        "dps_interim",
    )


@pytest.mark.parametrize(
    ("start", "half"),
    [
        (date(2022, 4, 1), date(2022, 9, 30)),
        (date(2022, 4, 21), date(2022, 10, 20)),
        (date(2022, 8, 31), date(2023, 2, 28)),
        (date(2022, 9, 1), date(2023, 2, 28)),
        (date(2023, 8, 29), date(2024, 2, 28)),
        (date(1, 1, 1), date(1, 6, 30)),
        (date(9999, 7, 1), date(9999, 12, 31)),
    ],
)
def test_half_a_year_ends_by_the_calendar_in_sql_as_well(
    connection: Connection, start: date, half: date
) -> None:
    row = connection.execute(
        text(f"SELECT {dividends.half_year_end_sql('d.day')} FROM (SELECT CAST(:day AS date) AS day) d"),
        {"day": start},
    )
    assert (dividends.half_year_end(start), row.scalar_one()) == (half, half)
