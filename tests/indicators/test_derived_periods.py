"""Twelve months and quarters of cumulative statements: which statements they are of, and their figures."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.indicators.test_periods import of, statement
from webapp.indicators import periods

# Source: EDINET (S100DG1P, S100BQDJ, S100EGU3, S100F3VO, S100DVLZ), Kurita Water Industries, in millions of yen.
KURITA = [
    statement(1, "FY", 2017, date(2018, 3, 31), revenue=236_815, profit_attributable_to_owners=17_897),
    statement(2, "Q2", 2017, date(2017, 9, 30), revenue=108_107, profit_attributable_to_owners=7_412),
    statement(3, "Q1", 2018, date(2018, 6, 30), revenue=64_349, profit_attributable_to_owners=915),
    statement(4, "Q2", 2018, date(2018, 9, 30), revenue=128_587, profit_attributable_to_owners=6_516),
    statement(5, "Q3", 2018, date(2018, 12, 31), revenue=193_723, profit_attributable_to_owners=12_938),
]
HALF, NINE = date(2018, 9, 30), date(2018, 12, 31)


def test_quarters_and_twelve_months_of_a_real_company_are_reckoned_of_its_cumulative_reports() -> None:
    derived = of(*KURITA)
    told = {
        (basis, day): (one["revenue"], one["profit_attributable_to_owners"], one["months"])
        for (basis, day), one in derived.items()
        if day in (HALF, NINE, date(2018, 6, 30))
    }
    assert told == {
        ("QTR", date(2018, 6, 30)): (64_349, 915, 3),
        ("TTM", date(2018, 6, 30)): (None, None, 3),  # no first quarter of the year before
        ("QTR", HALF): (64_238, 5_601, 6),
        ("TTM", HALF): (257_295, 17_001, 6),
        ("QTR", NINE): (65_136, 6_422, 9),
        ("TTM", NINE): (None, None, 9),
    }


@pytest.mark.parametrize(
    ("kind", "least", "most"),
    [("Q1", 77, 106), ("Q2", 168, 197), ("HY", 168, 197), ("Q3", 259, 288), ("FY", 351, 380)],
)
def test_a_period_has_fifteen_days_more_or_less_than_its_months(kind: str, least: int, most: int) -> None:
    def is_regular(days: int) -> bool:
        return periods.is_regular(statement(1, kind, 2024, date(2024, 4, 1) + timedelta(days=days - 1)))

    assert [is_regular(days) for days in (least - 1, least, most, most + 1)] == [False, True, True, False]


@pytest.mark.parametrize(("kind", "months"), [("Q1", 3), ("Q2", 6), ("HY", 6), ("Q3", 9), ("FY", 12)])
def test_reports_are_of_the_months_since_their_year_began(kind: str, months: int) -> None:
    assert periods.months({"period_type": kind}) == months


@pytest.mark.parametrize(
    ("changed", "number"),
    [
        ({"scope": "non_consolidated"}, 2),
        ({"accounting_standard": "IFRS"}, 2),
        ({"fiscal_year_start_on": date(2017, 3, 1)}, 2),
        ({"period_type": "Q1"}, 2),
        ({"is_current": False}, 2),
        ({"period_end_on": date(2017, 12, 31)}, 2),  # nine months that are called six
        ({"fiscal_year_end_on": date(2018, 3, 30)}, 1),
        ({"period_type": "Q3"}, 1),
        ({"scope": "non_consolidated"}, 1),
    ],
)
def test_twelve_months_lack_a_part_that_is_of_other_months_or_of_another_kind(
    changed: dict[str, Any], number: int
) -> None:
    rows = [row | changed if row["id"] == number else row for row in KURITA]
    assert of(*rows)["TTM", HALF]["revenue"] is None


@pytest.mark.parametrize(
    "changed",
    [
        {"scope": "non_consolidated"},
        {"accounting_standard": "IFRS"},
        {"fiscal_year_start_on": date(2018, 4, 2)},
        {"period_type": "Q1"},
        {"period_end_on": date(2018, 12, 31)},
    ],
)
def test_a_quarter_is_no_period_without_the_report_of_the_quarter_before(changed: dict[str, Any]) -> None:
    assert ("QTR", NINE) in of(*KURITA)
    assert ("QTR", NINE) not in of(KURITA[3] | changed, KURITA[4])


def test_a_year_is_its_own_period_and_no_derived_one() -> None:
    year = statement(1, "FY", 2023, date(2024, 3, 20), revenue=5, announced_on=date(2024, 5, 9))
    (one,) = periods.of(
        [year, year | {"id": 2, "is_current": False}, year | {"id": 3, "period_type": "Q4"}], []
    )
    assert (one["basis"], one["as_of_on"], one["dps_on"]) == ("FY", date(2024, 3, 31), date(2024, 3, 31))
    assert (one["months"], one["known_on"], one["parts"]) == (12, date(2024, 5, 9), (year,))


def test_what_a_derived_period_is_of_and_as_of_when() -> None:
    derived = of(*[row | {"dps_annual": 10 * row["id"]} for row in KURITA])
    trailing, quarter = derived["TTM", HALF], derived["QTR", HALF]
    assert [part and part["id"] for part in trailing["parts"]] == [4, 1, 2]
    assert [part and part["id"] for part in quarter["parts"]] == [4, None, 3]
    # Dividends are of a year; of three months there are none.
    assert (trailing["dps_annual"], trailing["dps_of_year"], trailing["dps_on"]) == (
        10,
        10,
        date(2018, 3, 31),
    )
    assert (quarter["dps_annual"], quarter["dps_of_year"], quarter["dps_on"]) == (None, None, HALF)
    assert trailing["known_on"] == HALF
    assert [(sign, part["id"]) for sign, part in periods.parts_of(quarter, "revenue")] == [(1, 4), (-1, 3)]
    assert [(sign, part["id"]) for sign, part in periods.parts_of(quarter, "total_assets")] == [(1, 4)]
    assert [(sign, part["id"]) for sign, part in periods.parts_of(quarter, "close")] == [(1, 4)]
    assert [(sign, part["id"]) for sign, part in periods.parts_of(trailing, "dps_annual")] == [(1, 1)]


@pytest.mark.parametrize("name", periods.OR_ZERO)
@pytest.mark.parametrize(
    ("year", "before", "now", "total"),
    [
        (5, 2, 4, 7),
        (None, 2, 4, 2),
        (5, None, 4, 9),
        (5, 2, None, 3),
        (None, None, None, None),
        (None, None, 0, 0),
    ],
)
def test_what_is_left_out_where_there_is_none_is_zero_unless_no_part_tells_of_it(
    name: str, year: int | None, before: int | None, now: int | None, total: int | None
) -> None:
    held = {1: year, 2: before, 4: now}
    rows = [row | {name: held[row["id"]]} for row in KURITA if row["id"] in held]
    assert of(*rows)["TTM", HALF][name] == total


@pytest.mark.parametrize(
    ("first", "second", "revenue"),
    [
        ((date(2018, 11, 8), 8), (date(2018, 11, 9), 7), 2),  # announced later
        ((None, 8), (date(2018, 11, 9), 7), 2),
        ((None, 7), (None, 8), 2),  # written later
        ((date(2018, 11, 9), 7), (date(2018, 11, 9), 8), 2),
    ],
)
def test_of_a_half_year_told_twice_what_was_announced_last_counts_and_then_what_was_written_last(
    first: tuple[date | None, int], second: tuple[date | None, int], revenue: int
) -> None:
    reports = [
        statement(number, kind, 2018, HALF, revenue=amount) | {"announced_on": announced_on}
        for (announced_on, number), kind, amount in ((first, "Q2", 1), (second, "HY", 2))
    ]
    opening = statement(1, "Q1", 2018, date(2018, 6, 30), revenue=0)
    for rows in (reports, reports[::-1]):
        assert of(opening, *rows)["QTR", HALF]["revenue"] == revenue
        assert of(*rows, KURITA[4])["QTR", NINE]["revenue"] == 193_723 - revenue


def test_earnings_per_share_are_put_on_the_shares_of_the_last_report_part_by_part() -> None:
    """One share into three on 1 July 2018: what was told before is of shares three times as large."""
    figures = {1: ("90", 100), 2: ("36", 100), 4: ("14", 300)}
    rows = [
        row | {"eps_basic": Decimal(figures[row["id"]][0]), "average_shares": figures[row["id"]][1]}
        for row in KURITA
        if row["id"] in figures
    ]
    split = {"kind": "split", "ratio_from": 1, "ratio_to": 3, "ex_on": date(2018, 7, 1), "effective_on": None}
    last = of(*rows, actions=[split])["TTM", HALF]
    assert last["eps_basic"] == 32  # 30 + 14 − 12
    assert last["average_shares"] == 300
    # As announced after the split they are told of small shares already.
    rows[1] = rows[1] | {"announced_on": date(2018, 7, 1)}
    later = of(*rows, actions=[split])["TTM", HALF]
    assert later["eps_basic"] == 8
    assert later["average_shares"] == 400  # (300 × 12 + 300 × 6 − 100 × 6) ÷ 12
    assert of(*[row | {"average_shares": None} for row in rows])["TTM", HALF]["average_shares"] is None


def test_average_shares_of_twelve_months_are_whole() -> None:
    counts = {1: 100, 2: 100, 4: 101}
    rows = [row | {"average_shares": counts[row["id"]]} for row in KURITA if row["id"] in counts]
    assert of(*rows)["TTM", HALF]["average_shares"] == 101  # 100.5
    quarter = [KURITA[2] | {"average_shares": 90}, KURITA[3] | {"average_shares": 96}]
    assert of(*quarter)["QTR", HALF]["average_shares"] == 102  # (96 × 6 − 90 × 3) ÷ 3
