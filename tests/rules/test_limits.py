"""To which side of which number a value of the master, a price, a count or a statement's days is refused."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from webapp.rules import (
    company,
    corporate_action,
    fields,
    filing,
    price,
    restatement,
    shares,
    statement,
)
from webapp.rules.people import account

MOST_SHARES = 2**53


@pytest.mark.parametrize(
    ("rule", "least", "most"),
    [
        (company.MONTH, 1, 12),
        (company.DAY, 1, 31),
        (shares.COUNT, 0, MOST_SHARES),
        (statement.COUNT, 0, MOST_SHARES),
        (price.VOLUME, 0, MOST_SHARES),
        (filing.SUBMISSION_NO, 1, 999_999),
        (statement.REVISION_NO, 0, 999),
        (statement.MAPPING_VERSION, 1, 9999),
        (statement.MONEY, -(10**20 - 1), 10**20 - 1),
        (statement.MONEY_NOT_NEGATIVE, 0, 10**20 - 1),
        (statement.MONEY_NOT_POSITIVE, -(10**20 - 1), 0),
        (statement.PER_SHARE, -(10**14 - 1), 10**14 - 1),
        (statement.RATIO, -(10**10 - 1), 10**10 - 1),
        (price.PRICE, 0, 10**10 - 1),
        (price.TURNOVER, 0, 10**20 - 1),
        (corporate_action.SHARES, 0, 10**12 - 1),
    ],
)
def test_a_number_lies_between_its_least_and_its_most(rule: fields.Between, least: int, most: int) -> None:
    refused = [rule.broken_by(number) is not None for number in (least - 1, least, most, most + 1)]
    assert refused == [True, False, False, True]


@pytest.mark.parametrize(
    ("rule", "places"),
    [
        (statement.MONEY, 0),
        (statement.PER_SHARE, 4),
        (statement.RATIO, 8),
        (price.PRICE, 4),
        (price.TURNOVER, 0),
        (corporate_action.SHARES, 6),
    ],
)
def test_a_number_has_the_decimals_of_its_column(rule: fields.Between, places: int) -> None:
    finest = Decimal(1).scaleb(-places)
    assert rule.broken_by(finest) is None
    assert rule.broken_by(finest / 10) is not None
    assert rule.broken_by(Decimal("1.000000000000")) is None
    assert rule.broken_by(Decimal("NaN")) is not None


@pytest.mark.parametrize(
    ("rule", "longest"),
    [
        (company.NAME, 200),
        (company.ADDRESS, 300),
        (company.DESCRIPTION, 4000),
        (account.NAME, 100),
        (shares.SOURCE, 200),
        (price.DATA_SOURCE, 60),
        (filing.DESCRIPTION, 200),
    ],
)
def test_a_text_has_so_many_characters_at_most(rule: fields.Text, longest: int) -> None:
    assert rule.broken_by("字" * longest) is None
    assert rule.broken_by("字" * (longest + 1)) is not None


def test_a_limit_is_said_where_somebody_who_types_may_meet_it() -> None:
    assert str(fields.Between(0, 1_000_000).hint()) == "0–1000000"
    assert fields.Between(0, 1_000_001).hint() is None
    assert fields.Between(None, 5).hint() is None
    assert fields.Between(0).hint() is None


def test_a_password_is_long_and_no_book() -> None:
    assert (account.SHORTEST_PASSWORD, account.LONGEST_PASSWORD) == (12, 128)  # OWASP ASVS 5.0, 6.2.1


def test_months_have_their_days() -> None:
    days = [company.last_day(month) for month in range(1, 13)]
    assert days == [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]


@pytest.mark.parametrize(
    ("month", "day", "is_sound"),
    [
        (2, 29, True), (2, 30, False), (2, 31, True), (4, 30, True), (6, 31, True), (11, 20, True),
        (None, None, True), (3, None, False), (None, 31, False),
    ],
)  # fmt: skip
def test_the_end_of_a_fiscal_year_is_a_day_of_its_month_or_31_for_the_last(
    month: int | None, day: int | None, is_sound: bool
) -> None:
    row = {"edinet_code": "E00001", "fiscal_year_end_month": month, "fiscal_year_end_day": day}
    assert (list(company.check(row)) == []) is is_sound


@pytest.mark.parametrize(
    ("row", "fields_found"),
    [
        ({"listed_on": date(2020, 1, 1), "delisted_on": date(2020, 1, 1)}, []),
        ({"listed_on": date(2020, 1, 2), "delisted_on": date(2020, 1, 1)}, ["delisted_on"]),
        ({"listing_status": "listed", "ticker_symbol": "7974", "edinet_code": None}, []),
        ({"listing_status": "unlisted"}, []),
        ({"listing_status": "ceased"}, []),
        ({"edinet_code": None}, [None]),
    ],
)
def test_days_and_codes_of_a_listing_agree(row: dict[str, Any], fields_found: list[str | None]) -> None:
    assert [one.field for one in company.check({"edinet_code": "E00001"} | row)] == fields_found


DAY = dict(zip(("open", "high", "low", "close", "volume"), (5, 7, 3, 6, 1), strict=True))


@pytest.mark.parametrize(
    ("changed", "fields_found"),
    [
        ({}, []),
        ({"low": 5}, []),
        ({"low": 6}, ["low"]),  # above the open
        ({"close": 2}, ["low"]),
        ({"high": 6}, []),
        ({"high": 5}, ["high"]),  # below the close
        ({"open": 8}, ["high"]),
        ({"close": None}, [None]),
        ({"open": None, "high": None, "low": None}, [None]),
        ({"volume": 0}, []),
        (dict.fromkeys(("open", "high", "low", "close")), ["volume"]),
        (dict.fromkeys(("open", "high", "low", "close")) | {"volume": 0}, []),
        (dict.fromkeys(("open", "high", "low", "close"), 0), ["open", "high", "low", "close"]),
    ],
)
def test_the_prices_of_a_day_are_four_in_their_order_above_zero(
    changed: dict[str, int | None], fields_found: list[str | None]
) -> None:
    assert [one.field for one in price.check(DAY | changed)] == fields_found


@pytest.mark.parametrize(
    ("kind", "before", "after", "is_sound"),
    [
        ("split", 1, 2, True), ("split", 1, 1, False), ("split", 2, 1, False),
        ("reverse_split", 10, 1, True), ("reverse_split", 1, 1, False), ("reverse_split", 1, 2, False),
        ("allotment", 1, 1, True), ("split", 0, 2, False), ("merger", 1, 0, False),
        ("split", None, None, False), ("reverse_split", None, None, False), ("allotment", None, None, False),
        ("rights", None, None, True), ("exchange", None, 1, False), ("spin_off", 1, None, False),
    ],
)  # fmt: skip
def test_a_split_makes_more_shares_and_drawing_together_fewer(
    kind: str, before: int | None, after: int | None, is_sound: bool
) -> None:
    assert (
        list(corporate_action.check({"kind": kind, "ratio_from": before, "ratio_to": after})) == []
    ) is is_sound


def test_an_action_takes_effect_on_its_ex_date_at_the_earliest() -> None:
    row = {"kind": "merger", "ex_on": date(2024, 3, 28), "effective_on": date(2024, 3, 28)}
    assert list(corporate_action.check(row)) == []
    earlier = corporate_action.check(row | {"effective_on": date(2024, 3, 27)})
    assert [one.field for one in earlier] == ["effective_on"]


@pytest.mark.parametrize(("first", "last", "is_sound"), [(1, 1, True), (2, 1, False), (1, 2, True)])
def test_a_period_may_be_a_day_and_no_less(first: int, last: int, is_sound: bool) -> None:
    start, end = date(2024, 4, first), date(2024, 4, last)
    one = {"period_start_on": start, "period_end_on": end}
    years = {"fiscal_year_start_on": date(2024, 4, 1), "fiscal_year_end_on": date(2024, 4, 2)}
    for refused in (filing.check(one), (said for said in statement.check(years | one) if said.is_blocking)):
        assert (list(refused) == []) is is_sound
    year = {"fiscal_year_start_on": start, "fiscal_year_end_on": end}
    assert (not any(said.is_blocking for said in statement.check(year))) is is_sound


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("105", "100", "SPL"), ("104.9", "100", "RES"), ("100", "105", "SPL"), ("100", "104.9", "RES"),
        ("100", "-20", "RES"), ("0", "5", "RES"),
    ],
)  # fmt: skip
def test_a_split_changes_figures_of_a_share_by_a_twentieth_at_least(
    before: str, after: str, kind: str
) -> None:
    assert restatement.class_of({"bps": (Decimal(before), Decimal(after))}, "JGAAP") == kind


@pytest.mark.parametrize(
    ("bps", "kind"), [("200.00", "SPL"), ("200.01", "SPL"), ("200.07", "RES"), ("199.93", "RES")]
)
def test_figures_of_a_share_follow_a_split_to_a_hundredth_of_a_yen(bps: str, kind: str) -> None:
    changed = {"eps_basic": (Decimal(5000), Decimal(1000)), "bps": (Decimal(1000), Decimal(bps))}
    assert restatement.class_of(changed, "JGAAP") == kind


def test_characters_are_counted_from_one() -> None:
    hidden, lost = fields.unseen("ab\u200bc"), fields.unseen(f"ab{fields.LOST}")
    assert hidden is not None
    assert lost is not None
    assert (hidden.params, lost.params) == ({"code": "200B", "place": 3}, {"place": 3})


def test_of_a_company_only_its_description_is_typed_in_several_lines() -> None:
    texts = (company.DESCRIPTION, company.NAME, company.ADDRESS)
    assert [text.is_long for text in texts] == [True, False, False]
